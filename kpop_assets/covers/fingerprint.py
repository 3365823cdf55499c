"""Perceptual hashes of covers and near-duplicates."""

import imagehash
import numpy as np
from numpy.typing import NDArray
from PIL import Image

NEAR_DUPLICATE_BITS = 8


def perceptual_hash(image: Image.Image) -> str:
    """Return the 64-bit DCT hash of the picture as 16 hexadecimal digits (imagehash `phash`)."""
    return str(imagehash.phash(image))


def nearest_earlier(
    hashes: list[str], always_kept: int = 0, threshold: int = NEAR_DUPLICATE_BITS
) -> list[int | None]:
    """Return, for each perceptual hash, the index of the earlier kept one it nearly equals.

    Walks the list in order; a picture is kept (None) when no kept one before it lies within
    `threshold` differing bits, otherwise it is the near-duplicate of the nearest kept one. The
    first `always_kept` pictures stay to be compared with even when they repeat an earlier one.
    """
    codes = np.array([int(value, 16) for value in hashes], dtype=np.uint64)
    kept: list[int] = []
    kept_codes: NDArray[np.uint64] = np.empty(len(codes), dtype=np.uint64)
    result: list[int | None] = []
    for index, code in enumerate(codes):
        distances = np.bitwise_count(kept_codes[: len(kept)] ^ code)
        repeats = len(kept) > 0 and distances.min() <= threshold
        result.append(kept[int(distances.argmin())] if repeats else None)
        if not repeats or index < always_kept:
            kept_codes[len(kept)] = code
            kept.append(index)
    return result
