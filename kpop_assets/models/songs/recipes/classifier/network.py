"""The network that classifies the next note or chord."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.models.networks.initializers import seeded_initializers
from kpop_assets.models.songs.grammar import IMPOSSIBLE
from kpop_assets.models.songs.recipes.classifier.symbols import SYMBOLS, pitches_of, symbols_of
from kpop_assets.models.songs.sequences.network import Drop, Notes, SequenceNetwork
from kpop_assets.models.songs.sequences.windows import Numbers
from kpop_assets.models.songs.settings import FilledSongSettings
from kpop_assets.training.step.replicas import several_replicas

MOST_SYMBOLS = 500
APART = 2
"""Sixteenths from a symbol to the next."""
_QUARTER = 4
"""How long a note of music21 is unless told otherwise."""


class ClassifierNetwork(SequenceNetwork):
    """From windows of symbols, float32 (B, T), to logits of the next one, float32 (B, SYMBOLS).

    It knows the symbols of the songs learned from; the others are IMPOSSIBLE. It reads a symbol as
    one number, its place among those known divided by their count.
    """

    preview_bars = 4

    def __init__(self, width: int, layers: int, seed: int, window: int) -> None:
        """Make LSTM layers of `width` and a dense one of half; `seed` fixes the first weights."""
        super().__init__(window)
        self.known = self.stored("known", np.ones(SYMBOLS))
        glorot = seeded_initializers(keras.initializers.GlorotUniform, seed, 0)
        orthogonal = seeded_initializers(keras.initializers.Orthogonal, seed, 1)
        self.cells = [
            keras.layers.LSTMCell(
                width, kernel_initializer=next(glorot), recurrent_initializer=next(orthogonal)
            )
            for _ in range(layers)
        ]
        for cell, size in zip(self.cells, [1] + [width] * (layers - 1), strict=True):
            cell.build((None, size))
        norm = keras.layers.BatchNormalization
        self.norms = [norm(synchronized=several_replicas()) for _ in range(2)]
        self.dense = keras.layers.Dense(
            max(1, width // 2), activation="relu", kernel_initializer=next(glorot)
        )
        self.out = keras.layers.Dense(SYMBOLS, kernel_initializer=next(glorot))

    def call(self, windows: tf.Tensor, drop: Drop | None = None) -> tf.Tensor:
        """Return logits; with `drop` it is in training."""
        places = (tf.cumsum(self.known) - 1.0) / tf.reduce_sum(self.known)
        state = tf.gather(places, tf.cast(windows, tf.int32))[..., None]
        last = len(self.cells) - 1
        for place, cell in enumerate(self.cells):
            state = _over_time(cell, state, drop if place < last else None, place)
        state = self.norms[0](state[:, -1], training=drop is not None)
        state = self.dense(drop(state, last) if drop else state)
        state = self.norms[1](state, training=drop is not None)
        logits = self.out(drop(state, last + 1) if drop else state)
        return logits + (1.0 - self.known) * IMPOSSIBLE

    def rows_of(self, songs: Sequence[Notes]) -> list[Numbers]:
        """Return the symbols of songs."""
        rows = [np.array(symbols_of(notes), np.float32) for notes in songs]
        known = np.zeros(SYMBOLS, np.float32)
        known[np.concatenate(rows).astype(np.int64)] = 1.0
        self.known.assign(known)
        return rows

    def costs(self, windows: tf.Tensor, then: tf.Tensor, drop: Drop) -> tf.Tensor:
        """Return the bits that each symbol costs, float32 (B,)."""
        logits = self(windows, drop=drop)
        nats = tf.nn.sparse_softmax_cross_entropy_with_logits(tf.cast(then, tf.int32), logits)
        return nats / tf.math.log(2.0)

    def following(self, windows: tf.Tensor) -> tf.Tensor:
        """Return the likeliest symbol."""
        return tf.cast(tf.argmax(self(windows), axis=-1), tf.float32)

    def onsets(self, end: int) -> NDArray[np.int64]:
        """Return when symbols are played: one each eighth."""
        return np.arange(0, min(MOST_SYMBOLS * APART, end), APART)

    def notes(self, numbers: Numbers, onsets: NDArray[np.int64], end: int) -> NDArray[np.int64]:
        """Return notes of a quarter, up to the end; chords have their pitches from middle C on."""
        return np.array(
            [
                (onset, min(_QUARTER, end - onset), pitch)
                for symbol, onset in zip(numbers.astype(int).tolist(), onsets.tolist(), strict=True)
                for pitch in pitches_of(symbol)
            ]
        )


def _over_time(
    cell: keras.layers.LSTMCell, numbers: tf.Tensor, drop: Drop | None, place: int
) -> tf.Tensor:
    """Return what a cell says at each time, (B, T, units), of numbers (B, T, D).

    `drop` leaves out the same of what it said before at all times, as recurrent dropout does.
    """
    fed = tf.transpose(numbers @ cell.kernel + cell.bias, (1, 0, 2))
    nothing = tf.zeros((tf.shape(numbers)[0], cell.units))
    kept = drop(tf.ones((numbers.shape[0], cell.units)), place) if drop else None

    def step(before: tuple[tf.Tensor, tf.Tensor], here: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        hidden, carry = before
        hidden = hidden if kept is None else hidden * kept
        let_in, forget, new, out = tf.split(here + hidden @ cell.recurrent_kernel, 4, axis=-1)
        carry = tf.sigmoid(forget) * carry + tf.sigmoid(let_in) * tf.tanh(new)
        return tf.sigmoid(out) * tf.tanh(carry), carry

    hidden, _ = tf.scan(step, fed, (nothing, nothing))
    return tf.transpose(hidden, (1, 0, 2))


def classifier_network(settings: FilledSongSettings) -> ClassifierNetwork:
    """Return the untrained network, its weights made."""
    network = ClassifierNetwork(settings.width, settings.layers, settings.seed, settings.window)
    network(tf.zeros((1, settings.window)))
    return network
