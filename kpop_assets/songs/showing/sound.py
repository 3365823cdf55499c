"""Songs as sound: an additive piano.

A note is a sum of decaying partials, stretched as those of a stiff string are (Fletcher, Blackham
and Stratton, "Quality of Piano Tones", 1962): the higher a partial, the weaker and the sooner gone.
Two strings a little out of tune share a note, and one of them sounds on for longer (Weinreich,
"Coupled piano strings", 1977). A small room answers.
"""

import math

import numpy as np
from numpy.typing import NDArray
from scipy.signal import oaconvolve

from kpop_assets.songs.song import SIXTEENTHS_A_BEAT, Song

Samples = NDArray[np.float32]

SAMPLE_RATE = 16_000
"""What lies above half of it is 59 dB or more below the whole: with more, files only grow."""
PEAK = 10 ** (-1 / 20)
"""The loudest sample: 1 dB below full scale."""
TAIL_SECONDS = 2.0
"""So long a song sounds on behind its last note."""
_PARTIALS = 16
_ATTACK_SECONDS, _RELEASE_SECONDS, _FADE_SECONDS = 0.003, 0.25, 0.5
_STRINGS = ((0.65, -0.35, 3.2), (0.35, 0.35, 1.0))
"""Share, detuning in cents, and speed of decay of the two strings of a note."""
_ROOM_SECONDS, _ROOM_SHARE = 0.9, 0.22
_BLOCK = 256


def sound(song: Song, sample_rate: int = SAMPLE_RATE) -> Samples:
    """Return the song as float32 (samples,), its loudest sample PEAK, with a tail of TAIL_SECONDS.

    Notes on the beats of a bar are struck harder than those between, and of notes struck together
    the highest hardest. A song without notes is silence as long as the tail.
    """
    second = song.seconds_a_sixteenth
    length = length_of(song, sample_rate)
    mixed = np.zeros(length, np.float32)
    release = _release(sample_rate)
    longest = _longest_of_each_pitch(song)
    strings = {
        pitch: _string(pitch, round(sixteenths * second * sample_rate) + len(release), sample_rate)
        for pitch, sixteenths in longest.items()
    }
    for (onset, duration, pitch), strength in zip(
        song.notes.tolist(), strengths(song), strict=True
    ):
        start = round(onset * second * sample_rate)
        held = round(duration * second * sample_rate)
        end = min(length, start + held + len(release))
        note = strength * strings[pitch][: end - start]
        note[held:] *= release[: len(note) - held]
        mixed[start:end] += note
    return levelled(_in_a_room(mixed, sample_rate), sample_rate)


def length_of(song: Song, sample_rate: int) -> int:
    """Return how many samples a song takes, its tail included."""
    return round((song.length * song.seconds_a_sixteenth + TAIL_SECONDS) * sample_rate)


def strengths(song: Song) -> NDArray[np.float32]:
    """Return how hard each note is struck, float32 (N,) above 0 up to 1."""
    onsets, pitches = song.notes[:, 0], song.notes[:, 2]
    place = onsets % song.bar
    by_beat = np.select(
        [place == 0, place % (2 * SIXTEENTHS_A_BEAT) == 0, place % SIXTEENTHS_A_BEAT == 0],
        [1.0, 0.92, 0.87],
        0.8,
    )
    highest = np.zeros(song.length + 1, np.int32)
    np.maximum.at(highest, onsets, pitches)
    under = np.where(pitches == highest[onsets], 1.0, 0.68)
    return (by_beat * under).astype(np.float32)


def levelled(samples: Samples, sample_rate: int) -> Samples:
    """Return the samples with their loudest at PEAK, and faded out at the end; silence stays."""
    fade = min(len(samples), round(_FADE_SECONDS * sample_rate))
    shaped = samples.astype(np.float32)
    if fade:
        shaped[-fade:] *= np.cos(np.linspace(0, math.pi / 2, fade, dtype=np.float32)) ** 2
    loudest = float(np.abs(shaped).max(initial=0))
    return shaped * np.float32(PEAK / loudest) if loudest > 0 else shaped


def _longest_of_each_pitch(song: Song) -> dict[int, int]:
    longest: dict[int, int] = {}
    for _, duration, pitch in song.notes.tolist():
        longest[pitch] = max(duration, longest.get(pitch, 0))
    return longest


def _string(pitch: int, length: int, sample_rate: int) -> Samples:
    """A note that is never let go, float32 (length,), at full strength.

    Time is cut into blocks: what a decaying wave is at a block's start, times the wave within a
    block, summed over the partials, is one product of two matrices.
    """
    fundamental = 440.0 * 2 ** ((pitch - 69) / 12)
    number = np.arange(1, _PARTIALS + 1)
    stiffness = 7.5e-5 * 2 ** ((pitch - 48) / 9)
    frequency = fundamental * number * np.sqrt((1 + stiffness * number**2) / (1 + stiffness))
    number, frequency = (
        number[frequency < 0.45 * sample_rate],
        frequency[frequency < 0.45 * sample_rate],
    )
    dullness = 1.0 + max(0, pitch - 48) / 45
    weight = number**-dullness * (0.25 + np.abs(np.sin(number * math.pi / 7.5)))
    weight *= np.exp(-frequency / 5000) / np.sqrt((weight**2).sum())
    weight /= 1 + max(0, 57 - pitch) / 36
    decay = 0.55 * 2 ** ((pitch - 60) / 16) * (1 + 0.22 * (number - 1))
    starts, within = np.arange(-(-length // _BLOCK)) * _BLOCK, np.arange(_BLOCK)
    wave = np.zeros((len(starts), _BLOCK), np.float32)
    for share, cents, speed in _STRINGS:
        angle = 2 * math.pi * frequency * 2 ** (cents / 1200)
        turn = (1j * angle - speed * decay) / sample_rate
        blocks = (share * weight * np.exp(np.outer(starts, turn))).astype(np.complex64)
        wave += (blocks @ np.exp(np.outer(turn, within)).astype(np.complex64)).imag
    samples = wave.reshape(-1)[:length]
    attack = min(length, round(_ATTACK_SECONDS * sample_rate))
    samples[:attack] *= np.sin(np.linspace(0, math.pi / 2, attack, dtype=np.float32)) ** 2
    return samples


def _release(sample_rate: int) -> Samples:
    """How the sound of a key dies that is let go: from 1 to 0."""
    count = round(_RELEASE_SECONDS * sample_rate)
    place = np.linspace(0, 1, count, dtype=np.float32)
    return (np.exp(-4.5 * place) * (1 - place)).astype(np.float32)


def _in_a_room(samples: Samples, sample_rate: int) -> Samples:
    """The samples with a short echo of many walls, soft and without its highs."""
    count = round(_ROOM_SECONDS * sample_rate)
    noise = np.random.default_rng(1).standard_normal(count)
    smooth = np.convolve(noise, np.hanning(9), "same")
    walls = smooth * np.exp(-6.0 * np.arange(count) / count)
    walls[: round(0.012 * sample_rate)] = 0
    walls *= _ROOM_SHARE / np.sqrt((walls**2).sum())
    return samples + oaconvolve(samples, walls.astype(np.float32))[: len(samples)]
