"""All pairs of 64-bit hashes that nearly equal each other, without comparing all pairs."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

BAND_BITS = (22, 22, 20)
CHUNK = 1 << 16
"""How many keys are looked up, or hashes compared, at once: a few megabytes in work."""

Codes = NDArray[np.uint64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class NearPairs:
    """Pairs of hashes by index, `first` < `second`, sorted, and their distances in bits."""

    first: Indices
    second: Indices
    distance: NDArray[np.uint8]


def near_pairs(codes: Codes, threshold: int) -> NearPairs:
    """Return every pair of `codes` at most `threshold` differing bits apart; none is missed.

    `codes` is uint64 (N,). The hashes are cut into three bands. Two hashes within the threshold are
    near in one band at least (pigeonhole: at a threshold of 8 within 2 bits, since 3 bits in each
    band make 9), so each band is indexed, and for every hash the keys near its own are looked up
    (multi-index hashing, Norouzi, Punjani and Fleet, 2012). Up to some 100,000 hashes time grows
    with N and the number of pairs found; where there are fewer hashes than keys to look up for
    each, all pairs are compared. Repeated codes make many pairs: give distinct ones. Raises
    `ValueError` for a threshold outside 0 to 64.
    """
    if not 0 <= threshold <= 64:
        raise ValueError(f"expected a threshold from 0 to 64 bits, got {threshold}")
    bands = _bands(threshold)
    lookups = sum(comb(bits, k) for _, bits, radius in bands for k in range(radius + 1))
    search = _compared(codes, threshold)
    if lookups < len(codes):
        search = (pair for band in bands for pair in _looked_up(codes, threshold, *band))
    found = [
        np.minimum(left, right) * len(codes) + np.maximum(left, right) for left, right in search
    ]
    pairs = np.unique(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)
    first, second = np.divmod(pairs, max(len(codes), 1))
    return NearPairs(first, second, np.bitwise_count(codes[first] ^ codes[second]))


def _bands(threshold: int) -> list[tuple[int, int, int]]:
    """Return shift, bits and radius of each band that must be searched.

    The radii, each plus one, add up to the threshold plus one.
    """
    radius, more = divmod(threshold, len(BAND_BITS))
    bands = []
    shift = 0
    for band, bits in enumerate(BAND_BITS):
        reach = radius if band <= more else radius - 1
        if reach >= 0:
            bands.append((shift, bits, min(reach, bits)))
        shift += bits
    return bands


def _compared(codes: Codes, threshold: int) -> Iterator[tuple[Indices, Indices]]:
    at_once = max(1, CHUNK // max(len(codes), 1))
    for start in range(0, len(codes), at_once):
        rows = codes[start : start + at_once]
        near = np.bitwise_count(rows[:, None] ^ codes[None, start:]) <= threshold
        left, right = np.nonzero(np.triu(near, 1))
        yield left + start, right + start


def _looked_up(
    codes: Codes, threshold: int, shift: int, bits: int, radius: int
) -> Iterator[tuple[Indices, Indices]]:
    keys = ((codes >> np.uint64(shift)) & np.uint64((1 << bits) - 1)).astype(np.int64)
    order = np.argsort(keys, kind="stable")
    keys, codes = keys[order], codes[order]
    next_is_same = np.append(keys[:-1] == keys[1:], False)
    place = np.zeros(1 << bits, dtype=np.int32)
    place[keys[::-1]] = np.arange(len(keys), 0, -1)
    taken = place.astype(np.bool_)

    def within(left: Indices, right: Indices) -> Iterator[tuple[Indices, Indices]]:
        """Check each left hash against the right one and those after it with the same key."""
        while len(left):
            near = np.flatnonzero(np.bitwise_count(codes[left] ^ codes[right]) <= threshold)
            yield order[left[near]], order[right[near]]
            more = np.flatnonzero(next_is_same[right])
            left, right = left[more], right[more] + 1

    same = np.flatnonzero(next_is_same)
    yield from within(same, same + 1)
    for highest in range(bits if radius else 0):
        lower = np.flatnonzero(keys >> highest & 1 == 0)
        own = keys[lower]
        flips = _flips(highest, radius)
        at_once = max(1, CHUNK // max(len(lower), 1))
        for start in range(0, len(flips), at_once):
            wanted = (own ^ flips[start : start + at_once, None]).ravel()
            hits = np.flatnonzero(taken[wanted])
            right = place[wanted[hits]] - 1
            yield from within(lower[hits if at_once == 1 else hits % len(lower)], right)


def _flips(highest: int, radius: int) -> Indices:
    """Return the masks of at most `radius` bits whose highest bit is this one.

    Only keys without that bit are changed by them, so that each pair of keys comes up once.
    """
    return np.array(
        [
            (1 << highest) | sum(1 << bit for bit in lower)
            for count in range(radius)
            for lower in combinations(range(highest), count)
        ],
        dtype=np.int64,
    )
