"""How fine the detail of samples is, and whether a grid lies over them, by their power spectrum.

Radial spectrum: Durall, Keuper and Keuper, "Watch your Up-Convolution" (2020). Upsampling leaves
lines of period 2, 4 or 8 pixels, which stand out of the spectrum as peaks; real covers have none.
"""

import numpy as np
from numpy.typing import NDArray

PERIODS = (2, 4, 8)
"""Pixels from line to line of the grids that a generator's doublings leave."""
NEIGHBOURS = (-2, -1, 1, 2)
LUMINANCE = np.array([0.299, 0.587, 0.114])

Floats = NDArray[np.float64]


def radial_spectrum(pictures: NDArray[np.uint8]) -> Floats:
    """Return the mean power at 1, 2, .. S/2 cycles a picture, in dB, float64 (S / 2,).

    Of the luminance of pictures, uint8 (N, S, S, 3), whose edges are faded out by a Hann window:
    left and right do not go on into each other.
    """
    side = pictures.shape[1]
    window = np.hanning(side + 2)[1:-1]
    power = _power(pictures, np.outer(window, window))
    frequencies = np.fft.fftfreq(side, 1 / side)
    radius = np.rint(np.hypot(*np.meshgrid(frequencies, frequencies))).astype(int).ravel()
    means = np.bincount(radius, power.ravel()) / np.bincount(radius)
    return _decibels(means[1 : side // 2 + 1])


def fineness(samples: NDArray[np.uint8], covers: NDArray[np.uint8]) -> float:
    """Return by how much samples have more detail than covers, in dB.

    The mean difference of the radial spectra over the upper half of the frequencies: 0 is ideal,
    below it detail is lacking, above it there is noise. Other real covers have -0.7.
    """
    difference = radial_spectrum(samples) - radial_spectrum(covers)
    return float(difference[len(difference) // 2 :].mean())


def periodic_peak(pictures: NDArray[np.uint8]) -> float:
    """Return by how much the strongest grid of PERIODS stands out of the spectrum, in dB.

    Of stripes along a side or a diagonal of the picture, and of a grid that lies over all detail.
    `pictures` is uint8 (N, S, S, 3). Real covers have 0.3 to 0.8.
    """
    power = _decibels(_power(pictures, np.ones(pictures.shape[1:3])))
    lines = [power[0], power[:, 0], power.mean(axis=0), power.mean(axis=1)]
    lines += [np.diagonal(power), np.diagonal(power[:, np.r_[0, len(power) - 1 : 0 : -1]])]
    return max(_excess(line, len(line) // period) for line in lines for period in PERIODS)


def _power(pictures: NDArray[np.uint8], window: Floats) -> Floats:
    grey = pictures @ LUMINANCE
    grey = (grey - grey.mean(axis=(1, 2), keepdims=True)) * window
    power: Floats = (np.abs(np.fft.fft2(grey)) ** 2).mean(axis=0)
    return power


def _decibels(power: Floats) -> Floats:
    return 10 * np.log10(power + 1e-3)


def _excess(line: Floats, frequency: int) -> float:
    """Return the power at a frequency over the mean of those beside it, in dB."""
    beside = (np.array(NEIGHBOURS) + frequency) % len(line)
    return float(line[frequency] - line[beside].mean())
