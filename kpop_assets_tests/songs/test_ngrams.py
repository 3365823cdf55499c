import numpy as np
import pytest

from kpop_assets.songs.ngrams import NGrams
from kpop_assets.songs.tokens import (
    BEGIN,
    END,
    FIRST_DURATION,
    FIRST_INTERVAL,
    FIRST_PITCH,
    VOCABULARY,
    decoded,
    encoded,
)
from kpop_assets.songs.transposition import ALL_KEYS, in_key

I0, I4 = FIRST_INTERVAL, FIRST_INTERVAL + 4
LOW, HIGH, D4 = FIRST_PITCH + 20, FIRST_PITCH + 24, FIRST_DURATION + 3
SONG = np.array([BEGIN, I0, LOW, D4, I4, HIGH, D4, I4, LOW, D4, END], np.int32)
WRITABLE = VOCABULARY - 2
"""All tokens but those of padding and of the beginning."""


@pytest.mark.parametrize("order", [1, 2, 4, 9])
def test_probabilities_of_all_tokens_add_up_to_one(order):
    model = NGrams([SONG], order)
    for length in range(1, len(SONG)):
        begun = SONG[:length]
        last = [model.probabilities(np.append(begun, one))[-1] for one in range(END, VOCABULARY)]
        assert sum(last) == pytest.approx(1.0)


def test_a_bigram_by_hand():
    model = NGrams([SONG], 2, keys=[0])
    # of 10 tokens behind BEGIN 6 differ; D4 is 3 of them
    of_any = (3 + 6 / WRITABLE) / (10 + 6)
    # HIGH was there once, with D4 behind it
    assert model.probabilities(np.array([BEGIN, HIGH, D4]))[1] == pytest.approx(
        (1 + 1 * of_any) / (1 + 1)
    )
    # D4 was there three times: twice before I4, once before END
    of_end = (1 + 6 / WRITABLE) / (10 + 6)
    assert model.probabilities(SONG)[-1] == pytest.approx((1 + 2 * of_end) / (3 + 2))


def test_an_unseen_context_leaves_it_to_the_shorter():
    pair = np.array([BEGIN, I4, LOW], np.int32)
    assert NGrams([SONG], 3, keys=[0]).probabilities(pair)[1] == pytest.approx(
        NGrams([SONG], 2, keys=[0]).probabilities(pair)[1]
    )


def test_a_song_counted_in_all_keys_is_known_in_all():
    in_one, in_all = NGrams([SONG], keys=[0]), NGrams([SONG])
    assert len(ALL_KEYS) == 12
    for key in ALL_KEYS:
        there = in_key(SONG, key)
        assert key == 0 or in_all.bits(there).sum() < in_one.bits(there).sum()


def test_a_song_at_the_edge_of_the_piano_keeps_its_pitch_classes():
    notes = np.array([[0, 2, 21], [0, 2, 107], [4, 2, 60]], np.int32)
    higher = decoded(in_key(encoded(notes), 3))
    np.testing.assert_array_equal(higher[:, 2], [24, 98, 63])
    np.testing.assert_array_equal(in_key(encoded(notes), 0), encoded(notes))
