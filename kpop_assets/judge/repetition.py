"""How many pictures repeat a motif at an even distance, as a stamp or a row of beads does."""

import numpy as np
from numpy.typing import NDArray

SIDE = 64
"""Larger pictures are made so small, in pixels."""
NEAREST, FARTHEST = 5 / 64, 28 / 64
"""Distances that count, as shares of the side."""
ALIKE = 0.25
"""Correlation of a picture with itself at such a distance from which it counts as repeating."""


def repeating_share(pictures: NDArray[np.uint8]) -> float:
    """Return the share of pictures, uint8 (N, S, S, 3), S a power of two, that repeat a motif.

    One does whose autocorrelation, in grey and under a Hann window, has a peak of ALIKE or more
    along a row or a column. About .38 of real covers do: rows of people, of type, of stripes.
    """
    grey = pictures.astype(np.float32).mean(axis=3)
    while grey.shape[1] > SIDE:
        grey = grey.reshape(len(grey), grey.shape[1] // 2, 2, -1, 2).mean(axis=(2, 4))
    side = grey.shape[1]
    grey -= grey.mean(axis=(1, 2), keepdims=True)
    window = np.hanning(side).astype(np.float32)
    power = np.abs(np.fft.fft2(grey * window * window[:, np.newaxis])) ** 2
    alike = np.fft.ifft2(power).real
    alike /= np.maximum(alike[:, :1, :1], 1e-9)
    return float(np.mean(_has_peak(alike[:, 0]) | _has_peak(alike[:, :, 0])))


def _has_peak(alike: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Return whether each row of correlations by distance, (N, S), has a peak that counts."""
    side = alike.shape[1]
    at = np.arange(max(1, round(NEAREST * side)), round(FARTHEST * side))
    here = alike[:, at]
    peak = (here > alike[:, at - 1]) & (here > alike[:, at + 1]) & (here >= ALIKE)
    return np.asarray(peak.any(axis=1))
