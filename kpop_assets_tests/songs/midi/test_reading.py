import io

import mido
import numpy as np
import pytest
import symusic

from kpop_assets.songs.errors import SongError
from kpop_assets.songs.midi.midi_file import MidiFile, Track, midi_file
from kpop_assets.songs.midi.reading import read_song, song_of
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets.songs.song import Song
from kpop_assets_tests.songs.making import (
    midi,
    off,
    on,
    pedal,
    pop_song,
    scattered_song,
    signature,
    tempo,
)

BEAT = 480
NOTE = [on(60), off(60, BEAT)]
HEADER = b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x01\xe0MTrk"


def notes(content: bytes) -> list[tuple[int, ...]]:
    return [tuple(note) for note in read_song(content).notes.tolist()]


def raw(events: bytes) -> bytes:
    return HEADER + len(events).to_bytes(4, "big") + events


@pytest.mark.parametrize("kind", [0, 1])
def test_a_note_is_onset_duration_and_pitch_on_the_grid_of_sixteenths(kind: int) -> None:
    content = midi([on(60), off(60, BEAT), on(64, BEAT), off(64, BEAT // 2)], kind=kind)
    assert notes(content) == [(0, 4, 60), (8, 2, 64)]


def test_tracks_sound_together_and_those_of_type_2_one_after_the_other() -> None:
    tracks = (NOTE, [on(72), off(72, BEAT)])
    assert notes(midi(*tracks, kind=1)) == [(0, 4, 60), (0, 4, 72)]
    assert notes(midi(*tracks, kind=2)) == [(0, 4, 60), (16, 4, 72)]


def test_running_status_and_a_velocity_of_nothing_as_note_off() -> None:
    content = raw(b"\x00\x90\x3c\x40\x00\x3d\x40\x83\x60\x3c\x00\x00\x3d\x00\x00\xff\x2f\x00")
    assert notes(content) == [(0, 4, 60), (0, 4, 61)]
    with_text_between = raw(b"\x00\x90\x3c\x40\x00\xff\x01\x01\xb0\x83\x60\x3c\x00")
    assert notes(with_text_between) == [(0, 4, 60)]


def test_a_note_without_note_off_lasts_until_its_key_is_struck_again_or_the_track_ends() -> None:
    end = mido.MetaMessage("end_of_track", time=2 * BEAT)
    assert notes(midi([on(60), on(60, BEAT), end])) == [(0, 4, 60), (4, 8, 60)]


def test_a_key_struck_again_while_it_sounds_ends_the_note_before() -> None:
    again = [on(60), on(60, BEAT), off(60, BEAT)]
    assert notes(midi(again)) == [(0, 4, 60), (4, 4, 60)]
    in_two_tracks = midi([on(60), off(60, 4 * BEAT)], [on(60, BEAT), off(60, BEAT)])
    assert notes(in_two_tracks) == [(0, 4, 60), (4, 4, 60)]


def test_a_note_off_at_the_time_of_the_next_note_on_is_that_of_the_note_before() -> None:
    legato = [on(60), on(60, BEAT), off(60), off(60, BEAT)]
    assert notes(midi(legato)) == [(0, 4, 60), (4, 4, 60)]


def test_with_the_pedal_notes_last_until_it_is_released_or_the_key_is_struck_again() -> None:
    played = [pedal(100), on(60), off(60, BEAT), on(64), off(64, BEAT), on(60), off(60, BEAT)]
    released = [*played, pedal(0, BEAT), on(72), off(72, BEAT)]
    assert notes(midi(released)) == [(0, 8, 60), (4, 12, 64), (8, 8, 60), (16, 4, 72)]
    never = [*played, mido.MetaMessage("end_of_track", time=BEAT)]
    assert notes(midi(never)) == [(0, 8, 60), (4, 12, 64), (8, 8, 60)]
    assert notes(midi([pedal(63), *NOTE, pedal(0, BEAT)])) == [(0, 4, 60)]


def test_a_pedal_counts_for_its_track_and_from_a_track_without_notes_for_its_channel() -> None:
    down = [pedal(127), pedal(0, 4 * BEAT)]
    assert notes(midi(down, NOTE)) == [(0, 16, 60)]
    assert notes(midi([pedal(127), on(72), pedal(0, 4 * BEAT), off(72)], NOTE))[0] == (0, 4, 60)
    other_channel = [pedal(127, channel=1), pedal(0, 4 * BEAT, channel=1)]
    assert notes(midi(other_channel, NOTE)) == [(0, 4, 60)]


def test_drums_are_left_out() -> None:
    assert notes(midi([on(36, channel=9), off(36, 10, channel=9)], NOTE)) == [(0, 4, 60)]


def test_pitches_off_the_piano_come_back_by_octaves() -> None:
    assert [pitch for *_, pitch in notes(midi([on(0), on(20), on(109), on(127)]))] == [
        *(24, 32, 97, 103)
    ]


def test_whole_bars_of_silence_before_the_first_note_are_left_out() -> None:
    late = midi([on(60, 9 * BEAT), off(60, BEAT)])
    assert notes(late) == [(4, 4, 60)]
    in_three = midi([signature(3, 4), on(60, 9 * BEAT), off(60, BEAT)])
    assert notes(in_three) == [(0, 4, 60)]


def recorded(song: Song, late: float, jitter: float, seed: int = 1) -> Song:
    """The song played by hand: late by so many sixteenths, each note by a random part of one."""
    random = np.random.default_rng(seed)
    played = Track(ticks=song.length * 120 + 10_000)
    for onset, duration, pitch in song.notes.tolist():
        start, end = np.array([onset, onset + duration]) + late + random.normal(0, jitter, 2)
        played.notes.append((round(120 * start), round(120 * end), pitch))
    return song_of(MidiFile(0, 480, [played]))


@pytest.mark.parametrize("late", [0.5, 2.31, 5.5, 7.75, 14.9])
def test_a_recording_comes_to_the_grid_as_a_whole_with_its_bars_where_its_notes_say(
    late: float,
) -> None:
    song = pop_song(3)
    read = recorded(song, late, 0.08)
    assert np.array_equal(read.notes[:, [0, 2]], song.notes[:, [0, 2]])


def test_where_the_notes_are_written_on_the_grid_bars_begin_where_the_file_says() -> None:
    song = pop_song(3)
    late = Song(song.notes + np.array([5, 0, 0], np.int32))
    assert np.array_equal(read_song(midi_bytes(late)).notes, late.notes)
    triplets = midi([event for _ in range(12) for event in (on(60), off(60, 160))])
    assert [note[0] for note in notes(triplets)][:4] == [0, 1, 3, 4]


def test_the_tempo_is_the_one_that_most_beats_have() -> None:
    song = read_song(midi([tempo(90), on(60), tempo(140, BEAT), off(60, 5 * BEAT)]))
    assert (song.bpm, song.tempo_from) == (140.0, "file")
    wavers = midi([tempo(140), on(60), *[tempo(90 + i / 100, BEAT) for i in range(9)], off(60)])
    assert 90 <= read_song(wavers).bpm < 91
    before_the_notes = midi([tempo(90), tempo(97.5, 40 * BEAT), *NOTE])
    assert read_song(before_the_notes).bpm == 97.5


@pytest.mark.parametrize("microseconds", [None, 0, 1, 2**24 - 1])
def test_without_a_tempo_that_can_be_one_it_is_assumed(microseconds: int | None) -> None:
    said = [] if microseconds is None else [mido.MetaMessage("set_tempo", tempo=microseconds)]
    song = read_song(midi([*said, *NOTE]))
    assert (song.bpm, song.tempo_from) == (120.0, "assumed")


@pytest.mark.parametrize(
    ("beats", "unit", "bar"), [(4, 4, 16), (3, 4, 12), (6, 8, 12), (5, 4, 20), (1, 4, 16)]
)
def test_the_bar_is_that_of_the_first_time_signature_that_can_be_one(
    beats: int, unit: int, bar: int
) -> None:
    assert read_song(midi([signature(beats, unit), signature(7, 8), *NOTE])).bar == (
        14 if beats == 1 else bar
    )
    assert read_song(midi([signature(beats, unit), *NOTE])).bar == bar


def test_a_name_in_any_encoding_and_chunks_of_other_kinds_are_passed_over() -> None:
    name = "미디".encode("cp949")
    track = b"\x00\xff\x03" + bytes([len(name)]) + name + b"\x00\x90\x3c\x40\x83\x60\x80\x3c\x40"
    content = raw(track)
    assert notes(content + b"trailing junk") == [(0, 4, 60)]
    other = content[:14] + b"XFIH\x00\x00\x00\x02ab" + content[14:]
    assert notes(other) == [(0, 4, 60)]


def test_a_hundred_thousand_notes_in_a_chord_are_the_keys_that_they_strike() -> None:
    chord = b"".join(b"\x00\x90" + bytes([21 + i % 88, 64]) for i in range(100_000))
    song = read_song(raw(chord + b"\x83\x60\xff\x2f\x00"))
    assert song.notes.tolist() == [[0, 4, pitch] for pitch in range(21, 109)]


SMPTE = bytearray(midi(NOTE))
SMPTE[12:14] = b"\xe7\x28"
NO_TICKS = bytearray(midi(NOTE))
NO_TICKS[12:14] = b"\x00\x00"
TYPE_3 = bytearray(midi(NOTE))
TYPE_3[9] = 3
CHORD = b"".join(b"\x00\x90" + bytes([pitch, 64]) for pitch in range(40, 80))
MANY = b"".join(b"\x78\x90\x00\x00" + CHORD for _ in range(501))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "it is empty"),
        (b"RIFF" * 9, "it is not MIDI"),
        (b"MThd", "it is not MIDI"),
        (bytes(50_000_000), "it has more than 4,000,000 bytes"),
        (bytes(TYPE_3), "it is MIDI of the unknown type 3"),
        (bytes(SMPTE), "its time base is SMPTE, not beats"),
        (bytes(NO_TICKS), "a beat has no ticks"),
        (midi(), "it has no notes"),
        (midi([tempo(90)]), "it has no notes"),
        (midi([on(36, channel=9), off(36, 9, channel=9)]), "it has drums only"),
        (midi([*NOTE, on(60, 4001 * BEAT), off(60, BEAT)]), "it is longer than 1,000 bars"),
        (raw(MANY), "it has 20,040 notes, more than 20,000"),
        (midi(NOTE)[:-3], "it ends 3 bytes early"),
        (raw(b"\x00\x90\x3c"), "track 1 is damaged"),
        (raw(b"\x00\x3c\x40"), "track 1 is damaged"),
        (raw(b"\x00\x90\x3c\xff"), "track 1 is damaged"),
        (raw(b"\x00\xf4\x00"), "track 1 is damaged"),
        (raw(b"\x00\xff\x01\x20"), "track 1 is damaged"),
        (raw(b"\xff" * 100_000), "track 1 is damaged"),
    ],
)
def test_what_is_no_song_is_refused_by_name(content: bytes, reason: str) -> None:
    with pytest.raises(SongError) as raised:
        read_song(content)
    assert raised.value.reason == reason
    assert "remove the file or save it again" in str(raised.value)


@pytest.mark.parametrize("seed", range(8))
def test_what_symusic_and_mido_read_is_what_is_read_here(seed: int) -> None:
    content = midi_bytes(scattered_song(seed) if seed % 2 else pop_song(seed))
    ours = sorted((at, end - at, key) for at, end, key in midi_file(content).tracks[0].notes)
    theirs = symusic.Score.from_midi(content).tracks[0].notes
    assert ours == sorted((note.time, note.duration, note.pitch) for note in theirs)
    ons = [event for event in mido.MidiFile(file=io.BytesIO(content)) if event.type == "note_on"]
    assert len(ons) == len(ours)
