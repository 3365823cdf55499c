import math

import numpy as np
import pytest

from kpop_assets.songs.likeness import Band, band_of, ends, in_words
from kpop_assets.songs.song import Song
from kpop_assets.songs.song_measures import MEASURES


def test_the_band_is_the_middle_of_real_songs_and_a_spread_around_their_mean() -> None:
    band = band_of([*np.linspace(0, 1, 101), math.nan])
    assert band is not None
    assert band.mean == pytest.approx(0.5)
    assert (band.low, band.high) == pytest.approx((0.025, 0.975))
    assert band.is_usual(0.75)
    assert not band.is_usual(0.85)
    assert band.has(0.85)
    assert not band.has(0.99)


def test_alike_songs_have_themselves_in_their_band() -> None:
    band = band_of([0.1 + 0.2])
    assert band is not None
    assert band.is_usual(0.3)
    assert band.has(0.3)


def test_there_is_no_band_where_no_song_can_be_measured() -> None:
    assert band_of([math.nan]) is None
    assert in_words("repetition_8", 0.5, None) is None


@pytest.mark.parametrize("measure", [measure.name for measure in MEASURES])
def test_every_measure_has_words_for_the_same_for_more_and_for_less(measure: str) -> None:
    band = Band(0.5, 0.1, 0.4, 0.6)
    said = [in_words(measure, value, band) for value in (0.3, 0.5, 0.7)]
    assert len(set(said)) == 3
    assert all(one and "real songs" in one for one in said)
    assert in_words(measure, math.nan, band) is None


def test_a_measure_in_words() -> None:
    band = Band(0.5, 0.1, 0.4, 0.6)
    assert in_words("repetition_8", 0.5, band) == "repeats as much as real songs do"
    assert in_words("repetition_8", 0.7, band) == "repeats more than real songs do"


@pytest.mark.parametrize(
    ("last", "is_end"),
    [((32, 16, 60), True), ((32, 8, 60), True), ((32, 4, 60), False), ((36, 12, 60), False)],
)
def test_a_song_ends_with_a_long_chord_at_the_start_of_a_bar(
    last: tuple[int, int, int], is_end: bool
) -> None:
    song = Song(np.array([(0, 4, 60), (0, 40, 48), last], np.int32))
    assert ends(song) == is_end
    assert not ends(Song(np.zeros((0, 3), np.int32)))
