import io
from dataclasses import replace

import mido
import numpy as np
import pytest
import symusic

from kpop_assets.songs.midi.reading import read_song
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets.songs.song import Song
from kpop_assets_tests.songs.making import of_notes, pop_song, scattered_song


@pytest.mark.parametrize(
    "song",
    [
        *(pop_song(seed, seed, bpm=90.25 + seed) for seed in range(4)),
        *(scattered_song(seed, bar=bar) for seed, bar in enumerate((16, 12, 14, 7, 20, 6, 64))),
    ],
)
def test_a_song_written_and_read_is_the_same_song(song: Song) -> None:
    read = read_song(midi_bytes(song))
    assert np.array_equal(read.notes, song.notes)
    assert (read.bpm, read.tempo_from, read.bar) == (song.bpm, "file", song.bar)


@pytest.mark.parametrize("bpm", [40, 60.5, 97.31, 104, 133.33, 240])
def test_other_programs_find_the_tempo_that_was_asked_for(bpm: float) -> None:
    content = midi_bytes(replace(pop_song(1), bpm=bpm))
    (there,) = symusic.Score.from_midi(content).tempos
    assert there.qpm == pytest.approx(bpm, rel=1e-4)
    file = mido.MidiFile(file=io.BytesIO(content))
    beats = pop_song(1).length / 4
    assert file.length == pytest.approx(beats * 60 / bpm, rel=1e-4)


def test_every_note_has_a_note_off_and_none_is_struck_while_it_sounds() -> None:
    overlapping = Song(np.array([[0, 32, 60], [4, 4, 60], [4, 4, 64]], np.int32))
    sounding: set[int] = set()
    for event in mido.MidiFile(file=io.BytesIO(midi_bytes(overlapping))):
        if event.type == "note_on":
            assert event.note not in sounding
            sounding.add(event.note)
        elif event.type == "note_off":
            sounding.remove(event.note)
    assert not sounding
    assert read_song(midi_bytes(overlapping)).notes.tolist() == [
        *([0, 4, 60], [4, 4, 60], [4, 4, 64])
    ]


def test_beats_are_struck_harder_than_what_is_between_and_bars_hardest() -> None:
    song = of_notes((0, 1, 60), (2, 1, 60), (4, 1, 60), (16, 1, 60))
    file = mido.MidiFile(file=io.BytesIO(midi_bytes(song)))
    assert [event.velocity for event in file if event.type == "note_on"] == [88, 72, 80, 88]


@pytest.mark.parametrize("bpm", [0.001, 1e9])
def test_a_tempo_that_midi_cannot_say_is_the_nearest_that_it_can(bpm: float) -> None:
    assert symusic.Score.from_midi(midi_bytes(replace(pop_song(1), bpm=bpm))).tempos


def test_a_song_without_notes_is_a_file_without() -> None:
    assert not symusic.Score.from_midi(midi_bytes(of_notes())).note_num()
