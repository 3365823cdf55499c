"""One training step of the DCGAN as a single TensorFlow graph."""

import keras
import numpy as np
import tensorflow as tf

from kpop_assets.gan import randomness
from kpop_assets.gan.settings import TrainingSettings


def build_training_step(
    generator: keras.Model,
    discriminator: keras.Model,
    generator_optimizer: keras.Optimizer,
    discriminator_optimizer: keras.Optimizer,
    covers: np.ndarray,
    settings: TrainingSettings,
) -> tf.types.experimental.PolymorphicFunction:
    """Build the function that trains both networks once and returns the three losses.

    It takes the step number (int64 scalar) and returns float32 (3,) in the order of LOSS_NAMES.
    `covers` is uint8 (N, S, S, 3); it stays uint8 in TensorFlow's memory and each step draws its
    batch from it with replacement. `settings` must have batch_size and noise_size filled.

    As in the original, the discriminator takes two updates, on real covers and then on generated
    ones, and these are made in inference mode, as samples are. One update on the summed loss saved
    no measurable time; both changes looked worse after 800 steps (one seed, 94 covers).
    """
    batch_size, noise_size = settings.batch_size, settings.noise_size
    assert batch_size is not None
    assert noise_size is not None
    pictures = tf.constant(covers)
    noisy = settings.label_noise

    def discriminator_update(batch: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            loss = _cross_entropy(labels, discriminator(batch, training=True))
        variables = discriminator.trainable_variables
        discriminator_optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    def generator_update(noise: tf.Tensor, labels: tf.Tensor) -> tf.Tensor:
        with tf.GradientTape() as tape:
            fakes = generator(noise, training=True)
            loss = _cross_entropy(labels, discriminator(fakes, training=True))
        variables = generator.trainable_variables
        generator_optimizer.apply(tape.gradient(loss, variables), variables)
        return loss

    @tf.function(input_signature=[tf.TensorSpec((), tf.int64)], autograph=False)
    def training_step(step: tf.Tensor) -> tf.Tensor:
        def seed(stream: int) -> tf.Tensor:
            return randomness.step_seed(settings.seed, step, stream)

        rows = randomness.row_indices(batch_size, len(covers), seed(randomness.BATCH))
        reals = tf.cast(tf.gather(pictures, rows), tf.float32) / 127.5 - 1.0
        noise = randomness.noise_vectors(
            batch_size, noise_size, seed(randomness.DISCRIMINATOR_NOISE)
        )
        fakes = generator(noise, training=False)
        real_labels = 1.0 - randomness.uniform(batch_size, 0.0, noisy, seed(randomness.REAL_LABELS))
        fake_labels = randomness.uniform(batch_size, 0.0, noisy, seed(randomness.FAKE_LABELS))
        real_loss = discriminator_update(reals, real_labels)
        fake_loss = discriminator_update(fakes, fake_labels)
        noise = randomness.noise_vectors(batch_size, noise_size, seed(randomness.GENERATOR_NOISE))
        labels = 1.0 - randomness.uniform(batch_size, 0.0, noisy, seed(randomness.GENERATOR_LABELS))
        generator_loss = generator_update(noise, labels)
        return tf.stack([real_loss, fake_loss, generator_loss])

    return training_step


def _cross_entropy(labels: tf.Tensor, logits: tf.Tensor) -> tf.Tensor:
    return tf.reduce_mean(tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=logits))
