"""All pairs of 64-bit hashes that nearly equal each other."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

BANDS, BAND_BITS = 4, 16
FARTHEST = 16
"""The largest threshold: four bits more make four to nine times as many bands near."""
AT_ONCE = 1 << 16
"""About how many pairs are compared at once: half a megabyte."""

Codes = NDArray[np.uint64]
Indices = NDArray[np.int64]


@dataclass(frozen=True)
class NearPairs:
    """Pairs of hashes by index, `first` < `second`, sorted, and their distances in bits.

    `compared` says how many pairs were looked at to find them.
    """

    first: Indices
    second: Indices
    distance: NDArray[np.uint8]
    compared: int


def near_pairs(codes: Codes, threshold: int) -> NearPairs:
    """Return every pair of `codes`, uint64 (N,), at most `threshold` differing bits apart.

    Multi-index hashing (Norouzi, Punjani and Fleet 2012): of two near hashes one of four bands of
    16 bits differs in a quarter of the threshold at most, so that only hashes whose band is that
    near are compared. Repeated codes make many pairs: give distinct ones. Raises `ValueError` for a
    threshold outside 0 to FARTHEST.
    """
    if not 0 <= threshold <= FARTHEST:
        raise ValueError(f"expected a threshold from 0 to {FARTHEST} bits, got {threshold}")
    radii = _radii(threshold)
    found = [np.empty((2, 0), dtype=np.int64)]
    compared = 0
    for band, radius in enumerate(radii):
        for left, right in _alike(_band(codes, band), radius):
            compared += len(left)
            differing = codes[left] ^ codes[right]
            near = np.bitwise_count(differing) <= threshold
            for before in range(band):
                near &= np.bitwise_count(_band(differing, before)) > radii[before]
            pair = left[near], right[near]
            found.append(np.stack([np.minimum(*pair), np.maximum(*pair)]))
    first, second = np.concatenate(found, axis=1)
    order = np.lexsort((second, first))
    first, second = first[order], second[order]
    return NearPairs(first, second, np.bitwise_count(codes[first] ^ codes[second]), compared)


def _radii(threshold: int) -> list[int]:
    """Return in how many bits each band may differ: a pair that exceeds all of them is far apart.

    A radius of -1 leaves the band out.
    """
    whole, rest = divmod(threshold, BANDS)
    return [whole if band <= rest else whole - 1 for band in range(BANDS)]


def _band(codes: Codes, band: int) -> Indices:
    shifted = codes >> np.uint64(band * BAND_BITS)
    return (shifted & np.uint64((1 << BAND_BITS) - 1)).astype(np.int64)


def _alike(bands: Indices, radius: int) -> Iterator[tuple[Indices, Indices]]:
    """Yield each pair of places once whose bands differ in up to `radius` bits, some at a time."""
    order = np.argsort(bands, kind="stable")
    ordered = bands[order]
    sizes = np.bincount(ordered, minlength=1 << BAND_BITS)
    ends = np.cumsum(sizes)
    for differing in range(radius + 1):
        for bits in combinations(range(BAND_BITS), differing):
            others = ordered ^ sum(1 << bit for bit in bits)
            starts = (ends - sizes)[others] if differing else np.arange(1, len(ordered) + 1)
            counts = np.where(ordered <= others, ends[others] - starts, 0)
            for left, right in _ranges(starts, counts):
                yield order[left], order[right]


def _ranges(starts: Indices, counts: Indices) -> Iterator[tuple[Indices, Indices]]:
    """Yield each place with each of the `counts` numbers from its start on."""
    total = np.cumsum(counts)
    whole = int(total[-1]) if len(total) else 0
    cuts = np.searchsorted(total, np.arange(AT_ONCE, whole, AT_ONCE))
    for places in np.split(np.arange(len(counts)), cuts):
        left = np.repeat(places, counts[places])
        if len(left):
            before = (total - counts)[left] - (total - counts)[left[0]]
            yield left, starts[left] + np.arange(len(left)) - before
