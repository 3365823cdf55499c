"""Pictures of one channel with more than 8 bits, brought to 8.

The range of levels comes from the format: a dark picture stays dark. Of floating point numbers the
format says nothing. By convention 1 is white; where more than one pixel in a hundred is above 1,
255 is, or 65535 by the same rule.
"""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.covers.decoding.stripping.tiff import holds_signed, tiff_tag

BITS_PER_SAMPLE, PHOTOMETRIC = 258, 262
WHITE_IS_ZERO = 0
FLOAT_WHITES = (1.0, 255.0, 65535.0)
MOST_ABOVE_WHITE = 0.01
AT_A_TIME = 2**20
"""Pixels that are scaled at a time."""


def eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of mode I, I;16 or F in mode L, in LA where one level is transparent.

    A signed range begins at black. No number is black, what is beyond the range is cut off.
    """
    black, white = _range(image)
    transparent = image.info.get("transparency")
    scaled = Image.new("L" if transparent is None else "LA", image.size)
    rows = max(1, AT_A_TIME // image.width)
    for top in range(0, image.height, rows):
        levels = _levels(image, top, min(top + rows, image.height))
        shares = (
            np.nan_to_num(levels, nan=black).clip(min(black, white), max(black, white)) - black
        ) / (white - black)
        grey = (shares * 255).round().astype(np.uint8)
        if transparent is not None:
            grey = np.dstack([grey, np.where(levels == transparent, 0, 255).astype(np.uint8)])
        scaled.paste(Image.fromarray(grey), (0, top))
    return scaled


def _levels(image: Image.Image, top: int, bottom: int) -> NDArray[np.float64]:
    levels = np.asarray(image.crop((0, top, image.width, bottom)))
    if image.mode == "I" and not holds_signed(image):
        levels = levels.view(np.uint32)
    return levels.astype(np.float64)


def _range(image: Image.Image) -> tuple[float, float]:
    """The levels of black and white."""
    if image.mode == "F":
        black, white = 0.0, _float_white(image)
    else:
        highest = 2.0 ** tiff_tag(image, BITS_PER_SAMPLE, 32 if image.mode == "I" else 16)
        black, white = 0.0, highest - 1
        if holds_signed(image):
            black, white = -highest / 2, highest / 2 - 1
    if tiff_tag(image, PHOTOMETRIC, 1) == WHITE_IS_ZERO:
        return white, black
    return black, white


def _float_white(image: Image.Image) -> float:
    above = dict.fromkeys(FLOAT_WHITES, 0)
    rows = max(1, AT_A_TIME // image.width)
    for top in range(0, image.height, rows):
        levels = _levels(image, top, min(top + rows, image.height))
        for white in FLOAT_WHITES:
            above[white] += int(np.count_nonzero(levels[np.isfinite(levels)] > white))
    most = MOST_ABOVE_WHITE * image.width * image.height
    return next((white for white in FLOAT_WHITES if above[white] <= most), FLOAT_WHITES[-1])
