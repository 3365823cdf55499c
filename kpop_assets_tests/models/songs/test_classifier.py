"""The recipe classifier: notes and chords as symbols, of which the likeliest follows."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.songs.generation import SongWish
from kpop_assets.models.songs.grammar import IMPOSSIBLE
from kpop_assets.models.songs.recipes.classifier.network import ClassifierNetwork, _over_time
from kpop_assets.models.songs.recipes.classifier.symbols import SYMBOLS, pitches_of, symbols_of
from kpop_assets.models.songs.windows import songs_with_more
from kpop_assets.songs.tokens import decoded
from kpop_assets_tests.models.songs.small_songs import SONGS


@pytest.fixture(scope="module")
def network():
    network = ClassifierNetwork(width=8, layers=2, seed=0, window=16)
    network.learning_from(songs_with_more(SONGS))
    return network


def notes_at_once(*pitches):
    return np.array([(0, 4, pitch) for pitch in pitches], np.int32)


def test_a_note_keeps_its_octave_and_a_chord_loses_it():
    [low], [high] = symbols_of(notes_at_once(36)), symbols_of(notes_at_once(48))
    assert low != high
    assert (pitches_of(low), pitches_of(high)) == ([36], [48])
    chords = [symbols_of(notes_at_once(*pitches)) for pitches in ((48, 64, 67), (52, 55, 60, 72))]
    assert chords[0] == chords[1]
    assert pitches_of(chords[0][0]) == [60, 64, 67]


def test_every_symbol_is_played_as_itself():
    for symbol in range(SYMBOLS):
        pitches = pitches_of(symbol)
        if len(pitches) > 1 or symbol < 88:
            assert symbols_of(notes_at_once(*pitches)) == [symbol]
    assert symbols_of(notes_at_once(48, 60)) == [88], "an octave is a chord of one pitch class"


def test_a_symbol_that_no_song_has_is_impossible(network):
    rows = network.rows_of([decoded(tokens) for tokens in SONGS])
    seen = set(np.concatenate(rows).astype(int).tolist())
    assert set(np.flatnonzero(network.known.numpy()).tolist()) == seen
    logits = network(rows[0][None, :16]).numpy()[0]
    assert set(np.flatnonzero(logits > IMPOSSIBLE / 2).tolist()) == seen


def test_the_vocabulary_is_read_as_places_in_it_from_0_to_below_1():
    few = ClassifierNetwork(width=4, layers=1, seed=0, window=8)
    few.rows_of([decoded(tokens) for tokens in SONGS])
    count = float(few.known.numpy().sum())
    first, last = np.flatnonzero(few.known.numpy())[[0, -1]]
    wide = ClassifierNetwork(width=4, layers=1, seed=0, window=8)
    for symbol, place in ((first, 0.0), (last, (count - 1) / count)):
        window = tf.fill((1, 8), float(symbol))
        state = _over_time(few.cells[0], tf.fill((1, 8, 1), place), None, 0)[:, -1]
        told = few.out(few.norms[1](few.dense(few.norms[0](state))))
        known = few.known.numpy() > 0
        np.testing.assert_allclose(few(window).numpy()[0, known], told.numpy()[0, known], atol=1e-5)
    assert wide.known.numpy().all(), "without songs all symbols are known"


def test_a_cell_over_time_says_what_the_lstm_of_keras_says():
    lstm = keras.layers.LSTM(6, return_sequences=True)
    numbers = tf.random.stateless_normal((3, 7, 5), (1, 2))
    told = lstm(numbers)
    np.testing.assert_allclose(_over_time(lstm.cell, numbers, None, 0), told, atol=1e-5)
    kept = _over_time(lstm.cell, numbers, lambda ones, _: ones, 0)
    np.testing.assert_allclose(kept, told, atol=1e-5)
    forgetful = _over_time(lstm.cell, numbers, lambda ones, _: 0 * ones, 0)
    np.testing.assert_allclose(forgetful[:, 0], told[:, 0], atol=1e-5)
    assert np.abs(forgetful[:, 1:] - told[:, 1:]).max() > 0.01


def test_symbols_follow_each_other_in_eighths_and_notes_sound_a_quarter(network):
    notes = network.compose(SongWish(4), 0)
    assert np.unique(notes[:, 0]).tolist() == list(range(0, 64, 2))
    last = notes[notes[:, 0] == 62]
    assert set(last[:, 1].tolist()) == {2}, "to the end of the song"
    again = {(onset, pitch) for onset, _, pitch in notes.tolist()}
    for onset, duration, pitch in notes[notes[:, 0] < 60].tolist():
        assert duration == (2 if (onset + 2, pitch) in again else 4)
    assert network.onsets(10_000).size == 500
