"""What a machine can hear of a sound: levels, tempo, pitch, silence."""

import numpy as np

from kpop_assets.songs.showing.sound import SAMPLE_RATE, Samples

SILENT = -60.0
"""Decibels below full scale."""


def decibels(level: float) -> float:
    return 20 * float(np.log10(max(level, 1e-12)))


def levels(samples: Samples, seconds: float) -> np.ndarray:
    """The root mean squares of stretches of so many seconds."""
    length = round(seconds * SAMPLE_RATE)
    whole = samples[: len(samples) // length * length].reshape(-1, length)
    return np.sqrt((whole**2).mean(axis=1))


def longest_silence(samples: Samples, step: float = 0.1) -> float:
    """The seconds of the longest silence, to a step."""
    longest = now = 0
    for level in levels(samples, step):
        now = now + 1 if decibels(level) < SILENT else 0
        longest = max(longest, now)
    return longest * step


def heard_pitch(samples: Samples, asked: float) -> float:
    """The frequency of the highest peak of the spectrum within a fifth of one asked for."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    frequencies = np.fft.rfftfreq(len(samples), 1 / SAMPLE_RATE)
    around = np.abs(frequencies / asked - 1) < 0.2
    return float(frequencies[around][spectrum[around].argmax()])


def heard_bpm(samples: Samples, near: float) -> float:
    """The tempo near one asked for, by the autocorrelation of the onsets' strength.

    A beat comes again after many bars too: with the lag of 16 beats the measure is fine enough.
    """
    hop = 64
    spectra = np.abs(
        np.fft.rfft(np.lib.stride_tricks.sliding_window_view(samples, 512)[::hop] * np.hanning(512))
    )
    rises = np.maximum(np.diff(np.log1p(50 * spectra), axis=0), 0).sum(axis=1)
    rises -= rises.mean()
    size = 2 * len(rises)
    correlation = np.fft.irfft(np.abs(np.fft.rfft(rises, size)) ** 2)
    beats = 16
    expected = beats * 60 / near * SAMPLE_RATE / hop
    lags = np.arange(round(0.96 * expected), round(1.04 * expected))
    best = lags[correlation[lags].argmax()]
    return beats * 60 * SAMPLE_RATE / hop / best
