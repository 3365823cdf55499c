"""The one-stage rule gives the gradients of the two losses that it stands for."""

import numpy as np
import tensorflow as tf

from kpop_assets.models.cover_source import InMemoryCovers, as_range
from kpop_assets.models.dcgan.learner import DcganLearner
from kpop_assets.models.networks.augmentation import augmented, flipped
from kpop_assets.training.step.randomness import (
    FAKE_AUGMENTATION,
    FLIP,
    GENERATOR_NOISE,
    REAL_AUGMENTATION,
    StepRandomness,
)


class KeptGradients:
    """An optimizer that keeps what it is told to apply."""

    def apply(self, gradients, _variables):
        self.gradients = gradients


def test_one_backward_pass_gives_the_gradients_of_both_losses(covers, settings):
    filled = settings.model_copy(update={"recipe": "dcgan", "label_noise": 0.1})
    filled = filled.for_cover_set("boy")
    learner = DcganLearner(filled, InMemoryCovers(covers))
    kept = {name: KeptGradients() for name in learner.optimizers}
    learner.optimizers = kept
    randomness = StepRandomness(0, tf.constant(1, tf.int64), tf.constant(0, tf.int64))
    generator, discriminator = (
        learner.networks["generator"],
        learner.networks["discriminator"],
    )

    @tf.function(autograph=False)
    def update() -> tuple[tf.Tensor, dict[str, list[tf.Tensor]]]:
        losses = learner.update(randomness)
        return losses, {name: list(one.gradients) for name, one in kept.items()}

    losses, gradients = update()

    rows = randomness.rows(filled.batch_size, len(covers))
    reals = flipped(as_range(tf.gather(covers, rows)), randomness.stream(FLIP))
    reals = augmented(reals, randomness.stream(REAL_AUGMENTATION))
    noise = randomness.noise(filled.batch_size, filled.noise_size, GENERATOR_NOISE)
    with tf.GradientTape(persistent=True) as tape:
        fakes = generator(noise, training=True)
        seen = augmented(fakes, randomness.stream(FAKE_AUGMENTATION))
        real_logits = discriminator(reals, training=False)
        fake_logits = discriminator(seen, training=False)
        real_loss = tf.reduce_mean(
            tf.nn.sigmoid_cross_entropy_with_logits(tf.fill(real_logits.shape, 0.9), real_logits)
        )
        discriminator_loss = real_loss + tf.reduce_mean(tf.nn.softplus(fake_logits))
        generator_loss = tf.reduce_mean(tf.nn.softplus(-fake_logits))
    for name, loss, network in (
        ("discriminator", discriminator_loss, discriminator),
        ("generator", generator_loss, generator),
    ):
        expected = tape.gradient(loss, network.trainable_variables)
        largest = max(np.abs(gradient).max() for gradient in expected)
        for got, wanted in zip(gradients[f"{name}_optimizer"], expected, strict=True):
            np.testing.assert_allclose(got, wanted, atol=1e-4 * largest)
    np.testing.assert_allclose(losses[2], generator_loss, rtol=1e-4)
