"""Drifting: no discriminator; generated covers drift to the real ones in a network's features.

Deng, Li, Li, Du and He, "Generative Modeling via Drifting" (2026, arXiv:2602.04770). Each step
makes a batch of covers, looks at them and at real ones through a frozen EfficientNet-Lite0, and
moves every generated feature a little towards the real ones near it and away from the generated
ones near it; the generator learns to make the moved features. Where both are distributed alike the
two forces cancel. Nothing competes, so nothing wins by far or collapses, and every real cover
pulls: with few covers that keeps the samples as varied as they are.
"""

from dataclasses import dataclass

import tensorflow as tf

from kpop_assets.models.cover_source import CoverSource
from kpop_assets.models.drifting.cover_features import CoverFeatures, FeatureBank
from kpop_assets.models.drifting.drift_field import PairWeights, drift
from kpop_assets.models.drifting.light_generator import Layers, build_light_generator
from kpop_assets.models.drifting.recipe import RECIPE
from kpop_assets.models.networks.acceleration import convolution_policy, training_precision
from kpop_assets.models.networks.fused_normalization import FusedBatchNormalization
from kpop_assets.models.settings import FilledSettings
from kpop_assets.training.step import randomness as streams
from kpop_assets.training.step.averaging import averaging_decay, move_average
from kpop_assets.training.step.gradients import gradients
from kpop_assets.training.step.learner import Learner, adam
from kpop_assets.training.step.randomness import StepRandomness

POSITIVES = 192
"""Most real covers that attract in one step; mirrored ones count."""
STEADY_STEPS = 50
"""Steps after which the learning rate falls."""


@dataclass(frozen=True)
class Drawn:
    """What a step begins with.

    `noise` goes into the generator, float32 (own rows, 1, 1, its numbers), `positives` are the
    features of the real covers that attract, and `weights` what these count, where they differ.
    """

    noise: tf.Tensor
    positives: list[tf.Tensor]
    weights: PairWeights | None = None


class DriftingLearner(Learner):
    """A generator and the average of its weights."""

    loss_names = tuple(RECIPE.losses)

    def __init__(
        self, settings: FilledSettings, covers: CoverSource, condition_size: int = 0
    ) -> None:
        """Build the untrained generator and the features of the covers.

        `settings.seed` fixes the first weights. So many more numbers than those of the noise go
        into the generator as `condition_size` says. Raises WeightsMissingError and
        WeightsFileError.
        """
        self._settings = settings
        input_size = settings.noise_size + condition_size
        sizes = (settings.image_size, input_size, settings.width, settings.seed)
        self.sampler = build_light_generator(*sizes)
        faster = Layers(FusedBatchNormalization, convolution_policy(settings.convolutions))
        with training_precision(settings.mixed_precision):
            self._generator = build_light_generator(*sizes, faster)
        self._features = CoverFeatures(settings.image_size, covers)
        self.bank = FeatureBank(self._features, covers)
        self._adam = adam(
            settings.generator_learning_rate, settings.beta_1, self._generator, STEADY_STEPS
        )
        self.networks = {"generator": self._generator, "sampler": self.sampler}
        self.optimizers = {"generator_optimizer": self._adam}

    def update(self, randomness: StepRandomness) -> tf.Tensor:
        """Train the generator once; return how far the features were to move, (1,)."""
        replica = randomness.replica
        drawn = self.drawn(randomness)
        generated = self._features(self._generator(drawn.noise, training=True))
        everyones = replica.gathered([tf.stop_gradient(one) for one in generated])
        drifts = [
            drift(*features, replica, drawn.weights)
            for features in zip(generated, drawn.positives, everyones, strict=True)
        ]
        loss = tf.reduce_mean(tf.stack([one.loss for one in drifts]))
        weights = self._generator.trainable_variables
        self._adam.apply(gradients(loss, weights), weights)
        move_average(
            self.sampler.variables, self._generator.variables, averaging_decay(randomness.step)
        )
        return tf.reduce_mean(tf.stack([one.distance for one in drifts]), keepdims=True)

    def drawn(self, randomness: StepRandomness) -> Drawn:
        """Return what a step begins with."""
        return Drawn(self.noise(randomness), self.bank.draw(POSITIVES, randomness.of_all()))

    def noise(self, randomness: StepRandomness) -> tf.Tensor:
        """Return the noise of a step, float32 (own rows, 1, 1, noise_size)."""
        settings = self._settings
        return randomness.noise(settings.batch_size, settings.noise_size, streams.GENERATOR_NOISE)
