import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.songs.grammar import IMPOSSIBLE
from kpop_assets.models.songs.judge import SongJudge, onsets_of
from kpop_assets.models.songs.past import Past
from kpop_assets.models.songs.recipes import DEFAULT_SONG_RECIPE, SONG_RECIPES
from kpop_assets.models.songs.windows import SongWindows, songs_with_more
from kpop_assets.songs.tokens import BEGIN, PADDING, decoded
from kpop_assets.songs.transposition import in_key
from kpop_assets.training.step.randomness import StepRandomness
from kpop_assets_tests.models.songs.small_songs import HELD_OUT, SMALL, SONGS

FORETELLING = [name for name, recipe in SONG_RECIPES.items() if recipe.foretells]


def untrained(recipe):
    return SMALL.model_copy(update={"recipe": recipe}).filled().network()


def windows_of(songs, length=16):
    return SongWindows(songs_with_more(songs), length)


def at_step(step, seed=0):
    return StepRandomness(seed, tf.constant(step, tf.int64), tf.constant(0, tf.int64))


def test_the_default_recipe_is_offered_first():
    assert next(iter(SONG_RECIPES)) == DEFAULT_SONG_RECIPE


@pytest.mark.parametrize("recipe", FORETELLING)
def test_a_song_never_has_a_token_that_the_network_thinks_impossible(recipe):
    for bits in SongJudge([*SONGS, *HELD_OUT], 16).bits(untrained(recipe)):
        assert np.isfinite(bits).all()
        assert bits.max() < 20


@pytest.mark.parametrize("recipe", FORETELLING)
def test_what_a_token_costs_does_not_depend_on_what_comes_after_it(recipe):
    network = untrained(recipe)
    (whole,) = SongJudge(SONGS[:1], 16).bits(network)
    (part,) = SongJudge([SONGS[0][:40]], 16).bits(network)
    np.testing.assert_allclose(part, whole[:39], rtol=1e-4)


@pytest.mark.parametrize("recipe", FORETELLING)
def test_probabilities_of_all_tokens_add_up_to_one(recipe):
    windows = windows_of(SONGS)
    behind, _ = windows.draw(3, at_step(1))
    logits = untrained(recipe)(behind).numpy()
    assert (logits[..., : BEGIN + 1] <= IMPOSSIBLE / 2).all()
    np.testing.assert_allclose(tf.nn.softmax(logits).numpy().sum(axis=-1), 1.0, rtol=1e-5)


@pytest.mark.parametrize("recipe", FORETELLING)
def test_writing_step_by_step_says_what_the_whole_network_says(recipe):
    network = untrained(recipe)
    song = SONGS[1][:30]
    stepper, past = network.stepper(), Past()
    for place, token in enumerate(song[:-1].tolist()):
        past.add(token)
        stepped = stepper.logits(past)
        if network.both_ways:
            then = tf.constant([place + 1])
            whole = network(windows_of([song]).of_endings(0, then, 0)[0]).numpy()[0, 0]
        else:
            whole = network(windows_of([song]).whole([0])[0]).numpy()[0, place]
        possible = whole > IMPOSSIBLE / 2
        np.testing.assert_allclose(stepped[possible], whole[possible], atol=1e-4)


def test_windows_are_inside_of_one_song_in_one_key():
    windows = windows_of(SONGS)
    for step in range(1, 20):
        behind, then = windows.draw(8, at_step(step))
        rows = np.concatenate([behind.tokens.numpy(), then.numpy()[:, -1:]], axis=1)
        np.testing.assert_array_equal(rows[:, 1:], then)
        for row in rows:
            row = row[row != PADDING]
            assert any(
                np.lib.stride_tricks.sliding_window_view(in_key(song, key), len(row)).tolist()
                and (np.lib.stride_tricks.sliding_window_view(in_key(song, key), len(row)) == row)
                .all(axis=1)
                .any()
                for song in SONGS
                if len(song) >= len(row)
                for key in range(-5, 7)
            )


def test_the_windows_of_a_step_are_the_same_again_and_others_at_the_next():
    windows = windows_of(SONGS)
    first, again, other = (windows.draw(8, at_step(step))[0].tokens.numpy() for step in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_every_token_is_drawn_as_an_ending():
    windows = windows_of(SONGS[:1], 8)
    drawn = np.concatenate(
        [windows.draw_endings(64, at_step(step))[1].numpy()[:, 0] for step in range(1, 30)]
    )
    assert (drawn != PADDING).all()
    assert (drawn == SONGS[0][-1]).any()


def test_additional_songs_get_their_share():
    songs = songs_with_more(SONGS[:1], SONGS[1:], 0.25)
    assert songs.shares.tolist()[0] == pytest.approx(0.75)
    assert songs.shares.sum() == pytest.approx(1.0)
    assert songs.fingerprint != songs_with_more(SONGS).fingerprint


def test_onsets_are_counted():
    for song in SONGS:
        assert onsets_of(song) == len(np.unique(decoded(song)[:, 0]))
