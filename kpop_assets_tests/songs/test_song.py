import numpy as np
import pytest

from kpop_assets.songs.song import in_order, on_piano
from kpop_assets_tests.songs.making import of_notes, pop_song


def test_notes_are_in_order_and_a_key_struck_again_ends_the_note_before() -> None:
    notes = np.array([[4, 9, 60], [0, 9, 60], [0, 2, 64], [0, 3, 64], [0, 99, 21]], np.int32)
    assert in_order(notes).tolist() == [[0, 99, 21], [0, 4, 60], [0, 3, 64], [4, 9, 60]]
    assert notes.tolist()[1] == [0, 9, 60]


def test_pitches_come_to_the_keys_of_a_piano_by_octaves() -> None:
    pitches = np.array([-30, 9, 20, 21, 60, 108, 109, 127], np.int32)
    brought = on_piano(pitches)
    assert brought.tolist() == [30, 21, 32, 21, 60, 108, 97, 103]
    assert not ((brought - pitches) % 12).any()


@pytest.mark.parametrize("semitones", [-5, 0, 6])
def test_a_song_in_another_key_and_back_is_the_song(semitones: int) -> None:
    song = pop_song(3)
    there = song.transposed(semitones)
    assert np.array_equal(there.notes[:, 2], song.notes[:, 2] + semitones)
    assert np.array_equal(there.transposed(-semitones).notes, song.notes)
    assert (there.bpm, there.tempo_from, there.bar) == (song.bpm, song.tempo_from, song.bar)


def test_a_song_is_as_long_as_its_last_note_sounds() -> None:
    assert of_notes((0, 40, 60), (8, 4, 64)).length == 40
    assert of_notes().length == 0
    assert pop_song(1, bpm=120).seconds_a_sixteenth == 0.125
