import numpy as np
import pytest

from kpop_assets.models.songs.generation import (
    BAR,
    SongSettingError,
    SongWish,
    generate,
)
from kpop_assets.models.songs.network import song_network
from kpop_assets.songs.keys import Key
from kpop_assets.songs.tokens import BEGIN, END, decoded, is_pitch
from kpop_assets_tests.models.songs.small_songs import SMALL, SONGS


@pytest.fixture(scope="module")
def network():
    return song_network(SMALL.filled())


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("bars", [2, 5])
def test_a_song_of_any_network_can_be_played_and_ends(network, seed, bars):
    tokens = generate(network, SongWish(bars, top_p=1.0, temperature=2.0), seed)
    assert tokens[0] == BEGIN
    assert tokens[-1] == END
    notes = decoded(tokens)
    assert len(notes) == sum(map(is_pitch, tokens)), "a key is struck once at an onset"
    assert notes[:, 0].max() == (bars - 1) * BAR
    assert (notes[:, 0] + notes[:, 1]).max() <= bars * BAR
    assert notes[notes[:, 0] == (bars - 1) * BAR, 1].min() >= BAR // 2
    assert np.diff(np.unique(notes[:, 0])).max(initial=0) <= BAR


def test_a_seed_writes_the_same_song_again(network):
    first, again, other = (generate(network, SongWish(3), seed) for seed in (1, 1, 2))
    np.testing.assert_array_equal(first, again)
    assert first.tolist() != other.tolist()


def test_a_song_can_go_on_from_a_beginning(network):
    begin = SONGS[0][:20]
    tokens = generate(network, SongWish(6, begin=begin), 0)
    np.testing.assert_array_equal(tokens[:20], begin)
    whole = generate(network, SongWish(6, begin=SONGS[0]), 0)
    np.testing.assert_array_equal(whole[: len(SONGS[0]) - 1], SONGS[0][:-1])


def test_a_key_is_kept_to_more_often(network):
    key = Key(9, "minor")

    def share_in_key(wish):
        notes = np.concatenate([decoded(generate(network, wish, seed)) for seed in range(6)])
        return np.isin((notes[:, 2] - 9) % 12, [0, 2, 3, 5, 7, 8, 10]).mean()

    assert share_in_key(SongWish(4, key=key)) > share_in_key(SongWish(4)) + 0.1


def test_a_song_does_not_stay_on_two_pitch_classes(network):
    """As those of networks do that were trained for minutes, at a low temperature above all."""
    notes = decoded(generate(network, SongWish(24, temperature=1e-7), 0))
    onsets = np.split(notes[:, 2] % 12, np.unique(notes[:, 0], return_index=True)[1][1:])
    spans = [set().union(*map(set, onsets[n : n + 20])) for n in range(len(onsets) - 20)]
    assert spans
    assert min(map(len, spans)) > 2


def test_a_low_temperature_takes_the_likeliest(network):
    cold = [generate(network, SongWish(3, temperature=1e-7), seed).tolist() for seed in range(3)]
    assert cold[0] == cold[1] == cold[2]


@pytest.mark.parametrize(
    "wish",
    [
        SongWish(bars=1),
        SongWish(temperature=0),
        SongWish(temperature=float("nan")),
        SongWish(top_p=0),
        SongWish(top_p=1.5),
        SongWish(key=Key(12)),
        SongWish(2, begin=SONGS[2]),
        SongWish(begin=np.array([BEGIN, BEGIN])),
        SongWish(begin=np.array([], np.int32)),
    ],
)
def test_a_wish_that_cannot_be_met_is_refused(network, wish):
    with pytest.raises(SongSettingError, match="Expected"):
        generate(network, wish, 0)
