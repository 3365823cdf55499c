"""Cover tensors of each cover set."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import dagster as dg
import numpy as np
from numpy.typing import NDArray

from kpop_assets.assets.previews import picture_previews
from kpop_assets.automation import WHEN_CONTENT_CHANGED
from kpop_assets.config import TensorConfig
from kpop_assets.covers.decode import UnreadablePictureError, decoded_cover
from kpop_assets.covers.parallel import in_parallel
from kpop_assets.covers.sets import EmptyCoverSetError
from kpop_assets.covers.square import Squaring, squared
from kpop_assets.partitions import COVER_SET_PARTITIONS
from kpop_assets.storage import StoreResource
from kpop_assets.store import Store, atomic_file
from kpop_assets.tables import Table

COVER_PIXELS = 512
CODE_VERSION = "2"


@dg.asset(
    group_name="covers",
    kinds={"parquet", "image"},
    code_version=CODE_VERSION,
    partitions_def=COVER_SET_PARTITIONS,
    automation_condition=WHEN_CONTENT_CHANGED,
)
def cover_tensors(
    context: dg.AssetExecutionContext,
    config: TensorConfig,
    cover_catalog: Table,
    store: StoreResource,
) -> dg.MaterializeResult:
    """The covers of a set as 512x512x3 uint8 RGB, in a Parquet file with a tensor column.

    Made by all cores, written and read a batch at a time. A picture that is gone from the store or
    unreadable there is skipped and counted.
    """
    from kpop_assets.covers.catalog import covers_of_set
    from kpop_assets.covers.tensors import write_cover_tensors

    cover_set = context.partition_key
    open_store = store.open()
    members = covers_of_set(cover_catalog, cover_set)
    sites = ", ".join(sorted(members["sites"].unique()))
    written: list[str] = []
    skipped: dict[str, str] = {}

    def square(name: str) -> NDArray[np.uint8] | UnreadablePictureError:
        try:
            return _square_cover(open_store, name, cast(Squaring, config.squaring))
        except UnreadablePictureError as error:
            return error

    def squares() -> Iterator[tuple[str, NDArray[np.uint8]]]:
        names = members["hash"].tolist()
        for name, cover in zip(names, in_parallel(square, names), strict=True):
            if isinstance(cover, UnreadablePictureError):
                skipped[name] = cover.reason
            else:
                written.append(name)
                yield name, cover

    path = tensor_path(open_store, cover_set)
    with atomic_file(path) as file:
        write_cover_tensors(squares(), file, COVER_PIXELS, sites)
        if not written:
            raise EmptyCoverSetError(
                f"expected readable pictures for the set {cover_set!r}, but all {len(skipped)} "
                "were skipped; materialize melon_covers and crawled_covers, or folder_covers, again"
            )
    context.log.info(
        f"{cover_set}: {len(written)} covers at {COVER_PIXELS}x{COVER_PIXELS} pixels, "
        f"{len(skipped)} skipped"
    )
    content = json.dumps([CODE_VERSION, config.squaring, written])
    return dg.MaterializeResult(
        data_version=dg.DataVersion(hashlib.sha256(content.encode()).hexdigest()),
        metadata={
            **picture_previews(open_store, written, f"{cover_set} covers"),
            "covers": len(written),
            "skipped": len(skipped),
            "skipped_pictures": skipped,
            "squaring": config.squaring,
            "file": dg.MetadataValue.path(path),
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "sites": sites,
        },
    )


def tensor_path(store: Store, cover_set: str) -> Path:
    """Return where the tensor file of a cover set lies."""
    return store.folder("cover_tensors", cover_set) / "covers.parquet"


def _square_cover(store: Store, name: str, squaring: Squaring) -> NDArray[np.uint8]:
    try:
        content = store.picture(name).read_bytes()
    except FileNotFoundError as error:
        raise UnreadablePictureError("it is no longer in the store") from error
    return np.asarray(squared(decoded_cover(content), COVER_PIXELS, squaring))
