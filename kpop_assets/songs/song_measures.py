"""The measures of a song: one entry each, by which it is stored and shown.

They are those of muspy and of H.-W. Dong and others, MusPy: a toolkit for symbolic music
generation, ISMIR 2020, and how much a song repeats itself.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.songs.onsets import mixed, pitch_sets, runs
from kpop_assets.songs.song import Song

MAJOR_SCALE = (0, 2, 4, 5, 7, 9, 11)


@dataclass(frozen=True)
class SongMeasure:
    """A measure by its name; `title` and `form` are for people.

    `of` returns it, NaN where it cannot.
    """

    name: str
    title: str
    form: str
    of: Callable[[Song], float]


def pitch_class_entropy(song: Song) -> float:
    """Return in bits how evenly the notes are spread over the pitch classes, 0 to 3.58."""
    return _entropy(np.bincount(song.notes[:, 2] % 12))


def scale_consistency(song: Song) -> float:
    """Return the share of notes within the major scale (or its minor one) that has most."""
    counts = np.bincount(song.notes[:, 2] % 12, minlength=12)
    within = max(int(np.roll(counts, -tonic)[list(MAJOR_SCALE)].sum()) for tonic in range(12))
    return within / len(song.notes) if len(song.notes) else float("nan")


def groove_consistency(song: Song) -> float:
    """Return the share of sixteenths at which a bar and the next agree whether a note starts."""
    bars = -(-song.length // song.bar)
    if bars < 2:
        return float("nan")
    starts = np.zeros(bars * song.bar, bool)
    starts[song.notes[:, 0]] = True
    return float((starts[song.bar :] == starts[: -song.bar]).mean())


def interval_entropy(song: Song) -> float:
    """Return in bits how varied the intervals from onset to onset are."""
    return _entropy(np.bincount(np.diff(np.unique(song.notes[:, 0]))))


def notes_an_onset(song: Song) -> float:
    """Return how many notes start at an onset."""
    onsets = len(np.unique(song.notes[:, 0]))
    return len(song.notes) / onsets if onsets else float("nan")


def repetition(song: Song, length: int) -> float:
    """Return the share of runs of `length` onsets that have come before, 0 to 1.

    An onset is its pitches and the interval from the onset before.
    """
    intervals = np.diff(np.unique(song.notes[:, 0]), prepend=0)
    here = runs(mixed(pitch_sets(song) + intervals.astype(np.uint64)), length)
    return 1 - len(np.unique(here)) / len(here) if len(here) else float("nan")


def _entropy(counts: NDArray[np.int64]) -> float:
    counts = counts[counts > 0]
    shares = counts / counts.sum()
    return float(-(shares * np.log2(shares)).sum()) if len(counts) else float("nan")


MEASURES = (
    SongMeasure("pitch_class_entropy", "spread of pitches, bits", "{:.2f}", pitch_class_entropy),
    SongMeasure("scale_consistency", "in one scale", "{:.0%}", scale_consistency),
    SongMeasure("groove_consistency", "same rhythm", "{:.0%}", groove_consistency),
    SongMeasure("repetition_4", "repeats 4 onsets", "{:.0%}", lambda song: repetition(song, 4)),
    SongMeasure("repetition_8", "repeats 8", "{:.0%}", lambda song: repetition(song, 8)),
    SongMeasure("repetition_16", "repeats 16", "{:.0%}", lambda song: repetition(song, 16)),
    SongMeasure("interval_entropy", "spread of rhythm, bits", "{:.2f}", interval_entropy),
    SongMeasure("notes_an_onset", "notes an onset", "{:.1f}", notes_an_onset),
)


def song_measures(song: Song) -> dict[str, float]:
    """Return all measures of a song by name."""
    return {measure.name: measure.of(song) for measure in MEASURES}
