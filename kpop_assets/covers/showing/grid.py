"""Pictures laid out in a grid, and as PNG: contact sheets and progress frames."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

GAP = 2
"""Pixels of white between two pictures of a grid."""


def cover_grid(pictures: NDArray[np.uint8], columns: int, gap: int = GAP) -> NDArray[np.uint8]:
    """Return the pictures in rows of `columns`, `gap` pixels apart on white.

    `pictures` is uint8 (N, h, w, 3) with N >= 1; the result is uint8 (H, W, 3). A last row that
    is not full stays white at its end. Raises `ValueError` for another shape or `columns` < 1.
    """
    if pictures.ndim != 4 or pictures.shape[0] < 1 or pictures.shape[3] != 3 or columns < 1:
        raise ValueError(
            f"expected pictures of shape (N>=1, h, w, 3) and columns >= 1, "
            f"got {pictures.shape} and {columns}"
        )
    count, height, width, _ = pictures.shape
    columns = min(columns, count)
    rows = -(-count // columns)
    sheet = np.full(
        (rows * (height + gap) - gap, columns * (width + gap) - gap, 3), 255, dtype=np.uint8
    )
    for index, picture in enumerate(pictures):
        top = (index // columns) * (height + gap)
        left = (index % columns) * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return sheet


def grid_pictures(
    grid: NDArray[np.uint8], side: int, gap: int = GAP
) -> tuple[NDArray[np.uint8], int]:
    """Return the pictures of a full grid, uint8 (N, side, side, 3), and its number of columns.

    Undoes `cover_grid`. Raises `ValueError` for a grid of other pictures.
    """
    cell = side + gap
    rows, columns = (grid.shape[0] + gap) // cell, (grid.shape[1] + gap) // cell
    expected = (rows * cell - gap, columns * cell - gap, 3)
    if side < 1 or grid.shape != expected or not rows * columns:
        raise ValueError(
            f"expected a grid of pictures of {side} pixels, {gap} apart, got shape {grid.shape}"
        )
    padded = np.pad(grid, ((0, gap), (0, gap), (0, 0)))
    cells = padded.reshape(rows, cell, columns, cell, 3).swapaxes(1, 2)
    return cells[:, :, :side, :side].reshape(-1, side, side, 3), columns


def png_bytes(picture: NDArray[np.uint8]) -> bytes:
    """Return the uint8 (H, W, 3) picture as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()
