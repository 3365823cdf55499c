"""Notes and chords as symbols: a single note is its pitch, a chord its set of pitch classes.

That is music21's normal order, which forgets octaves. All symbols that there can be have a number
of their own, whichever songs are learned from.
"""

from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from kpop_assets.songs.song import HIGHEST_PITCH, LOWEST_PITCH

FIRST_CHORD = HIGHEST_PITCH - LOWEST_PITCH + 1
"""The symbol of a chord of the pitch class C alone; that of C sharp alone is the next."""
SYMBOLS = FIRST_CHORD + 2**12 - 1
_MIDDLE_C = 60


def symbols_of(notes: NDArray[np.int32]) -> list[int]:
    """Return the symbols, from 0 to below SYMBOLS, of the onsets of notes in order."""
    symbols = []
    for _, there in groupby(notes.tolist(), key=lambda note: note[0]):
        pitches = [pitch for _, _, pitch in there]
        classes = sum(1 << one for one in {pitch % 12 for pitch in pitches})
        single = len(pitches) == 1
        symbols.append(pitches[0] - LOWEST_PITCH if single else FIRST_CHORD + classes - 1)
    return symbols


def pitches_of(symbol: int) -> list[int]:
    """Return the pitches that a symbol is played as: those of a chord from middle C on."""
    if symbol < FIRST_CHORD:
        return [LOWEST_PITCH + symbol]
    classes = symbol - FIRST_CHORD + 1
    return [_MIDDLE_C + one for one in range(12) if classes >> one & 1]
