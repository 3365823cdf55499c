"""Damaged MIDI files are songs that hold to the rules of one, or are refused by name."""

from contextlib import suppress

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.songs.errors import SongError
from kpop_assets.songs.midi.reading import LONGEST, read_song
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets.songs.song import Song
from kpop_assets.songs.tokens import decoded, encoded
from kpop_assets_tests.fuzz.mutations import damaged
from kpop_assets_tests.songs.making import midi, off, on, pedal, pop_song, signature, tempo

TRACKS = (
    [tempo(90), signature(3, 4), pedal(127), on(60), off(60, 480), tempo(120), pedal(0, 960)],
    [on(36, channel=9), on(72, 100, channel=3), on(72, 100, channel=3), off(72, 7, channel=3)],
)
SAMPLES = [
    *(midi(*TRACKS, kind=kind) for kind in (1, 2)),
    midi(TRACKS[0], kind=0),
    midi_bytes(pop_song(1, bars=2)),
]
HEADER = SAMPLES[2][:18]


def require_song(song: Song) -> None:
    onsets, durations, pitches = song.notes.T
    assert song.notes.dtype == np.int32
    assert 0 <= onsets[0] < song.bar
    assert durations.min() >= 1
    assert song.length <= LONGEST
    assert pitches.min() >= 21
    assert pitches.max() <= 108
    for pitch in np.unique(pitches):
        of_key = pitches == pitch
        assert (onsets[of_key][1:] >= (onsets + durations)[of_key][:-1]).all()
    again = read_song(midi_bytes(song))
    assert np.array_equal(again.notes, song.notes)
    assert (again.bpm, again.bar) == (song.bpm, song.bar)
    assert np.array_equal(decoded(encoded(song.notes)), song.notes)


@given(damaged(SAMPLES))
def test_damaged_files_are_read_or_refused_by_name(content: bytes) -> None:
    with suppress(SongError):
        require_song(read_song(content))


@given(st.binary(max_size=400))
def test_any_bytes_as_a_track_are_read_or_refused_by_name(events: bytes) -> None:
    with suppress(SongError):
        require_song(read_song(HEADER + len(events).to_bytes(4, "big") + events))


MESSAGES = st.tuples(
    st.sampled_from([b"\x00", b"\x3c", b"\x81\x00", b"\xff\x7f"]),
    st.sampled_from([b"\x90", b"\x80", b"\x99", b"\xb0\x40", b"\xff\x51\x03\x07", b"", b"\xe0"]),
    st.integers(0, 127).map(lambda byte: bytes([byte])),
    st.integers(0, 127).map(lambda byte: bytes([byte])),
).map(b"".join)


@given(st.lists(MESSAGES, max_size=60).map(b"".join))
def test_any_messages_in_any_order_are_read_or_refused_by_name(events: bytes) -> None:
    test_any_bytes_as_a_track_are_read_or_refused_by_name.hypothesis.inner_test(events)
