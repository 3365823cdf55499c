"""The network: an LSTM over tokens, and a look at each key of the piano that is alike for all keys.

The LSTM sees the last token, its place in four bars, and what followed in like places. A
convolution over the keys of the piano looks around each of them at what sounded a bar ago, at the
onset before and so on; being the same for all keys it learns from a song in C what holds in A.
The LSTM says how much each of what it found counts, and how much each hint.
"""

import functools
from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.models.networks.initializers import seeded_initializers
from kpop_assets.models.songs.composer import Composer
from kpop_assets.models.songs.generation import SongWish, generate
from kpop_assets.models.songs.grammar import FOLLOWS, IMPOSSIBLE, LONG_ENOUGH
from kpop_assets.models.songs.past import HINTS, KEYS, MAPS, MATCHES, PLACES
from kpop_assets.models.songs.settings import FilledSongSettings
from kpop_assets.models.songs.stepping import LstmStepper, Stepper, WindowStepper
from kpop_assets.models.songs.windows import Behind, nothing_behind
from kpop_assets.songs.song import LOWEST_PITCH, in_order
from kpop_assets.songs.tokens import FIRST_DURATION, FIRST_PITCH, VOCABULARY, decoded

Drop = Callable[[tf.Tensor, int], tf.Tensor]
"""What leaves out parts of numbers (B, T, D), for the place of that number in the network."""
AROUND = 25
"""Keys of the piano that are looked at together: an octave to each side."""
_FOUND = 16


def everything(numbers: tf.Tensor, _place: int) -> tf.Tensor:
    """Leave out nothing."""
    return numbers


def _normal(stddev: float, seed: int) -> keras.Initializer:
    return keras.initializers.RandomNormal(stddev=stddev, seed=seed)


class SongNetwork(Composer):
    """From what is behind, to logits of the next token, float32 (B, T, VOCABULARY).

    `both_ways` reads a window from both ends and says only what follows its last token,
    (B, 1, VOCABULARY).
    """

    def __init__(
        self,
        width: int,
        layers: int,
        seed: int,
        window: int = 128,
        both_ways: bool = False,
        context: bool = True,
    ) -> None:
        """Make the network of so many LSTM layers of `width`; `seed` fixes the first weights.

        `window` is how many tokens are read `both_ways`. Without `context` it sees tokens alone.
        """
        super().__init__()
        self.window, self.both_ways, self.context = window, both_ways, context
        self.preview_bars = 8 if both_ways else 16
        glorot = seeded_initializers(keras.initializers.GlorotUniform, seed, 0)
        orthogonal = seeded_initializers(keras.initializers.Orthogonal, seed, 1)
        normal = seeded_initializers(functools.partial(_normal, 0.3), seed, 2)

        def dense(size: int) -> keras.layers.Dense:
            return keras.layers.Dense(size, kernel_initializer=next(glorot))

        def embedding(count: int, size: int) -> keras.layers.Embedding:
            return keras.layers.Embedding(count, size, embeddings_initializer=next(normal))

        self.token = embedding(VOCABULARY, 64)
        if context:
            self._see_context(dense, embedding, next(glorot))
        self.lstms = []
        for _ in range(layers):
            lstm = keras.layers.LSTM(
                width,
                return_sequences=True,
                kernel_initializer=next(glorot),
                recurrent_initializer=next(orthogonal),
            )
            self.lstms.append(keras.layers.Bidirectional(lstm) if both_ways else lstm)
        self.out = dense(VOCABULARY)

    def _see_context(
        self,
        dense: Callable[[int], keras.layers.Dense],
        embedding: Callable[[int, int], keras.layers.Embedding],
        first: keras.Initializer,
    ) -> None:
        """Make the layers of what is known beside tokens."""
        self.hint = embedding(VOCABULARY, 24)
        self.place = embedding(PLACES, 16)
        self.match = embedding(MATCHES, 8)
        self.keys = dense(64)
        self.harmony = dense(24)
        self.around = keras.layers.Conv1D(
            _FOUND, AROUND, padding="same", activation="relu", kernel_initializer=first
        )
        self.weigh_found = dense(_FOUND)
        self.weigh_hints = dense(HINTS)

    def call(self, behind: Behind, drop: Drop = everything) -> tf.Tensor:
        """Return logits; impossible tokens have IMPOSSIBLE."""
        seen = [self.token(behind.tokens)]
        if self.context:
            keyboard = _keyboard(behind)
            hints = self.hint(behind.hints)
            shape = tf.shape(behind.tokens)
            flat = tf.reshape(keyboard[..., : MAPS + 1], (*tf.unstack(shape), KEYS * (MAPS + 1)))
            seen += [
                self.place(behind.places),
                self.match(behind.matches),
                tf.reshape(hints, (*tf.unstack(shape), HINTS * hints.shape[-1])),
                tf.nn.relu(self.keys(flat)),
                self.harmony(tf.concat([behind.classes, tf.one_hot(behind.bass, 12)], -1)),
            ]
        state = self.over_time(drop(tf.concat(seen, -1), 0), drop)
        if self.both_ways:
            behind = Behind(*(one[:, -1:] for one in behind))
            state = state[:, -1:]
            keyboard = keyboard[:, -1:] if self.context else None
        logits = self.out(state)
        if self.context:
            logits += self._of_hints(behind, state) + self._of_keys(keyboard, state)
        return logits + _impossible(behind)

    def over_time(self, state: tf.Tensor, drop: Drop = everything) -> tf.Tensor:
        """Return what the LSTMs say of numbers (B, T, D)."""
        for number, lstm in enumerate(self.lstms, 1):
            state = drop(lstm(state), number)
        return state

    def stepper(self) -> Stepper:
        """Return what writes a song with the network, token by token."""
        return WindowStepper(self) if self.both_ways else LstmStepper(self)

    def compose(self, wish: SongWish, seed: int) -> NDArray[np.int32]:
        """Return the notes of a song, drawn token by token; see `generate`."""
        return in_order(decoded(generate(self, wish, seed)))

    def _of_hints(self, behind: Behind, state: tf.Tensor) -> tf.Tensor:
        """Return what the hints add to the logits."""
        hinted = tf.one_hot(behind.hints, VOCABULARY)
        return tf.einsum("bth,bthv->btv", self.weigh_hints(state), hinted)

    def _of_keys(self, keyboard: tf.Tensor, state: tf.Tensor) -> tf.Tensor:
        """Return what the look around each key adds to the logits, 0 for all but pitches."""
        shape = tf.shape(keyboard)
        found = self.around(tf.reshape(keyboard, (-1, KEYS, keyboard.shape[-1])))
        found = tf.reshape(found, (shape[0], shape[1], KEYS, _FOUND))
        pitches = tf.einsum("btkf,btf->btk", found, self.weigh_found(state))
        return tf.pad(pitches, [[0, 0], [0, 0], [FIRST_PITCH, VOCABULARY - FIRST_DURATION]])


_CLASS_OF_KEY = (np.arange(KEYS) + LOWEST_PITCH) % 12
_HEIGHT = np.linspace(-1.0, 1.0, KEYS).astype(np.float32)


def _keyboard(behind: Behind) -> tf.Tensor:
    """Return what is known of each key of the piano, float32 (B, T, KEYS, MAPS + 5)."""
    maps = tf.bitwise.bitwise_and(tf.bitwise.right_shift(behind.maps[..., None], range(MAPS)), 1)
    last = tf.one_hot(behind.tokens - FIRST_PITCH, KEYS)
    bass = tf.gather(tf.one_hot(behind.bass, 12), _CLASS_OF_KEY, axis=-1)
    classes = tf.gather(behind.classes, _CLASS_OF_KEY, axis=-1) * 4.0
    height = tf.broadcast_to(_HEIGHT, tf.shape(last))
    others = tf.stack([behind.onset, last, bass, classes, height], -1)
    return tf.concat([tf.cast(maps, tf.float32), others], -1)


def _impossible(behind: Behind) -> tf.Tensor:
    """Return IMPOSSIBLE for the tokens that cannot follow, else 0, float32 (B, T, VOCABULARY)."""
    can = tf.gather(FOLLOWS, behind.tokens) & tf.gather(LONG_ENOUGH, behind.shortest)
    there = tf.pad(behind.onset, [[0, 0], [0, 0], [FIRST_PITCH, VOCABULARY - FIRST_DURATION]])
    return tf.where(can & (there == 0), 0.0, IMPOSSIBLE)


def song_network(settings: FilledSongSettings) -> SongNetwork:
    """Return the untrained network of a recipe, its weights made."""
    recipe = settings.chosen
    sizes = (settings.width, settings.layers, settings.seed, settings.window)
    network = SongNetwork(*sizes, recipe.both_ways, recipe.context)
    network(nothing_behind(1, settings.window))
    return network
