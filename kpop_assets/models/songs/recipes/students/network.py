"""The notebook's network: the next pitch, as a number, from the pitches before."""

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.models.networks.initializers import seeded_initializers
from kpop_assets.models.songs.sequences.network import Drop, Notes, SequenceNetwork
from kpop_assets.models.songs.sequences.windows import Numbers
from kpop_assets.models.songs.settings import FilledSongSettings
from kpop_assets.songs.song import HIGHEST_PITCH, LOWEST_PITCH

MOST_NOTES = 300
TICKS_A_SIXTEENTH = 120
"""Of 480 a quarter, which is what mido writes unless told otherwise."""


class StudentsNetwork(SequenceNetwork):
    """From windows of pitches, float32 (B, T), to the pitch behind each, float32 (B,).

    Pitches are numbers from 0, the lowest of the songs learned from, to 1, the highest. The mean
    squared error leads to a pitch in their middle, from which a song hardly moves.
    """

    def __init__(self, width: int, layers: int, seed: int, window: int) -> None:
        """Make LSTM layers of `width`, half of it and so on; `seed` fixes the first weights."""
        super().__init__(window)
        self.range = self.stored("range", np.array([LOWEST_PITCH, HIGHEST_PITCH]))
        glorot = seeded_initializers(keras.initializers.GlorotUniform, seed, 0)
        orthogonal = seeded_initializers(keras.initializers.Orthogonal, seed, 1)
        self.lstms = [
            keras.layers.LSTM(
                max(1, width >> layer),
                return_sequences=layer < layers - 1,
                kernel_initializer=next(glorot),
                recurrent_initializer=next(orthogonal),
            )
            for layer in range(layers)
        ]
        self.out = keras.layers.Dense(1, kernel_initializer=next(glorot))

    def call(self, windows: tf.Tensor, drop: Drop | None = None) -> tf.Tensor:
        """Return the pitch behind each window."""
        state = windows[..., None]
        for place, lstm in enumerate(self.lstms):
            state = lstm(state)
            state = drop(state, place) if drop else state
        return self.out(state)[:, 0]

    def rows_of(self, songs: Sequence[Notes]) -> list[Numbers]:
        """Return the pitches of songs, one after the other, also those that start together."""
        pitches = np.concatenate([[], *(notes[:, 2] for notes in songs)])
        lowest, highest = pitches.min(initial=HIGHEST_PITCH), pitches.max(initial=LOWEST_PITCH)
        self.range.assign([lowest, highest])
        span = max(highest - lowest, 1)
        return [((notes[:, 2] - lowest) / span).astype(np.float32) for notes in songs]

    def costs(self, windows: tf.Tensor, then: tf.Tensor, drop: Drop) -> tf.Tensor:
        """Return the squared error of each pitch, float32 (B,)."""
        return tf.square(self(windows, drop=drop) - then)

    def following(self, windows: tf.Tensor) -> tf.Tensor:
        """Return the pitch as it is guessed, between keys of the piano too."""
        return self(windows)

    def onsets(self, end: int) -> NDArray[np.int64]:
        """Return when notes are played.

        The notebook wrote the place of a note as the time since the one before, so that each waits
        a tick longer: the first are a heap, the last are two and a half sixteenths apart.
        """
        ticks = np.cumsum(np.arange(1, MOST_NOTES + 1))
        onsets = np.rint(ticks / TICKS_A_SIXTEENTH).astype(np.int64)
        return onsets[onsets < end]

    def notes(self, numbers: Numbers, onsets: NDArray[np.int64], end: int) -> NDArray[np.int64]:
        """Return notes that last to the next onset, the last ones a sixteenth: none was ended."""
        lowest, highest = self.range.numpy()
        pitches = np.rint(lowest + np.clip(numbers, 0, 1) * (highest - lowest)).astype(np.int64)
        times, of_time = np.unique(onsets, return_inverse=True)
        lengths = np.diff(times, append=min(times[-1] + 1, end))
        return np.stack([onsets, lengths[of_time], pitches], axis=1)


def students_network(settings: FilledSongSettings) -> StudentsNetwork:
    """Return the untrained network, its weights made."""
    network = StudentsNetwork(settings.width, settings.layers, settings.seed, settings.window)
    network(tf.zeros((1, settings.window)))
    return network
