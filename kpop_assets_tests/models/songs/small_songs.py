"""Songs small enough for tests: a phrase again and again, a little different in each."""

import numpy as np

from kpop_assets.models.songs.settings import SongSettings
from kpop_assets.songs.song import in_order
from kpop_assets.songs.tokens import Tokens, encoded

CHORDS = ((48, 60, 64, 67), (45, 57, 60, 64), (41, 57, 60, 65), (43, 59, 62, 67))


def small_song(seed: int, bars: int = 8) -> Tokens:
    """Return a song of chords and a melody."""
    chance = np.random.default_rng(seed)
    notes = []
    for bar in range(bars):
        chord = CHORDS[bar % 4]
        notes += [(16 * bar, 16 if pitch == chord[0] else 8, pitch) for pitch in chord]
        for beat in (4, 8, 12):
            notes.append((16 * bar + beat, 4, int(chance.choice(chord)) + 12))
    return encoded(in_order(np.array(notes, np.int32)))


SONGS = [small_song(seed, 4 + seed) for seed in range(4)]
HELD_OUT = [small_song(9)]
SMALL = SongSettings(
    steps=6,
    batch_size=4,
    window=16,
    width=8,
    layers=1,
    frame_every=6,
    evaluate_every=2,
    checkpoint_every=3,
)
