"""A song on its grid of sixteenth notes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

LOWEST_PITCH, HIGHEST_PITCH = 21, 108
"""The keys of a piano, as MIDI counts pitches."""
ASSUMED_BPM = 120.0
"""The tempo of a MIDI file that has none."""
SIXTEENTHS_A_BEAT = 4


@dataclass(frozen=True)
class Song:
    """A song: its notes, and how fast they are played.

    `notes` is int32 (N, 3): onset and duration in sixteenths, and pitch from LOWEST_PITCH to
    HIGHEST_PITCH; in order of onset, then pitch; no pitch sounds twice at a time, and the first
    onset is within the first bar. `bpm` is beats (of four sixteenths) a minute; `tempo_from` says
    where it is from: file, csv or assumed. `bar` is the length of a bar in sixteenths, 16 in 4/4.
    """

    notes: NDArray[np.int32]
    bpm: float = ASSUMED_BPM
    tempo_from: str = "assumed"
    bar: int = 16

    @property
    def seconds_a_sixteenth(self) -> float:
        """The duration of a sixteenth in seconds."""
        return 60.0 / self.bpm / SIXTEENTHS_A_BEAT

    @property
    def length(self) -> int:
        """Sixteenths until the last note has ended, 0 without notes."""
        return int((self.notes[:, 0] + self.notes[:, 1]).max(initial=0))

    def transposed(self, semitones: int) -> "Song":
        """Return the song in another key; pitches off the piano come back by octaves."""
        notes = self.notes.copy()
        notes[:, 2] = on_piano(notes[:, 2] + semitones)
        return Song(in_order(notes), self.bpm, self.tempo_from, self.bar)


def on_piano(pitches: NDArray[np.integer]) -> NDArray[np.int32]:
    """Return pitches brought to the keys of a piano by octaves."""
    below = np.maximum(0, -(-(LOWEST_PITCH - pitches) // 12))
    above = np.maximum(0, -(-(pitches - HIGHEST_PITCH) // 12))
    return (pitches + 12 * (below - above)).astype(np.int32)


def in_order(notes: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return notes (N, 3) in the order of a Song, as a piano plays them.

    Of a pitch twice at an onset the longer stays; a note ends where its key is struck again.
    """
    if not len(notes):
        return notes
    notes = notes[np.lexsort((-notes[:, 1], notes[:, 0], notes[:, 2]))]
    again = (np.diff(notes[:, [0, 2]], axis=0) == 0).all(axis=1)
    notes = notes[np.concatenate([[True], ~again])]
    until_next, is_same_key = np.diff(notes[:, 0]), np.diff(notes[:, 2]) == 0
    durations = notes[:-1, 1]
    durations[:] = np.where(is_same_key, np.minimum(durations, until_next), durations)
    return notes[np.lexsort((notes[:, 2], notes[:, 0]))]
