"""How a network learns the next number of rows of them: by Adam, batch after batch."""

import tensorflow as tf

from kpop_assets.models.songs.learner import fade
from kpop_assets.models.songs.sequences.network import SequenceNetwork
from kpop_assets.models.songs.settings import FilledSongSettings
from kpop_assets.models.songs.windows import Songs
from kpop_assets.training.step.gradients import gradients
from kpop_assets.training.step.learner import Learner, adam
from kpop_assets.training.step.randomness import StepRandomness

_BETA_1 = 0.9
_DROPOUT, _STREAMS = 10, 6
"""The first of the streams of random numbers for dropout, and how many there are."""


class SequenceLearner(Learner):
    """A network, which is shown and stored as it is after the last step."""

    def __init__(self, settings: FilledSongSettings, songs: Songs) -> None:
        """Build the untrained network; raises TooFewNotesError."""
        self._settings = settings
        self.loss_names = tuple(settings.chosen.losses)
        network = settings.network()
        assert isinstance(network, SequenceNetwork)
        self._network = self.sampler = network
        self._sequences = network.learning_from(songs)
        self._adam = adam(settings.learning_rate, _BETA_1, network)
        self.networks = {"network": network}
        self.optimizers = {"optimizer": self._adam}

    def update(self, randomness: StepRandomness) -> tf.Tensor:
        """Train once; return what a number costs, (1,)."""
        windows, then = self._sequences.draw(self._settings.batch_size, randomness)

        def drop(numbers: tf.Tensor, place: int) -> tf.Tensor:
            return self._dropped(numbers, place, randomness)

        loss = tf.reduce_mean(self._network.costs(windows, then, drop))
        weights = self._network.trainable_variables
        self._adam.apply(gradients(loss, weights), weights)
        fade(weights, self._settings.weight_decay)
        return loss[None]

    def _dropped(self, numbers: tf.Tensor, place: int, randomness: StepRandomness) -> tf.Tensor:
        """Leave out a share of numbers (own rows, ...), each by itself; what stays is larger."""
        share = self._settings.dropout
        if not share:
            return numbers
        shape = (self._settings.batch_size, *numbers.shape[1:])
        stream = randomness.stream(_DROPOUT + place % _STREAMS)
        kept = tf.random.stateless_uniform(shape, stream, alg="philox") >= share
        return numbers * randomness.replica.own(tf.cast(kept, tf.float32)) / (1.0 - share)
