"""How a network of songs learns: the next token of windows of songs, in any key."""

import functools
from collections.abc import Iterable

import keras
import tensorflow as tf

from kpop_assets.models.songs.settings import FilledSongSettings
from kpop_assets.models.songs.windows import Songs, SongWindows
from kpop_assets.songs.tokens import PADDING
from kpop_assets.training.step.averaging import averaging_decay, move_average
from kpop_assets.training.step.gradients import gradients
from kpop_assets.training.step.learner import Learner, adam
from kpop_assets.training.step.randomness import StepRandomness

STEADY_STEPS = 150
"""Steps after which the learning rate falls."""
_BETA_1 = 0.9
_DROPOUT = 12
"""The first of the streams of random numbers for dropout, one for each place."""
_PLACES = 4
_OF_INPUT = 0.6
"""How much of the dropout what comes into the network gets."""


class SongLearner(Learner):
    """A network and the average of its weights."""

    def __init__(self, settings: FilledSongSettings, songs: Songs) -> None:
        """Build the untrained network; `settings.seed` fixes its first weights."""
        self._settings = settings
        self._windows = SongWindows(songs, settings.window)
        self.loss_names = tuple(settings.chosen.losses)
        self._network, self.sampler = settings.network(), settings.network()
        self._adam = adam(settings.learning_rate, _BETA_1, self._network, STEADY_STEPS)
        self.networks = {"network": self._network, "sampler": self.sampler}
        self.optimizers = {"optimizer": self._adam}

    def update(self, randomness: StepRandomness) -> tf.Tensor:
        """Train once; return what a token costs, (1,)."""
        settings, replica = self._settings, randomness.replica
        if self._network.both_ways:
            behind, then = self._windows.draw_endings(settings.batch_size, randomness)
        else:
            behind, then = self._windows.draw(settings.batch_size, randomness)
        drop = functools.partial(self._drop, randomness=randomness)
        bits = token_bits(self._network(behind, drop=drop), then)
        counted = tf.reduce_sum(tf.cast(then != PADDING, tf.float32), axis=1)
        everyones = tf.reduce_sum(replica.gathered([counted])[0])
        loss = tf.reduce_sum(bits) * replica.count / tf.maximum(everyones, 1.0)
        weights = self._network.trainable_variables
        self._adam.apply(gradients(loss, weights), weights)
        fade(weights, settings.weight_decay)
        move_average(
            self.sampler.variables, self._network.variables, averaging_decay(randomness.step)
        )
        return loss[None]

    def _drop(self, numbers: tf.Tensor, place: int, randomness: StepRandomness) -> tf.Tensor:
        """Leave out the same numbers of (B, T, D) at all times of a window."""
        share = self._settings.dropout * (1.0 if place else _OF_INPUT)
        if not share:
            return numbers
        replica = randomness.replica
        shape = (self._settings.batch_size, 1, numbers.shape[-1])
        stream = randomness.stream(_DROPOUT + min(place, _PLACES - 1))
        kept = tf.random.stateless_uniform(shape, stream, alg="philox") >= share
        return numbers * replica.own(tf.cast(kept, tf.float32)) / (1.0 - share)


def fade(weights: Iterable[keras.Variable], share: float) -> None:
    """Let a share of each weight fade; biases stay."""
    for weight in weights:
        if share and len(weight.shape) > 1:
            weight.assign(weight * (1.0 - share))


def token_bits(logits: tf.Tensor, then: tf.Tensor) -> tf.Tensor:
    """Return what each token costs, float32 (B, T), 0 for PADDING."""
    nats = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=then, logits=logits)
    return tf.where(then == PADDING, 0.0, nats / tf.math.log(2.0))
