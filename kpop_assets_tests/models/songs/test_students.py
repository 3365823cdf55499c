"""The recipe students: what the notebook wrote, made a song on the grid."""

import numpy as np
import pytest

from kpop_assets.models.songs.generation import SongWish
from kpop_assets.models.songs.recipes.students.network import MOST_NOTES, StudentsNetwork
from kpop_assets.models.songs.windows import songs_with_more
from kpop_assets.songs.tokens import decoded
from kpop_assets_tests.models.songs.small_songs import SONGS


@pytest.fixture(scope="module")
def network():
    network = StudentsNetwork(width=8, layers=3, seed=0, window=16)
    network.learning_from(songs_with_more(SONGS))
    return network


def test_each_layer_has_half_the_units_of_the_one_before(network):
    network.compose(SongWish(2), 0)
    assert [lstm.units for lstm in network.lstms] == [8, 4, 2]


def test_pitches_are_read_from_0_the_lowest_to_1_the_highest(network):
    rows = network.rows_of([decoded(tokens) for tokens in SONGS])
    pitches = [decoded(tokens)[:, 2] for tokens in SONGS]
    lowest, highest = min(map(min, pitches)), max(map(max, pitches))
    assert network.range.numpy().tolist() == [lowest, highest]
    for row, of_song in zip(rows, pitches, strict=True):
        np.testing.assert_allclose(lowest + row * (highest - lowest), of_song, rtol=1e-6)


def test_each_note_waits_a_tick_longer_than_the_one_before_as_the_notebook_had_it(network):
    onsets = network.onsets(10_000)
    assert len(onsets) == MOST_NOTES
    exact = [place * (place + 1) / 2 / 120 for place in range(1, MOST_NOTES + 1)]
    assert np.abs(onsets - exact).max() <= 0.5
    assert onsets[0] == 0
    assert onsets[-1] == 376, "47 seconds at 120 beats a minute, as its file"
    assert network.onsets(64).max() == 63


def test_a_note_lasts_to_the_next_onset_and_the_last_a_sixteenth(network):
    notes = network.compose(SongWish(32), 0)
    times = np.unique(notes[:, 0])
    until = dict(zip(times.tolist(), np.diff(times, append=times[-1] + 1).tolist(), strict=True))
    assert all(duration == until[onset] for onset, duration, _ in notes.tolist())


def test_a_guess_beyond_the_pitches_learned_from_is_the_nearest_of_them(network):
    lowest, highest = network.range.numpy().tolist()
    played = network.notes(np.array([-3.0, 0.5, 7.0], np.float32), np.array([0, 1, 2]), 16)
    assert played[:, 2].tolist() == [lowest, round((lowest + highest) / 2), highest]
