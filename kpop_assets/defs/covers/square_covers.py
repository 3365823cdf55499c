"""The covers of catalog rows as a tensor file."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.covers.parallel import map_pictures
from kpop_assets.covers.sets import EmptyCoverSetError
from kpop_assets.covers.square import Squaring, squared
from kpop_assets.defs.progress import with_progress
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import StoredPictureError
from kpop_assets.store.files import atomic_file
from kpop_assets.store.stored_pictures import opened_picture

if TYPE_CHECKING:
    import pandas as pd

COVER_PIXELS = 512
MOST_PLAIN_STEP = 4
"""Levels of 255 within which all pixels of a plain cover lie."""


@dataclass(frozen=True)
class WrittenCovers:
    """The hashes of the covers in a tensor file, and why others were skipped, by hash.

    `plain` are those that are one colour.
    """

    hashes: list[str]
    plain: list[str]
    skipped: dict[str, str]
    sites: str


def write_covers(
    store: Store,
    members: "pd.DataFrame",
    squaring: Squaring,
    path: Path,
    name: str,
    log: Callable[[str], object] = lambda _: None,
    size: int = COVER_PIXELS,
) -> WrittenCovers:
    """Write the pictures of the catalog rows `members`, of the set `name`, as squares to `path`.

    They have `size` pixels a side, made from squares of COVER_PIXELS: what a training of that size
    makes of these itself. Made by all cores, a batch at a time. A picture that is gone from the
    store or not as it was stored is skipped. `log` is told how far it is. Raises
    EmptyCoverSetError when all are skipped.
    """
    from kpop_assets.covers.tensors import write_cover_tensors

    sites = ", ".join(sorted(members["sites"].unique()))
    written: list[str] = []
    plain: list[str] = []
    skipped: dict[str, str] = {}

    def square(picture: str) -> NDArray[np.uint8] | StoredPictureError:
        try:
            return _square_cover(store, picture, squaring, size)
        except StoredPictureError as error:
            return error

    def squares() -> Iterator[tuple[str, NDArray[np.uint8]]]:
        pictures = members["hash"].tolist()
        covers = with_progress(
            map_pictures(square, pictures), len(pictures), "covers made square", log
        )
        for picture, cover in zip(pictures, covers, strict=True):
            if isinstance(cover, StoredPictureError):
                skipped[picture] = cover.reason
            else:
                written.append(picture)
                if _is_plain(cover):
                    plain.append(picture)
                yield picture, cover

    with atomic_file(path) as file:
        write_cover_tensors(squares(), file, size, sites, cover_set=name)
        if not written:
            raise EmptyCoverSetError(
                f"expected readable pictures for the set {name!r}, but all {len(skipped)} "
                "were skipped; materialize melon_covers and crawled_covers, or folder_covers, again"
            )
    return WrittenCovers(written, plain, skipped, sites)


def _is_plain(cover: NDArray[np.uint8]) -> bool:
    # One axis after the other: both at once take 13 ms for 512 pixels, these 0.1 ms.
    steps = cover.max(axis=0).max(axis=0) - cover.min(axis=0).min(axis=0)
    return bool((steps <= MOST_PLAIN_STEP).all())


def _square_cover(store: Store, name: str, squaring: Squaring, size: int) -> NDArray[np.uint8]:
    square = squared(opened_picture(store, name), COVER_PIXELS, squaring)
    return np.asarray(square.resize((size, size), Image.Resampling.LANCZOS))
