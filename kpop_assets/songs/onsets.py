"""What a song strikes at each onset, in a form that is the same in every key."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.songs.song import LOWEST_PITCH, Song

Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Onsets:
    """The N onsets of a song.

    `times` int (N,) are in sixteenths, `lowest` int (N,) the lowest pitches; `chords` uint64 (N,)
    stand for the sets of pitches above the lowest.
    """

    times: NDArray[np.int64]
    lowest: NDArray[np.int64]
    chords: Hashes

    def steps(self) -> Hashes:
        """Return uint64 (N - 1,): an onset, and how far on and how much higher the next one is.

        Equal steps are a copy in some key: their chords, intervals in time and of the lowest pitch
        are the same.
        """
        on, up = np.diff(self.times), np.diff(self.lowest)
        step = mixed(self.chords[:-1]) + self.chords[1:]
        return mixed(mixed(step) + (on * 256 + up + 128).astype(np.uint64))


def onsets_of(song: Song) -> Onsets:
    """Return the onsets of a song."""
    notes = song.notes.astype(np.int64)
    times, first = np.unique(notes[:, 0], return_index=True)
    lowest = notes[first, 2]
    which = np.repeat(np.arange(len(first)), np.diff([*first, len(notes)]))
    pitches = mixed((notes[:, 2] - lowest[which]).astype(np.uint64) + np.uint64(1))
    chords = np.add.reduceat(pitches, first) if len(first) else pitches
    return Onsets(times, lowest, mixed(chords))


def pitch_sets(song: Song) -> Hashes:
    """Return uint64 (N,) that stand for the sets of pitches, in the song's own key."""
    onsets = onsets_of(song)
    return mixed(onsets.chords + (onsets.lowest - LOWEST_PITCH).astype(np.uint64))


def runs(steps: Hashes, length: int, places: NDArray[np.intp] | None = None) -> Hashes:
    """Return uint64 (P,) that stand for the runs of `length` successive steps from P places on.

    Without places they are those of every run, N - length + 1.
    """
    if places is None:
        places = np.arange(max(0, len(steps) - length + 1))
    total = np.zeros(len(places), np.uint64)
    for step in range(length):
        total = mixed(total) + steps[places + step]
    return total


def mixed(numbers: Hashes) -> Hashes:
    """Return 64 bits that look drawn at random and depend on each number alone (splitmix64).

    G. L. Steele and others, Fast Splittable Pseudorandom Number Generators, 2014.
    """
    numbers = numbers + np.uint64(0x9E3779B97F4A7C15)
    numbers = (numbers ^ numbers >> np.uint64(30)) * np.uint64(0xBF58476D1CE4E5B9)
    numbers = (numbers ^ numbers >> np.uint64(27)) * np.uint64(0x94D049BB133111EB)
    return numbers ^ numbers >> np.uint64(31)
