import numpy as np
import pytest

from kpop_assets.songs.beside_real import (
    LearnedSong,
    RealSongs,
    is_monotonous,
    measures_beside,
    songs_beside,
)
from kpop_assets.songs.song import Song
from kpop_assets.songs.song_measures import MEASURES, song_measures
from kpop_assets_tests.songs.making import pop_song

LEARNED = [
    LearnedSong(f"{seed}.mid", f"Song {seed}", pop_song(seed, seed % 12)) for seed in range(6)
]
REAL = RealSongs(
    {one.name: [song_measures(each.song)[one.name] for each in LEARNED] for one in MEASURES},
    LEARNED,
)
ONE_KEY = Song(np.array([(4 * beat, 4, 60) for beat in range(128)], np.int32))


def test_real_songs_are_like_themselves_and_copies_of_themselves() -> None:
    songs = {each.file: each.song for each in LEARNED}
    beside = measures_beside(list(songs.values()), REAL)
    assert all(one["usual"] for one in beside.values())
    assert all("as real songs" in str(one["words"]) for one in beside.values())
    for told, each in zip(songs_beside(songs, REAL), LEARNED, strict=True):
        assert told["longest_run"]["onsets"] == len(np.unique(each.song.notes[:, 0]))
        assert told["longest_run"]["title"] == each.title


def test_a_copy_in_another_key_is_found_and_where_it_is() -> None:
    copied = LEARNED[2].song.transposed(3)
    [told] = songs_beside({"copy": copied}, REAL)
    assert told["longest_run"]["file"] == "2.mid"
    assert told["longest_run"]["semitones"] == -3


def test_what_was_given_to_go_on_from_is_no_copy() -> None:
    begun = LEARNED[2].song
    [told] = songs_beside({"song": begun}, REAL, own_from=begun.length)
    assert told["longest_run"]["onsets"] == 0
    assert told["longest_run"]["file"] == ""


def test_one_key_again_and_again_is_monotonous() -> None:
    beside = measures_beside([ONE_KEY], REAL)
    [told] = songs_beside({"song": ONE_KEY}, REAL)
    assert is_monotonous(told, beside)
    assert told["words"]["repetition_8"] == "repeats more than real songs do"
    assert beside["repetition_8"]["generated"] == pytest.approx(1.0, abs=0.03)
    assert not beside["repetition_8"]["usual"]


def test_what_cannot_be_measured_is_null() -> None:
    silence = Song(np.zeros((0, 3), np.int32))
    beside = measures_beside([silence], REAL)
    assert beside["notes_an_onset"]["generated"] is None
    assert beside["notes_an_onset"]["words"] is None
    [told] = songs_beside({"song": silence}, REAL)
    assert told["measures"]["notes_an_onset"] is None
    assert not told["ends"]
    assert not is_monotonous(told, beside)
