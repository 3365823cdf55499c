"""Songs and MIDI files for tests, made by a program or by mido."""

import io
from collections.abc import Sequence

import mido
import numpy as np

from kpop_assets.songs.song import Song, in_order

PROGRESSION = ((0, (0, 4, 7)), (7, (7, 11, 14)), (9, (9, 12, 16)), (5, (5, 9, 12)))
"""I V vi IV, each as its bass and its chord, in semitones above the tonic."""
SCALE = (0, 2, 4, 5, 7, 9, 11)


def pop_song(seed: int, tonic: int = 0, bars: int = 16, bpm: float = 104.0) -> Song:
    """A song in a major key: a bass, chords on beats, and a tune; its second half repeats much."""
    random = np.random.default_rng(seed)
    notes = []
    tune = random.integers(0, 7, (bars // 2, 8))
    rests = random.random((bars // 2, 8)) < 0.3
    for bar in range(bars):
        bass, chord = PROGRESSION[bar % 4]
        start = 16 * bar
        notes.append((start, 16, 36 + bass))
        for beat in range(0, 16, 4 if seed % 2 else 8):
            notes += [(start + beat, 3, 48 + pitch) for pitch in chord]
        for place in np.flatnonzero(~rests[bar % len(rests)]).tolist():
            notes.append((start + 2 * place, 2, 72 + SCALE[tune[bar % len(tune), place]]))
    notes.append((16 * bars, 32, 36))
    made = np.array(notes, np.int32) + np.array([0, 0, tonic], np.int32)
    return Song(in_order(made), bpm, "file")


def scattered_song(seed: int, notes: int = 300, bar: int = 16) -> Song:
    """A song without any sense, with what is rare: long notes and gaps, thick chords, all keys."""
    random = np.random.default_rng(seed)
    onsets = np.cumsum(random.choice([0, 0, 0, 1, 2, 4, 40], notes)) + random.integers(bar)
    durations = random.choice([1, 2, 3, 16, 17, 32, 100], notes)
    made = np.stack(
        [onsets - onsets[0] // bar * bar, durations, random.integers(21, 109, notes)], 1
    )
    return Song(in_order(made.astype(np.int32)), float(random.integers(40, 220)), "file", bar)


def of_notes(*notes: tuple[int, int, int]) -> Song:
    """A song of notes: onset, duration, pitch."""
    return Song(in_order(np.array(notes, np.int32).reshape(-1, 3)))


def midi(
    *tracks: Sequence[mido.Message | mido.MetaMessage], kind: int = 1, ticks_a_beat: int = 480
) -> bytes:
    """A MIDI file as mido writes it."""
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks_a_beat)
    file.tracks.extend(map(mido.MidiTrack, tracks))
    buffer = io.BytesIO()
    file.save(file=buffer)
    return buffer.getvalue()


def on(pitch: int, after: int = 0, channel: int = 0) -> mido.Message:
    """A key is struck, `after` ticks behind the event before."""
    return mido.Message("note_on", note=pitch, velocity=64, time=after, channel=channel)


def off(pitch: int, after: int = 0, channel: int = 0) -> mido.Message:
    """A key is let go."""
    return mido.Message("note_off", note=pitch, time=after, channel=channel)


def pedal(value: int, after: int = 0, channel: int = 0) -> mido.Message:
    """The sustain pedal is at a value, down from 64 on."""
    return mido.Message("control_change", control=64, value=value, time=after, channel=channel)


def tempo(bpm: float, after: int = 0) -> mido.MetaMessage:
    """The tempo changes."""
    return mido.MetaMessage("set_tempo", tempo=mido.bpm2tempo(bpm), time=after)


def signature(beats: int, unit: int) -> mido.MetaMessage:
    """A time signature."""
    return mido.MetaMessage("time_signature", numerator=beats, denominator=unit)
