"""How like real songs others are, measure by measure, in numbers and in words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from typing_extensions import TypedDict

from kpop_assets.songs.song import SIXTEENTHS_A_BEAT, Song

REPETITIONS = ("repetition_4", "repetition_8", "repetition_16")
COPIED_ONSETS = 12
"""A run of so many onsets that another song has too, in any key, is a copy."""
_MIDDLE = (2.5, 97.5)
_ROUNDING = 1e-9


class MeasureBeside(TypedDict):
    """A measure of the generated songs beside real ones; None is not measurable.

    `usual` is whether their mean is within one standard deviation of that of real songs, `low` to
    `high` is where nearly all real songs lie (`Band`), and `words` say it of the mean.
    """

    title: str
    generated: float | None
    generated_spread: float | None
    real: float | None
    real_spread: float | None
    low: float | None
    high: float | None
    usual: bool
    words: str | None


class CopiedRun(TypedDict):
    """The longest run of onsets that a song has from one that was learned from, in any key.

    `start`, `length` and `start_there` are in sixteenths, `semitones` is how much higher it is
    there. Without any `onsets` is 0 and `file` empty.
    """

    onsets: int
    start: int
    length: int
    file: str
    title: str
    start_there: int
    semitones: int


class SongBeside(TypedDict):
    """What is told of a generated song: `measures`, None where not measurable, and in `words`."""

    name: str
    measures: dict[str, float | None]
    words: dict[str, str | None]
    longest_run: CopiedRun
    ends: bool


@dataclass(frozen=True)
class Band:
    """Where real songs lie in a measure: `mean` and `spread` (one standard deviation) of them.

    From `low` to `high` is the middle 95 % of them, and what is within one spread of the mean.
    """

    mean: float
    spread: float
    low: float
    high: float

    def is_usual(self, value: float) -> bool:
        """Return whether one spread around the mean of real songs has it."""
        return abs(value - self.mean) <= self.spread + _ROUNDING

    def has(self, value: float) -> bool:
        """Return whether it lies from `low` to `high`."""
        return self.low - _ROUNDING <= value <= self.high + _ROUNDING


def band_of(values: Sequence[float]) -> Band | None:
    """Return the band of a measure of real songs; those with NaN do not count. None without any."""
    known = np.array([value for value in values if np.isfinite(value)])
    if not len(known):
        return None
    mean, spread = float(known.mean()), float(known.std())
    low, high = np.percentile(known, _MIDDLE).tolist()
    return Band(mean, spread, min(low, mean - spread), max(high, mean + spread))


_AS_REAL: Mapping[str, tuple[str, str, str]] = {
    "pitch_class_entropy": (
        "uses as many different notes as real songs do",
        "uses more different notes than real songs do",
        "uses fewer different notes than real songs do",
    ),
    "scale_consistency": (
        "keeps to a scale as real songs do",
        "keeps to a scale more than real songs do",
        "leaves its scale more than real songs do",
    ),
    "groove_consistency": (
        "keeps its rhythm from bar to bar as real songs do",
        "changes its rhythm less than real songs do",
        "changes its rhythm more than real songs do",
    ),
    "repetition_4": (
        "repeats short figures as much as real songs do",
        "repeats short figures more than real songs do",
        "repeats short figures less than real songs do",
    ),
    "repetition_8": (
        "repeats as much as real songs do",
        "repeats more than real songs do",
        "repeats less than real songs do",
    ),
    "repetition_16": (
        "repeats whole phrases as much as real songs do",
        "repeats whole phrases more than real songs do",
        "repeats whole phrases less than real songs do",
    ),
    "interval_entropy": (
        "is as varied in rhythm as real songs are",
        "is more varied in rhythm than real songs are",
        "is less varied in rhythm than real songs are",
    ),
    "notes_an_onset": (
        "strikes as many keys at once as real songs do",
        "strikes more keys at once than real songs do",
        "strikes fewer keys at once than real songs do",
    ),
}


def in_words(measure: str, value: float, band: Band | None, strictly: bool = False) -> str | None:
    """Return what a measure says beside real songs; None where it cannot be told.

    One song is like them where nearly all of them lie; `strictly`, for the mean of many, within one
    spread of their mean.
    """
    if band is None or not np.isfinite(value):
        return None
    same, more, less = _AS_REAL[measure]
    if band.is_usual(value) if strictly else band.has(value):
        return same
    return more if value > band.mean else less


def ends(song: Song) -> bool:
    """Return whether a song ends: its last onset starts a bar and sounds for half of it or more."""
    if not len(song.notes):
        return False
    last = song.notes[song.notes[:, 0] == song.notes[:, 0].max()]
    on_bar = int(last[0, 0]) % song.bar == 0
    return on_bar and int(last[:, 1].min()) >= song.bar // SIXTEENTHS_A_BEAT * 2
