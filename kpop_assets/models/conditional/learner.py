"""Drifting of covers that are to be of a set, a year: each drifts to the real ones like it."""

import math

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.models.conditional.condition_tensors import condition_vectors, log_pair_weights
from kpop_assets.models.conditional.conditions import Conditions
from kpop_assets.models.cover_source import CoverSource
from kpop_assets.models.drifting.drift_field import PairWeights
from kpop_assets.models.drifting.learner import POSITIVES, Drawn, DriftingLearner
from kpop_assets.models.settings import FilledSettings
from kpop_assets.training.step import randomness as streams
from kpop_assets.training.step.randomness import StepRandomness

LEFT_OPEN = 0.2
"""How often a condition is left open in training, so that a cover can be drawn without it."""


class ConditionalLearner(DriftingLearner):
    """A generator that is told what a cover is to be, and the average of its weights.

    What a generated cover is to be is what a real one is that is drawn for it, now and then with a
    condition left open.
    """

    def __init__(
        self,
        settings: FilledSettings,
        covers: CoverSource,
        conditions: Conditions,
        places: NDArray[np.float64],
        guidance: float = 0.0,
    ) -> None:
        """Build the untrained generator; `places` are those of the covers, (N, conditions).

        Raises WeightsMissingError and WeightsFileError.
        """
        super().__init__(settings, covers, conditions.width)
        self._conditions = conditions
        self._places = tf.constant(places, tf.float32)
        self._until = tf.constant(np.cumsum(chances(places)), tf.float32)
        self._guidance = guidance

    def drawn(self, randomness: StepRandomness) -> Drawn:
        """Return what a step begins with: noise with conditions, covers, what these count."""
        everyone = randomness.of_all()
        like = self._rows(self._settings.batch_size, everyone, streams.CONDITIONS)
        wanted = self._left_open(tf.gather(self._places, like), everyone)
        told = randomness.replica.own(condition_vectors(self._conditions, wanted))
        rows = self._rows(POSITIVES, everyone, streams.BATCH)
        return Drawn(
            tf.concat([self.noise(randomness), told[:, tf.newaxis, tf.newaxis]], axis=3),
            self.bank.of(rows, everyone),
            PairWeights(
                log_pair_weights(self._conditions, wanted, tf.gather(self._places, rows)),
                log_pair_weights(self._conditions, wanted, wanted),
                self._guidance,
            ),
        )

    def _rows(self, count: int, randomness: StepRandomness, stream: int) -> tf.Tensor:
        """Return rows of covers drawn by their chances, int32 (count,)."""
        where = randomness.uniform(count, 0.0, 1.0, stream)[:, 0]
        rows = tf.searchsorted(self._until, where, side="right", out_type=tf.int32)
        return tf.minimum(rows, self._until.shape[0] - 1)

    def _left_open(self, places: tf.Tensor, randomness: StepRandomness) -> tf.Tensor:
        stream = randomness.stream(streams.LEFT_OPEN)
        open_ones = tf.random.stateless_uniform(places.shape, stream, alg="philox") < LEFT_OPEN
        return tf.where(open_ones, math.nan, places)


def chances(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how often each cover is drawn, (N,), of sum 1.

    Covers of one value of the first condition are together drawn by the square root of how many
    they are: a set of 14 is seen more than its share, and one of 300 still more often.
    """
    first = np.nan_to_num(places[:, 0], nan=-1.0) if places.shape[1] else np.zeros(len(places))
    _, group, sizes = np.unique(first, return_inverse=True, return_counts=True)
    each = 1.0 / np.sqrt(sizes[group])
    return np.asarray(each / each.sum(), np.float64)
