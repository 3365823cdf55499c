"""Pictures laid out in a grid, and as PNG: contact sheets and progress frames."""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image


def cover_grid(pictures: NDArray[np.uint8], columns: int, gap: int = 2) -> NDArray[np.uint8]:
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


def png_bytes(picture: NDArray[np.uint8]) -> bytes:
    """Return the uint8 (H, W, 3) picture as PNG."""
    buffer = io.BytesIO()
    Image.fromarray(picture).save(buffer, "PNG")
    return buffer.getvalue()
