"""Generated songs beside real ones: their measures, and what is copied, for a record."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kpop_assets.songs.copies import KnownSongs
from kpop_assets.songs.likeness import (
    REPETITIONS,
    Band,
    CopiedRun,
    MeasureBeside,
    SongBeside,
    band_of,
    ends,
    in_words,
)
from kpop_assets.songs.song import Song
from kpop_assets.songs.song_measures import MEASURES, song_measures


@dataclass(frozen=True)
class LearnedSong:
    """A song that was learned from."""

    file: str
    title: str
    song: Song


@dataclass(frozen=True)
class RealSongs:
    """What generated songs are put beside.

    `measures` has a number for each real song, by measure; `learned` are those learned from.
    """

    measures: Mapping[str, Sequence[float]]
    learned: Sequence[LearnedSong]


def measures_beside(songs: Sequence[Song], real: RealSongs) -> dict[str, MeasureBeside]:
    """Return each measure of the songs beside that of real songs, by name."""
    measured = [song_measures(song) for song in songs]
    return {
        one.name: _measure_beside(
            one.name, one.title, [row[one.name] for row in measured], real.measures[one.name]
        )
        for one in MEASURES
    }


def songs_beside(songs: Mapping[str, Song], real: RealSongs, own_from: int = 0) -> list[SongBeside]:
    """Return what is told of each song, by name; what it copies counts from a sixteenth on."""
    bands = {name: band_of(values) for name, values in real.measures.items()}
    known = KnownSongs([one.song for one in real.learned])
    told = []
    for name, song in songs.items():
        measures = song_measures(song)
        told.append(
            SongBeside(
                name=name,
                measures={one: _known(value) for one, value in measures.items()},
                words={one: in_words(one, value, bands[one]) for one, value in measures.items()},
                longest_run=_longest_run(song, known, real.learned, own_from),
                ends=ends(song),
            )
        )
    return told


def is_monotonous(song: SongBeside, measures: Mapping[str, MeasureBeside]) -> bool:
    """Return whether a song repeats more than nearly all real ones, in short or in long."""
    for name in REPETITIONS:
        value, high = song["measures"][name], measures[name]["high"]
        if value is not None and high is not None and value > high:
            return True
    return False


def _measure_beside(
    name: str, title: str, values: Sequence[float], real: Sequence[float]
) -> MeasureBeside:
    band, own = band_of(real), band_of(values)
    there = band or Band(*[math.nan] * 4)
    mean = own.mean if own else math.nan
    return MeasureBeside(
        title=title,
        generated=_known(mean),
        generated_spread=own.spread if own else None,
        real=_known(there.mean),
        real_spread=_known(there.spread),
        low=_known(there.low),
        high=_known(there.high),
        usual=there.is_usual(mean),
        words=in_words(name, mean, band, strictly=True),
    )


def _longest_run(
    song: Song, known: KnownSongs, learned: Sequence[LearnedSong], own_from: int
) -> CopiedRun:
    notes = song.notes[song.notes[:, 0] >= own_from] - np.array([own_from, 0, 0], np.int32)
    run = known.longest_run(Song(notes.astype(np.int32), song.bpm, song.tempo_from, song.bar))
    of = learned[run.other] if run.onsets else None
    return CopiedRun(
        onsets=run.onsets,
        start=run.start + (own_from if of else 0),
        length=run.length,
        file=of.file if of else "",
        title=of.title if of else "",
        start_there=run.start_there,
        semitones=run.semitones,
    )


def _known(value: float) -> float | None:
    return value if math.isfinite(value) else None
