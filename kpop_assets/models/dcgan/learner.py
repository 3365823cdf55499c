"""The DCGAN with what papers since have shown, trained in one stage.

Same networks as the original's, but the discriminator is spectrally normalised (Miyato et al.,
"Spectral Normalization for Generative Adversarial Networks", 2018) in place of BatchNorm; both see
covers through DiffAugment and flips; samples come from an average of the generator's weights.

One stage (Shen et al., "Training Generative Adversarial Networks in One Stage", 2021): both losses
are functions of the same logits, and without batch statistics each logit depends on its own cover
alone. So the gradient of the generator's loss at a generated cover is that of the discriminator's
loss times a number per cover, and one pass forward and back serves both updates.
"""

import tensorflow as tf

from kpop_assets.models.cover_source import CoverSource, as_range
from kpop_assets.models.dcgan.recipe import RECIPE
from kpop_assets.models.networks.acceleration import training_precision
from kpop_assets.models.networks.augmentation import augmented, flipped
from kpop_assets.models.networks.dcgan_networks import build_generator, build_spectral_discriminator
from kpop_assets.models.settings import FilledSettings
from kpop_assets.training.step import randomness as streams
from kpop_assets.training.step.averaging import averaging_decay, move_average
from kpop_assets.training.step.gradients import gradients
from kpop_assets.training.step.learner import Learner, adam
from kpop_assets.training.step.randomness import StepRandomness

_LEAST_SLOPE = 2.0**-20


class DcganLearner(Learner):
    """The generator, the average of its weights, and a discriminator."""

    loss_names = tuple(RECIPE.losses)

    def __init__(self, settings: FilledSettings, covers: CoverSource) -> None:
        """Build untrained networks; `settings.seed` fixes their first weights."""
        self._settings = settings
        self._covers = covers
        sizes = (settings.image_size, settings.noise_size, settings.width, settings.seed)
        self.sampler = build_generator(*sizes)
        with training_precision(settings.mixed_precision):
            self._generator = build_generator(*sizes)
            self._discriminator = build_spectral_discriminator(
                settings.image_size, settings.width, settings.seed
            )
        self.networks = {
            "generator": self._generator,
            "sampler": self.sampler,
            "discriminator": self._discriminator,
        }
        self.optimizers = {
            "generator_optimizer": adam(
                settings.generator_learning_rate, settings.beta_1, self._generator
            ),
            "discriminator_optimizer": adam(
                settings.discriminator_learning_rate, settings.beta_1, self._discriminator
            ),
        }

    def update(self, randomness: StepRandomness) -> tf.Tensor:
        """Train both networks once; return the three losses, cross-entropies in nats."""
        settings = self._settings
        rows = randomness.rows(settings.batch_size, self._covers.count)
        reals = as_range(self._covers.gather(rows))
        reals = flipped(reals, randomness.stream(streams.FLIP), randomness.replica)
        noise = randomness.noise(settings.batch_size, settings.noise_size, streams.GENERATOR_NOISE)
        fakes = self._generator(noise, training=True)
        real_logits = self._discriminator(
            self._seen(reals, randomness, streams.REAL_AUGMENTATION), training=True
        )
        fake_logits = self._discriminator(
            self._seen(fakes, randomness, streams.FAKE_AUGMENTATION), training=False
        )
        real_slope = tf.nn.sigmoid(real_logits) - (1.0 - settings.label_noise)
        fake_slope = tf.maximum(tf.nn.sigmoid(fake_logits), _LEAST_SLOPE)
        weights = self._discriminator.trainable_variables
        *weight_gradients, cover_gradients = gradients(
            [real_logits, fake_logits],
            [*weights, fakes],
            [real_slope / rows.shape[0], fake_slope / rows.shape[0]],
        )
        ratio = (tf.nn.sigmoid(fake_logits) - 1.0) / fake_slope
        generator_gradients = gradients(
            [fakes],
            self._generator.trainable_variables,
            [cover_gradients * ratio[:, :, tf.newaxis, tf.newaxis]],
        )
        self._apply(weight_gradients, generator_gradients, randomness.step)
        return tf.stack(
            [
                tf.reduce_mean(tf.nn.softplus(-real_logits)),
                tf.reduce_mean(tf.nn.softplus(fake_logits)),
                tf.reduce_mean(tf.nn.softplus(-fake_logits)),
            ]
        )

    def _seen(self, covers: tf.Tensor, randomness: StepRandomness, stream: int) -> tf.Tensor:
        return augmented(covers, randomness.stream(stream), randomness.replica)

    def _apply(
        self,
        weight_gradients: list[tf.Tensor],
        generator_gradients: list[tf.Tensor],
        step: tf.Tensor,
    ) -> None:
        self.optimizers["discriminator_optimizer"].apply(
            weight_gradients, self._discriminator.trainable_variables
        )
        self.optimizers["generator_optimizer"].apply(
            generator_gradients, self._generator.trainable_variables
        )
        move_average(self.sampler.variables, self._generator.variables, averaging_decay(step))
