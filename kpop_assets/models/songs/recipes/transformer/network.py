"""The network of songs with attention in place of the LSTM.

Blocks of attention and a dense layer, each behind a normalization (Vaswani and others, 2017; Xiong
and others, 2020). A token looks at those of the last window, itself among them, also in songs that
are longer; where they stand is told by turning (Su and others, "RoFormer", 2021), so that only the
distance between two tokens counts.
"""

from collections.abc import Iterator

import keras
import tensorflow as tf

from kpop_assets.models.networks.initializers import seeded_initializers
from kpop_assets.models.songs.network import Drop, SongNetwork, everything
from kpop_assets.models.songs.recipes.transformer.stepping import (
    HEADS,
    TransformerStepper,
    turning_speeds,
)
from kpop_assets.models.songs.settings import FilledSongSettings
from kpop_assets.models.songs.stepping import Stepper
from kpop_assets.models.songs.windows import nothing_behind

_DENSE_STREAM = 3
"""Of the seed; SongNetwork has those before."""
_UNSEEN = -1e9


class Block(keras.layers.Layer):
    """Adds to numbers, (B, T, width), what attention finds in those behind, and a dense layer."""

    def __init__(self, width: int, window: int, glorot: Iterator[keras.Initializer]) -> None:
        """Make the layers; `width` is rounded down to pairs of numbers in each head."""
        super().__init__()
        self.window, self.size = window, head_size(width)

        def dense(size: int) -> keras.layers.Dense:
            return keras.layers.Dense(size, kernel_initializer=next(glorot))

        self.norms = [keras.layers.LayerNormalization() for _ in range(2)]
        self.asked, self.found = dense(3 * HEADS * self.size), dense(width)
        self.wide, self.narrow = dense(2 * width), dense(width)

    def call(self, state: tf.Tensor, drop: Drop, place: int) -> tf.Tensor:
        """Return the numbers with what was found; `place` is that of the block."""
        state += drop(self.found(self._attended(self.norms[0](state))), place)
        wide = tf.nn.gelu(self.wide(self.norms[1](state)), approximate=True)
        return state + drop(self.narrow(wide), place)

    def _attended(self, state: tf.Tensor) -> tf.Tensor:
        """Return what each token finds, (B, T, HEADS * size).

        Time is cut into spans of a window; those in a span look at it and at the span before.
        """
        window, length = self.window, tf.shape(state)[1]
        spans = -(-length // window)
        three = tf.pad(self.asked(state), [[0, 0], [0, spans * window - length], [0, 0]])
        three = tf.reshape(three, (-1, spans * window, 3, HEADS, self.size))
        query, key, value = (
            tf.reshape(one, (-1, spans, window, HEADS, self.size))
            for one in (turned(three[:, :, 0]), turned(three[:, :, 1]), three[:, :, 2])
        )
        near = tf.einsum("bnqhd,bnkhd->bnhqk", query, _with_the_span_before(key))
        ago = window + tf.range(window)[:, None] - tf.range(2 * window)
        there = tf.range(spans)[:, None] * window + tf.range(2 * window) >= window
        seen = ((ago >= 0) & (ago < window))[None] & there[:, None]
        near = tf.where(seen[:, None], near * self.size**-0.5, _UNSEEN)
        found = tf.einsum("bnhqk,bnkhd->bnqhd", tf.nn.softmax(near), _with_the_span_before(value))
        return tf.reshape(found, (-1, spans * window, HEADS * self.size))[:, :length]


def head_size(width: int) -> int:
    """Return how many numbers a head has: pairs of them, one at least."""
    return max(2, width // HEADS // 2 * 2)


def turned(numbers: tf.Tensor) -> tf.Tensor:
    """Return numbers (B, T, HEADS, size) whose pairs are turned by their time."""
    times = tf.cast(tf.range(tf.shape(numbers)[1]), tf.float32)
    angles = times[:, None, None] * turning_speeds(numbers.shape[-1])
    first, second = tf.split(numbers, 2, axis=-1)
    cosine, sine = tf.cos(angles), tf.sin(angles)
    return tf.concat([first * cosine - second * sine, first * sine + second * cosine], -1)


def _with_the_span_before(spans: tf.Tensor) -> tf.Tensor:
    """Return (B, N, window, ...) as (B, N, 2 window, ...): each span behind the one before."""
    before = tf.pad(spans[:, :-1], [[0, 0], [1, 0], [0, 0], [0, 0], [0, 0]])
    return tf.concat([before, spans], axis=2)


class TransformerNetwork(SongNetwork):
    """From what is behind, to logits of the next token, float32 (B, T, VOCABULARY)."""

    def __init__(self, width: int, layers: int, seed: int, window: int) -> None:
        """Make so many blocks of `width`; `seed` fixes the first weights."""
        super().__init__(width, 0, seed, window)
        glorot = seeded_initializers(keras.initializers.GlorotUniform, seed, _DENSE_STREAM)
        self.into = keras.layers.Dense(width, kernel_initializer=next(glorot))
        self.blocks = [Block(width, window, glorot) for _ in range(layers)]
        self.last = keras.layers.LayerNormalization()

    def over_time(self, state: tf.Tensor, drop: Drop = everything) -> tf.Tensor:
        """Return what the blocks make of numbers (B, T, D)."""
        state = self.into(state)
        for place, block in enumerate(self.blocks, 1):
            state = block(state, drop=drop, place=place)
        return drop(self.last(state), len(self.blocks) + 1)

    def stepper(self) -> Stepper:
        """Return what writes a song."""
        return TransformerStepper(self)


def transformer_network(settings: FilledSongSettings) -> TransformerNetwork:
    """Return the untrained network, its weights made."""
    network = TransformerNetwork(settings.width, settings.layers, settings.seed, settings.window)
    network(nothing_behind(1, settings.window))
    return network
