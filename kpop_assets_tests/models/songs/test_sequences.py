"""Songs as rows of numbers, and the networks that say the next of them."""

import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.songs.composing import composed
from kpop_assets.models.songs.generation import SongSettingError, SongWish
from kpop_assets.models.songs.recipes import SONG_RECIPES
from kpop_assets.models.songs.sequences.windows import Sequences, TooFewNotesError
from kpop_assets.models.songs.windows import songs_with_more
from kpop_assets.songs.keys import Key, key_of
from kpop_assets.songs.tokens import decoded, encoded
from kpop_assets.training.step.randomness import StepRandomness
from kpop_assets_tests.models.songs.small_songs import SMALL, SONGS

OF_SEQUENCES = [name for name, recipe in SONG_RECIPES.items() if not recipe.foretells]
ROWS = [np.arange(10, dtype=np.float32), np.arange(100, 130, dtype=np.float32)]


def at_step(step, seed=0):
    return StepRandomness(seed, tf.constant(step, tf.int64), tf.constant(0, tf.int64))


def untrained(recipe, layers=2):
    """A network that has read the songs, and learned nothing."""
    network = SMALL.model_copy(update={"recipe": recipe, "layers": layers}).filled().network()
    network.learning_from(songs_with_more(SONGS))
    return network


def nothing_dropped(numbers, _place):
    return numbers


def test_a_window_is_followed_by_what_is_behind_it_also_in_the_next_song():
    windows, then = Sequences(ROWS, np.array([0.25, 0.75]), 4).draw(256, at_step(1))
    whole = np.concatenate(ROWS).tolist()
    for window, last in zip(windows.numpy().tolist(), then.numpy().tolist(), strict=True):
        start = whole.index(window[0])
        assert whole[start : start + 5] == [*window, last]
    assert {9.0, 100.0} <= set(windows.numpy()[:, 3].tolist())


def test_a_song_is_drawn_from_as_often_as_its_share_says():
    windows, _ = Sequences(ROWS, np.array([0.9, 0.1]), 4).draw(512, at_step(1))
    assert 0.85 < (windows.numpy()[:, 0] < 100).mean() < 0.97


def test_the_windows_of_a_step_are_the_same_again_and_others_at_the_next():
    rows = Sequences(ROWS, np.array([0.5, 0.5]), 4)
    first, again, other = (rows.draw(8, at_step(step))[0].numpy() for step in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_songs_shorter_than_a_window_are_refused_by_name():
    with pytest.raises(TooFewNotesError, match="more than 40 notes or chords together, got 40"):
        Sequences(ROWS, np.array([0.5, 0.5]), 40)


@pytest.mark.parametrize("recipe", OF_SEQUENCES)
@pytest.mark.parametrize("bars", [2, 5])
def test_what_is_composed_is_a_song_that_tokens_lead_back_to(recipe, bars):
    network = untrained(recipe)
    song = composed(network, SongWish(bars), 3)
    np.testing.assert_array_equal(decoded(encoded(song.notes)), song.notes)
    assert len(song.notes)
    assert song.notes[0, 0] < 16
    assert song.length <= bars * 16
    again, other = (composed(network, SongWish(bars), seed).notes for seed in (3, 4))
    np.testing.assert_array_equal(again, song.notes)
    assert recipe != "students" or again.tolist() != other.tolist()


@pytest.mark.parametrize("recipe", OF_SEQUENCES)
def test_a_song_asked_for_in_a_key_is_moved_there(recipe):
    network = untrained(recipe)
    free = composed(network, SongWish(4), 0)
    key = Key(2, key_of(free).mode)
    song = composed(network, SongWish(4, key=key), 0)
    assert key_of(song).name == key.name
    assert len(np.unique(song.notes[:, 2] - free.notes[:, 2])) == 1


@pytest.mark.parametrize("recipe", OF_SEQUENCES)
def test_it_cannot_go_on_from_another_song_and_says_so(recipe):
    with pytest.raises(SongSettingError, match="leave the beginning out"):
        composed(untrained(recipe), SongWish(8, begin=SONGS[0][:20]), 0)


@pytest.mark.parametrize("recipe", OF_SEQUENCES)
def test_its_weights_are_all_it_takes_to_write_the_same_song(recipe):
    network = untrained(recipe)
    other = SMALL.model_copy(update={"recipe": recipe, "layers": 2, "seed": 5}).filled().network()
    other.set_weights(network.get_weights())
    songs = [one.compose(SongWish(3), 1) for one in (network, other)]
    np.testing.assert_array_equal(*songs)
