"""Songs as rows of numbers, one song behind the other, and windows of them."""

from collections.abc import Sequence

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.errors import KpopAssetsError
from kpop_assets.training.step.randomness import StepRandomness

Numbers = NDArray[np.float32]
_STREAM = 9
"""Of the random numbers; the covers' recipes leave it free."""


class TooFewNotesError(KpopAssetsError):
    """The songs to learn from are shorter together than a window."""


class Sequences:
    """Rows of numbers in TensorFlow's memory; windows go on from one song into the next."""

    def __init__(self, rows: Sequence[Numbers], shares: NDArray[np.float64], window: int) -> None:
        """Hold rows, float32 (any,), of which each is drawn from with its share.

        Raises TooFewNotesError where no window has a number behind it.
        """
        self._window = window
        self._numbers = np.concatenate(rows)
        windows = len(self._numbers) - window
        if windows < 1:
            raise TooFewNotesError(
                f"Expected songs of more than {window} notes or chords together, got "
                f"{len(self._numbers)}; learn from more songs, or choose a smaller window."
            )
        lengths = np.array([len(row) for row in rows])
        chances = np.repeat(shares / np.maximum(lengths, 1), lengths)[:windows]
        self._chances = chances / chances.sum()
        self._held = tf.constant(self._numbers)
        self._cumulated = tf.constant(np.cumsum(self._chances), tf.float32)

    def draw(self, count: int, randomness: StepRandomness) -> tuple[tf.Tensor, tf.Tensor]:
        """Return windows, float32 (own rows, window), and the number behind each, (own rows,)."""
        where = randomness.uniform(count, 0.0, 1.0, _STREAM)[:, 0] * self._cumulated[-1]
        starts = tf.searchsorted(self._cumulated, where, side="right")
        starts = tf.minimum(starts, len(self._chances) - 1)
        drawn = tf.gather(self._held, starts[:, None] + tf.range(self._window + 1))
        return drawn[:, :-1], drawn[:, -1]

    def some(self, count: int, seed: int) -> Numbers:
        """Return windows, float32 (count, window), the same for the same seed."""
        chance = np.random.default_rng(seed)
        starts = chance.choice(len(self._chances), count, p=self._chances)
        windows: Numbers = self._numbers[starts[:, None] + np.arange(self._window)]
        return windows
