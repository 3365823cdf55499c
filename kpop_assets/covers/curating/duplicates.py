"""Which covers show the same picture."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.curating.fingerprint import hash_codes
from kpop_assets.covers.curating.looks import KnownLooks, Look
from kpop_assets.covers.curating.near_pairs import near_pairs

NEAR_DUPLICATE_BITS = 8
"""Up to this distance two hashes count as one picture; measured in docs/duplicates.md."""
MOST_COMPARED = 4000


def representatives(
    hashes: Sequence[str],
    threshold: int = NEAR_DUPLICATE_BITS,
    looks: Sequence[Look | None] | None = None,
) -> list[int]:
    """Return, for each picture, the index of the one that represents its group.

    Walks the list in order: the best representatives stand first. A picture that is the same as
    representatives before it joins the nearest of them, the earlier of equally near ones; another
    one represents itself. So every member is the same picture as its representative, and no chain
    of strangers joins two that are far apart.

    Two pictures with `looks` (looks.py; none when not given) are the same when these are alike,
    others when their hashes are within `threshold` bits; equal hashes without looks go together.
    """
    looks = looks or [None] * len(hashes)
    known = _Known(hashes, looks, threshold)
    joined: dict[int, int] = {}
    chosen: list[int] = []
    for index, (code, look) in enumerate(zip(known.codes, looks, strict=True)):
        found = joined.get(code) if look is None else None
        if found is None:
            found = known.nearest(code, look)
        if found is None:
            known.add(index, code, look)
            found = index
        if look is None:
            joined.setdefault(code, found)
        chosen.append(found)
    return chosen


def nearest_among(
    hashes: Sequence[str],
    others: Sequence[str],
    threshold: int = NEAR_DUPLICATE_BITS,
    looks: Sequence[Look | None] | None = None,
    other_looks: Sequence[Look | None] | None = None,
) -> list[int | None]:
    """Return, for each picture, the index of the nearest of `others`, or None without the same one.

    Of equally near ones the earlier; what is the same is as for `representatives`.
    """
    looks = looks or [None] * len(hashes)
    other_looks = other_looks or [None] * len(others)
    known = _Known([*others, *hashes], other_looks, threshold)
    for index, look in enumerate(other_looks):
        known.add(index, known.codes[index], look)
    asked = zip(known.codes[len(others) :], looks, strict=True)
    return [known.nearest(code, look) for code, look in asked]


class _Known:
    """Pictures by index, among which the one that is the same as another is found.

    `codes` are the hashes, numbered from 0, equal ones alike.
    """

    def __init__(self, hashes: Sequence[str], looks: Sequence[Look | None], threshold: int) -> None:
        distinct, which = np.unique(hash_codes(hashes), return_inverse=True)
        self._distinct = distinct
        self.codes: list[int] = which.tolist()
        self._near: dict[int, list[tuple[int, int]]] = defaultdict(list)
        pairs = near_pairs(distinct, threshold)
        for first, second, distance in zip(
            pairs.first.tolist(), pairs.second.tolist(), pairs.distance.tolist(), strict=True
        ):
            self._near[first].append((distance, second))
            self._near[second].append((distance, first))
        self._by_code: tuple[dict[int, int], dict[int, int]] = {}, {}
        """The first picture of each code, of those without and of those with a look."""
        self._looks = KnownLooks(sum(look is not None for look in looks), threshold)

    def add(self, index: int, code: int, look: Look | None) -> None:
        self._by_code[look is not None].setdefault(code, index)
        if look is not None:
            self._looks.add(index, look, self._distinct[code])

    def nearest(self, code: int, look: Look | None) -> int | None:
        if look is not None:
            found = self._looks.nearest(look, self._distinct[code])
            if found is not None:
                return found
        compared = self._by_code if look is None else self._by_code[:1]
        near = [
            (distance, pictures[other])
            for distance, other in [(0, code), *self._near.get(code, [])]
            for pictures in compared
            if other in pictures
        ]
        return min(near)[1] if near else None


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
