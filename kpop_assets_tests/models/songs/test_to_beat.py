"""What a network of songs has to beat: n-grams, and n-grams that remember the song so far."""

import numpy as np
import pytest

from kpop_assets.models.songs.judge import onsets_of
from kpop_assets.models.songs.to_beat import MEMORY_ORDER, SongMemory, memory_bits, ngram_bits
from kpop_assets.songs.ngrams import NGrams
from kpop_assets.songs.tokens import encoded
from kpop_assets_tests.songs.making import pop_song, scattered_song

SONGS = [encoded(pop_song(seed).notes) for seed in range(4)]
REPEATING, SENSELESS = encoded(pop_song(9).notes), encoded(scattered_song(1).notes)


def test_bits_are_those_of_the_n_grams_an_onset() -> None:
    cost = NGrams(SONGS).bits(REPEATING).sum() / onsets_of(REPEATING)
    assert ngram_bits(SONGS, [REPEATING]) == pytest.approx(cost)


def test_a_memory_foretells_a_song_that_repeats_and_is_of_no_use_in_one_that_does_not() -> None:
    without = NGrams(SONGS, MEMORY_ORDER)
    for song, least, most in ((REPEATING, 0.3, 0.7), (SENSELESS, 0.9, 1.1)):
        counted = without.bits(song).sum() / onsets_of(song)
        assert least < memory_bits(SONGS, [song]) / counted < most


def test_it_says_how_likely_what_came_was() -> None:
    counted = NGrams(SONGS, MEMORY_ORDER).probabilities(REPEATING)
    mixed = SongMemory(SONGS).mixed(REPEATING, counted)
    assert mixed.shape == counted.shape
    assert ((mixed > 0) & (mixed <= 1)).all()
    np.testing.assert_array_equal(mixed[:5], counted[:5], "nothing stood before")
