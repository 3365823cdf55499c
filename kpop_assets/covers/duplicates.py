"""Which covers show the same picture."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.fingerprint import hash_codes
from kpop_assets.covers.near_pairs import near_pairs

NEAR_DUPLICATE_BITS = 8
"""Up to this distance two hashes count as one picture; measured in docs/duplicates.md."""
MOST_COMPARED = 4000


def representatives(hashes: Sequence[str], threshold: int = NEAR_DUPLICATE_BITS) -> list[int]:
    """Return, for each perceptual hash, the index of the one that represents its group.

    Walks the list in order: the best representatives stand first. A hash within `threshold` bits of
    representatives before it joins the nearest of them, the earlier of equally near ones; another
    one represents itself, and equal hashes go together. So every member is within the threshold of
    its representative, and no chain of strangers joins two pictures that are far apart.
    """
    codes = hash_codes(hashes)
    distinct, seen_at, which = np.unique(codes, return_index=True, return_inverse=True)
    order = np.argsort(seen_at)
    before: dict[int, list[tuple[int, int]]] = defaultdict(list)
    pairs = near_pairs(distinct[order], threshold)
    for first, second, distance in zip(
        pairs.first.tolist(), pairs.second.tolist(), pairs.distance.tolist(), strict=True
    ):
        before[second].append((distance, first))
    chosen = list(range(len(distinct)))
    for index in sorted(before):
        kept = [(distance, near) for distance, near in before[index] if chosen[near] == near]
        if kept:
            chosen[index] = min(kept)[1]
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order))
    return seen_at[order][np.array(chosen, dtype=np.intp)[place[which]]].tolist()


def nearest_among(
    hashes: Sequence[str], others: Sequence[str], threshold: int = NEAR_DUPLICATE_BITS
) -> list[int | None]:
    """Return, for each hash, the index of the nearest of `others`, or None beyond `threshold` bits.

    Of equally near ones the earlier.
    """
    distinct, which = np.unique(hash_codes([*others, *hashes]), return_inverse=True)
    index_of: dict[int, int] = {}
    for index, code in enumerate(which[: len(others)].tolist()):
        index_of.setdefault(code, index)
    nearest = {code: (0, index) for code, index in index_of.items()}
    pairs = near_pairs(distinct, threshold)
    for first, second, distance in zip(
        pairs.first.tolist(), pairs.second.tolist(), pairs.distance.tolist(), strict=True
    ):
        for code, other in ((first, second), (second, first)):
            if other in index_of:
                found = (distance, index_of[other])
                nearest[code] = min(nearest.get(code, found), found)
    return [nearest[code][1] if code in nearest else None for code in which[len(others) :].tolist()]


def distance_counts(hashes: Sequence[str]) -> NDArray[np.int64]:
    """Return how many pairs of pictures lie 0, 1, .. 64 bits apart, int64 (65,).

    Of more than `MOST_COMPARED` pictures, as many evenly chosen ones are compared.
    """
    codes = hash_codes(hashes)
    if len(codes) > MOST_COMPARED:
        codes = codes[np.linspace(0, len(codes) - 1, MOST_COMPARED).round().astype(np.intp)]
    counts = np.zeros(65, dtype=np.int64)
    for index, code in enumerate(codes):
        counts += np.bincount(np.bitwise_count(codes[index + 1 :] ^ code), minlength=65)
    return counts
