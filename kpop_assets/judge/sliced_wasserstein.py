"""How far the small patches of samples are from those of real covers, at each size of detail.

Sliced Wasserstein distance on a Laplacian pyramid: Karras, Aila, Laine and Lehtinen, "Progressive
Growing of GANs" (2018), section 5. Patches of 7×7 pixels of each level are projected on random
directions; the distance is the mean one between the sorted projections. A grid, a relief or a blur
shows at its level, whatever is drawn. Unlike there, both sides are brought to mean 0 and deviation
1 by the numbers of the real covers, so that samples with too little contrast are far from them.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from kpop_assets.judge.errors import QualityError

PATCH = 7
PATCHES = 2**14
"""Patches of each level, spread evenly over the covers, however many these are."""
DIRECTIONS = 512
COARSEST = 16
"""Side of the last level, which holds what is left of the picture."""
_KERNEL = np.array([1, 4, 6, 4, 1], np.float32) / 16

Floats = NDArray[np.float32]


class RealPatches:
    """The patches of the real covers, by level, and the distance of samples from them."""

    def __init__(self, covers: NDArray[np.uint8], seed: int = 0) -> None:
        """Take the real covers, uint8 (N, S, S, 3), S a power of two of 16 or more.

        Raises QualityError for none.
        """
        self._seed = seed
        self._scales: dict[int, tuple[Floats, Floats]] = {}
        self._sorted = dict(self._projections(covers))

    def distances(self, samples: NDArray[np.uint8]) -> dict[int, float]:
        """Return the distance × 1000 by side of the level, uint8 (M, S, S, 3) of the covers' S.

        About 20 for a second draw from the same covers, 50 to 60 for other real covers.
        Raises QualityError for no samples and those of another size.
        """
        found = dict(self._projections(samples))
        if found.keys() != self._sorted.keys():
            raise QualityError(
                f"Expected samples of {max(self._sorted)} pixels, as the covers, got {max(found)}."
            )
        return {
            side: float(1000 * np.abs(ours - self._sorted[side]).mean())
            for side, ours in found.items()
        }

    def _projections(self, covers: NDArray[np.uint8]) -> Iterator[tuple[int, Floats]]:
        """Yield the side of each level and its sorted projections, (PATCHES, DIRECTIONS)."""
        if not len(covers):
            raise QualityError("Expected one cover or more to compare, got none.")
        for level in laplacian_pyramid(covers):
            side = level.shape[1]
            rng = np.random.default_rng((self._seed, side))
            directions = rng.standard_normal((PATCH * PATCH * 3, DIRECTIONS)).astype(np.float32)
            directions /= np.linalg.norm(directions, axis=0)
            patches = _patches(level, rng)
            mean, deviation = self._scales.setdefault(side, _scale(patches))
            scaled = ((patches - mean) / deviation).reshape(PATCHES, -1)
            yield side, np.sort(scaled @ directions, axis=0)


def laplacian_pyramid(covers: NDArray[np.uint8]) -> list[Floats]:
    """Return what each halving of the covers loses, and last the covers at COARSEST pixels.

    float32 (N, side, side, 3), the finest first.
    """
    levels = []
    fine = covers.astype(np.float32)
    while fine.shape[1] > COARSEST:
        coarse = _blurred(fine)[:, ::2, ::2]
        levels.append(fine - _doubled(coarse))
        fine = coarse
    return [*levels, fine]


def _patches(level: Floats, rng: np.random.Generator) -> Floats:
    """Return patches of a level, float32 (PATCHES, 7, 7, 3)."""
    rows, columns = rng.integers(0, level.shape[1] - PATCH + 1, (2, PATCHES))
    which = np.arange(PATCHES) % len(level)
    window = np.arange(PATCH)
    return level[
        which[:, None, None],
        rows[:, None, None] + window[:, None],
        columns[:, None, None] + window,
    ]


def _scale(patches: Floats) -> tuple[Floats, Floats]:
    """Return mean and deviation of each channel, float32 (3,)."""
    return patches.mean(axis=(0, 1, 2)), np.maximum(patches.std(axis=(0, 1, 2)), 1e-6)


def _blurred(pictures: Floats) -> Floats:
    for axis in (1, 2):
        width = [(2, 2) if one == axis else (0, 0) for one in range(4)]
        padded = np.pad(pictures, width, mode="reflect")
        length = pictures.shape[axis]
        pictures = sum(
            weight * np.take(padded, range(place, place + length), axis)
            for place, weight in enumerate(_KERNEL)
        )
    return pictures


def _doubled(pictures: Floats) -> Floats:
    count, side = pictures.shape[:2]
    spread = np.zeros((count, 2 * side, 2 * side, 3), np.float32)
    spread[:, ::2, ::2] = pictures
    return 4 * _blurred(spread)
