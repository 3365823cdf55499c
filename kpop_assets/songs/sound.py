"""Songs as sound: an additive piano of ours, or fluidsynth where it is, and Ogg Vorbis.

A note of ours is a sum of decaying partials, slightly stretched as those of a stiff string are
(Fletcher, Blackham and Stratton, "Quality of Piano Tones", 1962): the higher, the weaker and the
sooner gone. Two strings a little apart in pitch share a note.
"""

import io
import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from kpop_assets.songs.song import SIXTEENTHS_A_BEAT, Song

Samples = NDArray[np.float32]

SAMPLE_RATE = 22_050
PEAK = 10 ** (-1 / 20)
"""The loudest sample: 1 dB below full scale."""
TAIL_SECONDS = 1.5
"""So long a song sounds on behind its last note."""
_LOUDNESS = 10 ** (-18 / 20)
"""The root mean square that a song is brought to, as far as its peaks allow."""
_PARTIALS = 12
_ATTACK_SECONDS, _RELEASE_SECONDS = 0.004, 0.18
_STRINGS_CENTS = 0.7
_OGG_CHUNK = 65_536


def sound(song: Song, sample_rate: int = SAMPLE_RATE) -> Samples:
    """Return the song as float32 (samples,) from -PEAK to PEAK, with a tail of TAIL_SECONDS.

    Notes on downbeats are struck harder, those between beats more softly, and of notes struck
    together the highest is the loudest. A song without notes is silence of the tail's length.
    """
    ends = song.notes[:, 0] + song.notes[:, 1]
    seconds = song.seconds_a_sixteenth
    length = round((int(ends.max(initial=0)) * seconds + TAIL_SECONDS) * sample_rate)
    mixed = np.zeros(length, np.float32)
    release = _release(sample_rate)
    for (onset, duration, pitch), velocity in zip(song.notes.tolist(), velocities(song), strict=True):
        start = round(onset * seconds * sample_rate)
        held = round((onset + duration) * seconds * sample_rate) - start
        struck = _string(pitch, sample_rate, _bucket(held + len(release)))
        note = struck[: held + len(release)].copy()
        note[held:] *= release[: len(note) - held]
        end = min(length, start + len(note))
        mixed[start:end] += velocity * note[: end - start]
    return levelled(mixed, sample_rate)
