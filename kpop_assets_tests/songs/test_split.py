from collections import Counter

import pytest

from kpop_assets.songs.split import TEST, TRAIN, VALIDATION, folds, split
from kpop_assets_tests.songs.making import pop_song

SONGS = [pop_song(seed, seed % 12, bars=10) for seed in range(120)]


def test_most_songs_are_learned_from_and_a_tenth_each_is_kept() -> None:
    sides = Counter(split(SONGS))
    assert sides[TRAIN] >= 85
    assert sides[VALIDATION] >= 5
    assert sides[TEST] >= 5


def test_a_song_stays_on_its_side_when_others_come_or_go_or_change_places() -> None:
    sides = split(SONGS)
    assert split(SONGS[:60]) == sides[:60]
    assert split(SONGS[::-1]) == sides[::-1]


def test_a_song_in_another_key_is_on_the_same_side_and_in_the_same_fold() -> None:
    twice = [*SONGS, *(song.transposed(-5) for song in SONGS)]
    assert split(twice) == [*split(SONGS)] * 2
    assert folds(twice).tolist() == folds(SONGS).tolist() * 2


@pytest.mark.parametrize(
    ("count", "sides"),
    [
        (0, {}),
        (1, {TRAIN: 1}),
        (2, {TRAIN: 1, VALIDATION: 1}),
        (3, {TRAIN: 1, VALIDATION: 1, TEST: 1}),
    ],
)
def test_of_few_songs_no_side_is_empty_if_it_can_be(count: int, sides: dict[str, int]) -> None:
    for start in range(0, 60, 3):
        assert Counter(split(SONGS[start : start + count])) == sides


def test_folds_are_equally_large_and_every_song_is_in_one() -> None:
    assert Counter(folds(SONGS).tolist()) == dict.fromkeys(range(5), 24)
    assert Counter(folds(SONGS[:58], 5).tolist()).most_common()[-1][1] == 11
    assert folds([]).tolist() == []
