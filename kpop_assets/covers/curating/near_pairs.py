"""All pairs of 64-bit hashes that nearly equal each other."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AT_ONCE = 1 << 16
"""How many pairs are compared at once: half a megabyte."""

Codes = NDArray[np.uint64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class NearPairs:
    """Pairs of hashes by index, `first` < `second`, sorted, and their distances in bits."""

    first: Indices
    second: Indices
    distance: NDArray[np.uint8]


def near_pairs(codes: Codes, threshold: int) -> NearPairs:
    """Return every pair of `codes`, uint64 (N,), at most `threshold` differing bits apart.

    Repeated codes make many pairs: give distinct ones. Raises `ValueError` for a threshold outside
    0 to 64.
    """
    if not 0 <= threshold <= 64:
        raise ValueError(f"expected a threshold from 0 to 64 bits, got {threshold}")
    found = [np.empty((2, 0), dtype=np.int64)]
    rows = max(1, AT_ONCE // max(len(codes), 1))
    for start in range(0, len(codes), rows):
        apart = np.bitwise_count(codes[start : start + rows, None] ^ codes[start:])
        pairs = np.argwhere(apart <= threshold).T
        found.append(start + pairs[:, pairs[0] < pairs[1]])
    first, second = np.concatenate(found, axis=1)
    return NearPairs(first, second, np.bitwise_count(codes[first] ^ codes[second]))
