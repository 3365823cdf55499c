"""Songs as MIDI files."""

import numpy as np

from kpop_assets.songs.song import SIXTEENTHS_A_BEAT, Song, in_order

TICKS_A_SIXTEENTH = 120
VELOCITY, ON_BEAT, ON_BAR = 72, 80, 88
"""How hard keys are struck: between beats, on one, and at the start of a bar."""


def midi_bytes(song: Song) -> bytes:
    """Return a MIDI file of type 0 of a song: its tempo, its bar, and its notes on a piano.

    Every note has a note-off, at the latest where its key is struck again. `reading.read_song`
    gives the song back; `bpm` to a hundredth, from 10 to 1,000, `bar` from 6 to 64 sixteenths. A
    tempo that MIDI cannot say, below 3.6 or above 60 million, is the nearest that it can.
    """
    tempo = int(np.clip(round(60e6 / song.bpm), 1, 2**24 - 1))
    halvings = 4 if song.bar % 2 else 3 if song.bar % SIXTEENTHS_A_BEAT else 2
    beats = song.bar >> (4 - halvings)
    start = b"\x00\xff\x51\x03" + tempo.to_bytes(3, "big")
    start += b"\x00\xff\x58\x04" + bytes([min(beats, 255), halvings, 24, 8]) + b"\x00\xc0\x00"
    events = []
    for onset, duration, pitch in in_order(song.notes).tolist():
        velocity = VELOCITY
        if onset % SIXTEENTHS_A_BEAT == 0:
            velocity = ON_BEAT if onset % song.bar else ON_BAR
        events.append((onset, 1, bytes([0x90, pitch, velocity])))
        events.append((onset + duration, 0, bytes([0x80, pitch, 64])))
    track = bytearray(start)
    before = 0
    for time, _, event in sorted(events):
        track += _number((time - before) * TICKS_A_SIXTEENTH) + event
        before = time
    track += b"\x00\xff\x2f\x00"
    base = (TICKS_A_SIXTEENTH * SIXTEENTHS_A_BEAT).to_bytes(2, "big")
    header = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01" + base
    return header + b"MTrk" + len(track).to_bytes(4, "big") + bytes(track)


def _number(number: int) -> bytes:
    """A number of variable length."""
    parts = [number & 127]
    while number := number >> 7:
        parts.append(number & 127 | 128)
    return bytes(reversed(parts))
