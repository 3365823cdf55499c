"""Small pictures enlarged for people to look at: by a whole number, so that none is resampled
unevenly, with Lanczos, so that none shows its pixels."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.covers.showing.grid import GAP, cover_grid, grid_pictures

SHEET_COVER_PIXELS = 128
"""Covers on a sheet have at least this side."""
FILM_PIXELS = 512
"""Films have at least this width and height."""


def enlarged(pictures: NDArray[np.uint8], times: int) -> NDArray[np.uint8]:
    """Return the pictures, uint8 (N, h, w, 3), with `times` their width and height."""
    if times == 1:
        return pictures
    height, width = pictures.shape[1] * times, pictures.shape[2] * times
    lanczos = Image.Resampling.LANCZOS
    return np.stack(
        [np.asarray(Image.fromarray(one).resize((width, height), lanczos)) for one in pictures]
    )


def enlarged_for_sheet(pictures: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return square pictures, uint8 (N, S, S, 3), with a side of SHEET_COVER_PIXELS or more."""
    return enlarged(pictures, times_to(SHEET_COVER_PIXELS, pictures.shape[1]))


def enlarged_grid(
    grid: NDArray[np.uint8], side: int, times: int | None = None
) -> NDArray[np.uint8]:
    """Return a grid of pictures of `side` pixels anew, `times` as large.

    Without `times` it gets FILM_PIXELS or more on each side.

    Each picture is enlarged by itself, so that the white between two does not ring into them.
    Raises `ValueError` for what `cover_grid` did not make of such pictures.
    """
    pictures, columns = grid_pictures(grid, side)
    times = times or times_to(FILM_PIXELS, min(grid.shape[:2]))
    return cover_grid(enlarged(pictures, times), columns, GAP * times)


def times_to(least: int, pixels: int) -> int:
    """Return the smallest whole number by which `pixels` become `least` or more."""
    return max(1, -(-least // pixels))
