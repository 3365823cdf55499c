"""A song that was asked for in a key is in it."""

from types import SimpleNamespace

import numpy as np
import pytest

from kpop_assets.models.songs.composing import composed
from kpop_assets.models.songs.generation import SongSettingError, SongWish
from kpop_assets.models.songs.network import song_network
from kpop_assets.songs.keys import Key, key_of
from kpop_assets.songs.song import Song
from kpop_assets.songs.tokens import decoded
from kpop_assets_tests.models.songs.small_songs import SMALL, SONGS
from kpop_assets_tests.songs.making import pop_song


@pytest.fixture(scope="module")
def network():
    return song_network(SMALL.filled())


@pytest.mark.parametrize("key", [Key(9, "minor"), Key(4), Key(0)])
def test_a_song_is_in_the_key_asked_for(network, key):
    found = [key_of(composed(network, SongWish(4, key=key), seed, 100.0)) for seed in range(4)]
    asked = (key.tonic, key.mode)
    assert [(one.tonic, one.mode) for one in found].count(asked) >= 3


def test_a_network_that_knows_major_alone_stays_in_the_scale():
    notes = pop_song(1, 7).notes
    in_major = SimpleNamespace(compose=lambda *_: notes)
    song = composed(in_major, SongWish(16, key=Key(9, "minor")), 0, 100.0)
    assert key_of(song).name == "C major"
    assert np.abs(song.notes[:, 2] - notes[:, 2]).max() <= 6


def test_a_seed_writes_the_same_song_again_and_without_a_key_it_is_as_written(network):
    wish = SongWish(3, key=Key(2))
    first, again = (composed(network, wish, 3, 90.0) for _ in range(2))
    np.testing.assert_array_equal(first.notes, again.notes)
    free = composed(network, SongWish(3), 3, 90.0)
    assert isinstance(free, Song)
    assert free.bpm == 90.0


def test_a_song_that_goes_on_from_a_beginning_keeps_its_key(network):
    begin = SONGS[0][:20]
    song = composed(network, SongWish(6, key=Key(6), begin=begin), 0, 100.0)
    kept = decoded(begin[:14])
    assert set(map(tuple, kept[:, ::2].tolist())) <= set(map(tuple, song.notes[:, ::2].tolist()))


def test_a_wish_that_cannot_be_met_is_refused(network):
    with pytest.raises(SongSettingError, match="a tonic from 0"):
        composed(network, SongWish(3, key=Key(12)), 0, 100.0)
