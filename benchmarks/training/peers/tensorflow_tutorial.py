"""The step of TensorFlow's tutorial "Deep Convolutional Generative Adversarial Network".

https://www.tensorflow.org/tutorials/generative/dcgan: one tf.function, one forward pass of each
network on each batch, two tapes, Adam of 1e-4 for both, pictures in memory through tf.data. The
tutorial's networks are for digits of 28 px; here its rule trains the DCGAN networks at 64 px.
"""

from collections.abc import Callable

import keras
import numpy as np
import tensorflow as tf

from benchmarks.training.peers import networks
from benchmarks.training.peers.contender import Contender, Task, looped
from benchmarks.training.peers.flops import counted


def train_step(batch: int, refined: bool = True) -> Callable[[tf.Tensor], tf.Tensor]:
    """Return the tutorial's train_step, not yet compiled."""
    generator, discriminator = networks.generator(refined), networks.discriminator()
    cross_entropy = keras.losses.BinaryCrossentropy(from_logits=True)
    generator_optimizer = keras.optimizers.Adam(1e-4)
    discriminator_optimizer = keras.optimizers.Adam(1e-4)
    generator_optimizer.build(generator.trainable_variables)
    discriminator_optimizer.build(discriminator.trainable_variables)

    def step(images: tf.Tensor) -> tf.Tensor:
        noise = tf.random.normal([batch, 1, 1, networks.NOISE_SIZE])
        with tf.GradientTape() as generator_tape, tf.GradientTape() as discriminator_tape:
            generated = generator(noise, training=True)
            real_output = discriminator(images, training=True)
            fake_output = discriminator(generated, training=True)
            generator_loss = cross_entropy(tf.ones_like(fake_output), fake_output)
            discriminator_loss = cross_entropy(
                tf.ones_like(real_output), real_output
            ) + cross_entropy(tf.zeros_like(fake_output), fake_output)
        for tape, loss, optimizer, network in (
            (generator_tape, generator_loss, generator_optimizer, generator),
            (discriminator_tape, discriminator_loss, discriminator_optimizer, discriminator),
        ):
            variables = network.trainable_variables
            gradients = tape.gradient(loss, variables)
            optimizer.apply_gradients(zip(gradients, variables, strict=True))
        return generator_loss

    return step


def count(batch: int, refined: bool = True) -> float:
    """Return the operations of a step."""
    return counted(train_step(batch, refined), tf.TensorSpec((batch, 64, 64, 3)))


def build(task: Task) -> Contender:
    """Return the step on pictures in memory."""
    small = np.fromfile(task.small, np.uint8).reshape(-1, 64, 64, 3)
    images = (small.astype(np.float32) - 127.5) / 127.5
    dataset = tf.data.Dataset.from_tensor_slices(images).repeat().shuffle(len(images))
    batches = iter(dataset.batch(task.batch, drop_remainder=True))
    compiled = tf.function(train_step(task.batch))
    return Contender(looped(lambda: compiled(next(batches)), float), count(task.batch))
