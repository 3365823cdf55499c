import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.songs.generation import SongWish, generate
from kpop_assets.models.songs.grammar import IMPOSSIBLE
from kpop_assets.models.songs.judge import SongJudge
from kpop_assets.models.songs.past import Past
from kpop_assets.models.songs.recipes.transformer.network import (
    HEADS,
    Block,
    transformer_network,
    turned,
)
from kpop_assets.models.songs.windows import SongWindows, songs_with_more
from kpop_assets.songs.tokens import END
from kpop_assets_tests.models.songs.small_songs import SMALL, SONGS

WINDOW = 8


def network_of(**settings):
    wanted = {"recipe": "transformer", "window": WINDOW, "layers": 2, **settings}
    return transformer_network(SMALL.model_copy(update=wanted).filled())


def found(block, numbers):
    return block(tf.constant(numbers), drop=lambda kept, _place: kept, place=1).numpy()


@pytest.fixture
def block():
    glorot = iter(tf.keras.initializers.GlorotUniform(seed) for seed in range(9))
    return Block(16, WINDOW, glorot)


@pytest.fixture
def numbers():
    return np.random.default_rng(0).standard_normal((2, 3 * WINDOW + 3, 16)).astype(np.float32)


@pytest.mark.parametrize("changed", [0, 5, WINDOW, 2 * WINDOW + 1])
def test_a_token_is_seen_by_itself_and_those_of_a_window_behind_it(block, numbers, changed):
    before = found(block, numbers)
    numbers[:, changed, 0] += 1.0
    differs = np.abs(found(block, numbers) - before).max(axis=(0, 2)) > 1e-6
    (seen_by,) = np.nonzero(differs)
    last = min(changed + WINDOW, len(differs))
    np.testing.assert_array_equal(seen_by, np.arange(changed, last))


def test_only_the_distance_of_two_tokens_counts():
    one = np.random.default_rng(1).standard_normal((1, 1, HEADS, 6)).astype(np.float32)
    rows = turned(tf.constant(np.repeat(one, 12, axis=1))).numpy()
    near = np.einsum("bqhd,bkhd->hqk", rows, rows)
    for distance in range(12):
        of_distance = np.diagonal(near, distance, axis1=1, axis2=2)
        np.testing.assert_allclose(of_distance, of_distance[:, :1].repeat(12 - distance, 1), 1e-3)


@pytest.mark.parametrize("width", [6, 8, 30])
def test_writing_is_the_same_as_reading_beyond_a_window_and_at_any_width(width):
    network = network_of(width=width)
    song = SONGS[2]
    whole = network(SongWindows(songs_with_more([song]), WINDOW).whole([0])[0]).numpy()[0]
    stepper, past = network.stepper(), Past()
    for place, token in enumerate(song[:-1].tolist()):
        past.add(token)
        stepped, possible = stepper.logits(past), whole[place] > IMPOSSIBLE / 2
        np.testing.assert_allclose(stepped[possible], whole[place][possible], atol=1e-3)
    assert len(song) > 4 * WINDOW


def test_a_song_is_written_and_costs_what_can_be_told():
    network = network_of()
    song = generate(network, SongWish(3), 0)
    assert song[-1] == END
    (bits,) = SongJudge([song], WINDOW).bits(network)
    assert np.isfinite(bits).all()
