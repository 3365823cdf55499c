"""What the networks have in common that say the next number of a row of them."""

from abc import abstractmethod
from collections.abc import Callable, Sequence

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.models.songs.composer import Composer
from kpop_assets.models.songs.generation import BAR, SongSettingError, SongWish
from kpop_assets.models.songs.sequences.windows import Numbers, Sequences
from kpop_assets.models.songs.windows import Songs
from kpop_assets.songs.song import in_order
from kpop_assets.songs.tokens import decoded

OPENINGS = 64
"""Windows of the songs learned from that are kept with the network, to begin songs behind."""
Notes = NDArray[np.int32]
Drop = Callable[[tf.Tensor, int], tf.Tensor]
"""What leaves out parts of numbers, for the place of that in the network."""


class SequenceNetwork(Composer):
    """A network over rows of numbers, one for a note or a chord, without their rhythm.

    It writes as the published ones did: behind a window of a song that was learned from, which it
    does not play, one number after the other, each fed back. It has no temperature and does not go
    on from a beginning.
    """

    def __init__(self, window: int) -> None:
        """Take how many numbers are read at once."""
        super().__init__()
        self.window = window
        self.openings = self.stored("openings", np.zeros((OPENINGS, window)))

    def stored(self, name: str, value: NDArray[np.generic]) -> keras.Variable:
        """Return a variable that is kept with the weights, and not trained."""
        initial = keras.initializers.Constant(value)
        return self.add_weight(shape=value.shape, initializer=initial, trainable=False, name=name)

    def learning_from(self, songs: Songs) -> Sequences:
        """Return songs as rows, and keep what it takes to read and write them."""
        rows = self.rows_of([decoded(tokens) for tokens in songs.tokens])
        sequences = Sequences(rows, songs.shares, self.window)
        self.openings.assign(sequences.some(OPENINGS, 0))
        return sequences

    def compose(self, wish: SongWish, seed: int) -> Notes:
        """Return the notes of a song; raises SongSettingError where it is to go on from another."""
        wish.checked()
        if wish.begin is not None:
            raise SongSettingError(
                "Expected no beginning: a network of this recipe reads no rhythm, so it cannot go "
                "on from a song; leave the beginning out, or train another recipe."
            )
        end = wish.bars * BAR
        onsets = self.onsets(end)
        window = self.openings.numpy()[np.random.default_rng(seed).integers(OPENINGS)]
        for _ in onsets:
            window = np.append(window, self._next(window[None, -self.window :]))
        return in_order(self.notes(window[self.window :], onsets, end).astype(np.int32))

    @tf.function
    def _next(self, windows: tf.Tensor) -> tf.Tensor:
        return self.following(windows)

    @abstractmethod
    def rows_of(self, songs: Sequence[Notes]) -> list[Numbers]:
        """Return the notes of songs as rows of numbers, and keep what that depends on."""

    @abstractmethod
    def costs(self, windows: tf.Tensor, then: tf.Tensor, drop: Drop) -> tf.Tensor:
        """Return what the numbers behind windows cost, float32 (B,)."""

    @abstractmethod
    def following(self, windows: tf.Tensor) -> tf.Tensor:
        """Return the number that it writes behind each window, float32 (B,)."""

    @abstractmethod
    def onsets(self, end: int) -> NDArray[np.int64]:
        """Return when the numbers of a song are played, in sixteenths, before its end."""

    @abstractmethod
    def notes(self, numbers: Numbers, onsets: NDArray[np.int64], end: int) -> NDArray[np.int64]:
        """Return notes, (N, 3), for numbers and when they are played."""
