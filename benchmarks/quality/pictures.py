"""Pictures for the quality benchmark: folders of covers and the grids that the original printed."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.covers.decode import UnreadablePictureError, decoded_cover
from kpop_assets.covers.square import squared

Pictures = NDArray[np.uint8]
PUBLISHED_CELL = 64
PUBLISHED_GAP = 2


def covers_in(folder: Path, image_size: int) -> Pictures:
    """Return the covers of a folder in the order of their names, uint8 (N, S, S, 3).

    What is no picture is left out. Raises SystemExit when nothing is left.
    """
    covers = []
    for path in sorted(path for path in folder.iterdir() if path.is_file()):
        try:
            covers.append(np.asarray(squared(decoded_cover(path.read_bytes()), image_size)))
        except UnreadablePictureError:
            continue
    if not covers:
        raise SystemExit(f"expected covers in {folder}, found none; name another folder")
    return np.stack(covers)


def brought_to(pictures: Pictures, image_size: int) -> Pictures:
    """Return square pictures, uint8 (N, h, h, 3), at another size."""
    return np.stack(
        [np.asarray(squared(Image.fromarray(picture), image_size)) for picture in pictures]
    )


def published_samples(folder: Path) -> dict[str, Pictures]:
    """Return the samples in the original's grids by run, each uint8 (N, 64, 64, 3).

    The grids of run popular16 are popular16_*: cells of 64 pixels in any number of rows and
    columns, 2 pixels apart and from the border.
    """
    runs: dict[str, list[Pictures]] = {}
    for path in sorted(folder.glob("*_*")):
        grid = np.asarray(decoded_cover(path.read_bytes()))
        runs.setdefault(path.name.partition("_")[0], []).append(cells(grid))
    return {run: np.concatenate(grids) for run, grids in runs.items()}


def cells(grid: Pictures) -> Pictures:
    """Return the cells of one grid (H, W, 3), row by row, uint8 (N, 64, 64, 3)."""
    step = PUBLISHED_CELL + PUBLISHED_GAP
    places = [range(PUBLISHED_GAP, side - PUBLISHED_CELL + 1, step) for side in grid.shape[:2]]
    return np.stack(
        [
            grid[top : top + PUBLISHED_CELL, left : left + PUBLISHED_CELL]
            for top in places[0]
            for left in places[1]
        ]
    )
