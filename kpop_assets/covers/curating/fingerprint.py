"""Perceptual hashes of covers."""

from collections.abc import Sequence

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image


def perceptual_hash(image: Image.Image) -> str:
    """Return the 64-bit DCT hash of the picture as 16 hexadecimal digits (imagehash `phash`).

    32 of its bits are ones, since each says whether a frequency is above the median: the distance
    of two hashes is an even number of bits.
    """
    return str(imagehash.phash(image))


def hash_codes(hashes: Sequence[str]) -> NDArray[np.uint64]:
    """Return perceptual hashes of 16 hexadecimal digits as uint64 (N,)."""
    return np.array([int(value, 16) for value in hashes], dtype=np.uint64)
