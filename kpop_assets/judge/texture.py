"""How like the texture of samples is to that of real covers, whatever they show.

A frozen network's pooled features, and so KID, hardly tell zig-zag relief, woven stripes and stamps
from what covers are made of; these measures do, as does the eye.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.judge.power_spectrum import fineness, periodic_peak
from kpop_assets.judge.repetition import repeating_share
from kpop_assets.judge.sliced_wasserstein import RealPatches

MOST_COVERS = 512
"""Real covers that the texture is measured on; of a larger set, so many are best spread over it."""


@dataclass(frozen=True)
class Texture:
    """The texture of samples beside that of the real covers.

    swd_levels: sliced Wasserstein distance × 1000 of patches by the side in pixels of a level of a
        Laplacian pyramid (sliced_wasserstein.py): 43, 49 and 109 for other real covers at 64, 32
        and 16 pixels, lower is better.
    fineness: how much more power the upper half of the frequencies has, in dB; 0 is ideal.
    peak: how far the strongest grid of period 2, 4 or 8 pixels stands out of the spectrum, in dB:
        0.3 to 0.8 for real covers (power_spectrum.py).
    repeats: share of samples that repeat a motif at an even distance, less that of the covers:
        -0.04 for other real covers (repetition.py).
    """

    swd_levels: Mapping[int, float]
    fineness: float
    peak: float
    repeats: float

    @property
    def swd(self) -> float:
        """Return the mean over the levels."""
        return sum(self.swd_levels.values()) / len(self.swd_levels)

    def numbers(self) -> dict[str, float]:
        """Return the measures by name."""
        levels = {f"swd_{side}px": distance for side, distance in self.swd_levels.items()}
        rest = {"fineness": self.fineness, "peak": self.peak, "repeats": self.repeats}
        return {"swd": self.swd, **levels, **rest}


class RealTexture:
    """The texture of the real covers, to compare samples with."""

    def __init__(self, covers: NDArray[np.uint8]) -> None:
        """Take the real covers, uint8 (N, S, S, 3), S a power of two of 16 or more."""
        self._covers = covers
        self._patches = RealPatches(covers)
        self._repeating = repeating_share(covers)

    def texture(self, samples: NDArray[np.uint8]) -> Texture:
        """Return the texture of generated covers, uint8 (M, S, S, 3)."""
        return Texture(
            swd_levels=self._patches.distances(samples),
            fineness=fineness(samples, self._covers),
            peak=periodic_peak(samples),
            repeats=repeating_share(samples) - self._repeating,
        )
