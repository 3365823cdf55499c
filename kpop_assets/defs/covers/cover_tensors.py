"""Cover tensors of each cover set."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

import dagster as dg
from pydantic import Field

from kpop_assets.covers.square import Squaring
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.covers.square_covers import COVER_PIXELS, write_covers
from kpop_assets.defs.generators.generated_checks import (
    COVERS_ARE_ENOUGH,
    PICTURES_SHOW_SOMETHING,
    enough_covers,
    pictures_that_show_something,
)
from kpop_assets.defs.partitions import COVER_SET_PARTITIONS
from kpop_assets.defs.previews import picture_previews
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import Inputs, unless_unchanged
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import (
    DamagedArtifactError,
    MissingArtifactError,
    UnreadableArtifactError,
)
from kpop_assets.store.tables import Table

CODE_VERSION = "2"
SKIPPED_SHOWN = 50


class TensorConfig(dg.Config):
    """How covers become square."""

    squaring: Squaring = Field(
        Squaring.crop,
        description="crop keeps the centre square; squash ignores the aspect ratio, as the "
        "original did; pad keeps the whole picture on white.",
    )


def _missing_pictures(given: Inputs) -> list[str]:
    """Return the pictures of the catalog that would be skipped, and are not once they are back."""
    from kpop_assets.store.stored_pictures import damaged_pictures

    return sorted(damaged_pictures(given["store"].open(), given["cover_catalog"]["hash"]))


@dg.asset(
    group_name="covers",
    kinds={"parquet", "image"},
    code_version=CODE_VERSION,
    partitions_def=COVER_SET_PARTITIONS,
    check_specs=[COVERS_ARE_ENOUGH, PICTURES_SHOW_SOMETHING],
    automation_condition=WHEN_CONTENT_CHANGED,
)
@unless_unchanged(_missing_pictures)
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
    from kpop_assets.covers.curating.catalog import covers_of_set

    cover_set = context.partition_key
    open_store = store.open()
    path = tensor_path(open_store, cover_set)
    members = covers_of_set(cover_catalog, cover_set)
    covers = write_covers(open_store, members, config.squaring, path, cover_set, context.log.info)
    context.log.info(
        f"{cover_set}: {len(covers.hashes)} covers at {COVER_PIXELS}x{COVER_PIXELS} pixels, "
        f"{len(covers.skipped)} skipped"
    )
    content = json.dumps([CODE_VERSION, config.squaring, covers.hashes])
    return dg.MaterializeResult(
        data_version=dg.DataVersion(hashlib.sha256(content.encode()).hexdigest()),
        metadata={
            **picture_previews(open_store, covers.hashes, f"{cover_set} covers"),
            "covers": len(covers.hashes),
            "skipped": len(covers.skipped),
            "skipped_pictures": dict(list(covers.skipped.items())[:SKIPPED_SHOWN]),
            "squaring": config.squaring.value,
            "file": dg.MetadataValue.path(str(path)),
            "megabytes": round(path.stat().st_size / 1e6, 1),
            "sites": covers.sites,
        },
        check_results=[
            enough_covers(len(covers.hashes)),
            pictures_that_show_something(covers.plain),
        ],
    )


def tensor_path(store: Store, cover_set: str) -> Path:
    """Return where the tensor file of a cover set lies."""
    return store.folder("cover_tensors", cover_set) / "covers.parquet"


@contextmanager
def opened_tensors(store: Store, cover_set: str) -> Iterator[BinaryIO]:
    """Open the tensor file of a cover set, once it is known to be as it was written for that set.

    Raises MissingArtifactError, UnreadableArtifactError, DamagedArtifactError when it is of another
    set, CoverTensorsError when it is damaged.
    """
    from kpop_assets.covers.tensors import cover_set_of_tensors

    path, asset = tensor_path(store, cover_set), f"cover_tensors [{cover_set}]"
    try:
        file = path.open("rb")
    except FileNotFoundError as error:
        raise MissingArtifactError(path, asset) from error
    except OSError as error:
        raise UnreadableArtifactError(path, asset, error) from error
    with file:
        if (written_for := cover_set_of_tensors(file)) not in ("", cover_set):
            raise DamagedArtifactError(path, asset, f"it is that of the set {written_for}")
        yield file
