"""The rule of the original project: MLWhiz's DCGAN, with its warts.

Rahul Agarwal, "An End to End Introduction to GANs" (MLWhiz, 2019). Warts that are kept: labels
stray at random from 1 and 0, and the generator's update has those of the real covers; the
discriminator takes two separate updates, on real covers and then on generated ones, so that its
batch statistics never mix both; the generated covers of that update are made in inference mode, as
samples are. One update on the summed loss saved no measurable time, and both changes looked worse
after 800 steps (one seed, 94 covers). Not kept: the sigmoid, whose logarithm can be infinite.
"""

import keras
import tensorflow as tf

from kpop_assets.models.cover_source import CoverSource, as_range
from kpop_assets.models.networks.dcgan_networks import build_discriminator, build_generator
from kpop_assets.models.original.recipe import RECIPE
from kpop_assets.models.settings import FilledSettings
from kpop_assets.training.step import randomness as streams
from kpop_assets.training.step.gradients import gradients
from kpop_assets.training.step.learner import Learner, adam
from kpop_assets.training.step.randomness import StepRandomness


class OriginalLearner(Learner):
    """The original's generator and discriminator."""

    loss_names = tuple(RECIPE.losses)

    def __init__(self, settings: FilledSettings, covers: CoverSource) -> None:
        """Build both untrained networks; `settings.seed` fixes their first weights."""
        self._settings = settings
        self._covers = covers
        self.sampler = self._generator = build_generator(
            settings.image_size, settings.noise_size, settings.width, settings.seed
        )
        self._discriminator = build_discriminator(
            settings.image_size, settings.width, settings.seed
        )
        self.networks = {"generator": self._generator, "discriminator": self._discriminator}
        self.optimizers = {
            "generator_optimizer": adam(
                settings.generator_learning_rate, settings.beta_1, self._generator
            ),
            "discriminator_optimizer": adam(
                settings.discriminator_learning_rate, settings.beta_1, self._discriminator
            ),
        }

    def update(self, randomness: StepRandomness) -> tf.Tensor:
        """Train the discriminator twice and the generator once; return the three losses."""
        batch, noise_size = self._settings.batch_size, self._settings.noise_size
        reals = as_range(self._covers.gather(randomness.rows(batch, self._covers.count)))
        noise = randomness.noise(batch, noise_size, streams.DISCRIMINATOR_NOISE)
        fakes = self._generator(noise, training=False)
        real_labels = 1.0 - self._label_noise(randomness, streams.REAL_LABELS)
        real_loss = self._discriminator_update(reals, real_labels)
        fake_loss = self._discriminator_update(
            fakes, self._label_noise(randomness, streams.FAKE_LABELS)
        )
        noise = randomness.noise(batch, noise_size, streams.GENERATOR_NOISE)
        generator_loss = self._generator_update(noise, real_labels)
        return tf.stack([real_loss, fake_loss, generator_loss])

    def _label_noise(self, randomness: StepRandomness, stream: int) -> tf.Tensor:
        return randomness.uniform(
            self._settings.batch_size, 0.0, self._settings.label_noise, stream
        )

    def _discriminator_update(self, covers: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        loss = _cross_entropy(labels, self._discriminator(covers, training=True))
        _apply(self.optimizers["discriminator_optimizer"], loss, self._discriminator)
        return loss

    def _generator_update(self, noise: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        fakes = self._generator(noise, training=True)
        loss = _cross_entropy(labels, self._discriminator(fakes, training=True))
        _apply(self.optimizers["generator_optimizer"], loss, self._generator)
        return loss


def _apply(optimizer: keras.Optimizer, loss: tf.Tensor, network: keras.Model) -> None:
    variables = network.trainable_variables
    optimizer.apply(gradients(loss, variables), variables)


def _cross_entropy(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))
