"""Songs that a network composes, as songs that can be played, in the key that was asked for.

Notes out of its scale made rare keep a network to the scale and not to the tonic: of eight songs
asked for in A minor one was, and others sounded like E or F. What it writes freely is in some key,
and any song can be moved, so it is.
"""

from dataclasses import replace

import numpy as np

from kpop_assets.models.songs.composer import Composer
from kpop_assets.models.songs.generation import SongWish
from kpop_assets.songs.keys import key_of
from kpop_assets.songs.song import ASSUMED_BPM, Song
from kpop_assets.songs.tokens import Tokens, decoded, encoded

ATTEMPTS = 6


def composed(network: Composer, wish: SongWish, seed: int, bpm: float = ASSUMED_BPM) -> Song:
    """Return a song of a network, the same for the same seed, in the key of the wish if it has one.

    It is then the first of ATTEMPTS that is in major or minor as asked for, moved by at most six
    semitones; where none is, the first one, moved to the same scale. One that goes on from a
    beginning keeps its key, and notes out of the wish's are made rare. Raises SongSettingError.
    """
    wish.checked()
    key = wish.key
    if key is None or wish.begin is not None:
        return Song(network.compose(wish, seed), bpm)
    free = replace(wish, key=None)
    first = None
    for attempt in range(ATTEMPTS):
        song = Song(network.compose(free, _seed(seed, attempt)), bpm)
        found = key_of(song)
        if found.mode == key.mode:
            return song.transposed(_nearest(key.tonic - found.tonic))
        first = first or (song, found)
    assert first is not None
    song, found = first
    same_scale = key.tonic + (3 if key.mode == "minor" else -3)
    return song.transposed(_nearest(same_scale - found.tonic))


def opening(tokens: Tokens, sixteenths: int) -> Tokens:
    """Return the tokens, from BEGIN to END, of what a song strikes in its first sixteenths."""
    notes = decoded(tokens)
    return encoded(notes[notes[:, 0] < sixteenths])


def _seed(seed: int, attempt: int) -> int:
    """Return a seed for an attempt: the first has the seed itself."""
    if not attempt:
        return seed
    return int(np.random.SeedSequence([seed, attempt]).generate_state(1)[0])


def _nearest(semitones: int) -> int:
    """Return as many semitones up, or fewer down, from -6 to 5."""
    return (semitones + 6) % 12 - 6
