"""The original project's loop: Keras, four calls a step, pictures from disk.

Rahul Agarwal, "An End to End Introduction to GANs" (https://mlwhiz.com/blog/2019/06/17/gans/,
2019). Each step globs the folder, opens and resizes a random batch with Pillow, generates with
`predict`, trains the discriminator on real and on generated pictures with noisy labels by two calls
of `train_on_batch`, and the generator by one through a stacked model with the discriminator frozen.
A frozen BatchNorm was in training mode in the Keras of then and is in inference mode now. The
pictures and weights that the original writes to disk are left out.
"""

import random
from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray
from PIL import Image

from benchmarks.training.peers import networks
from benchmarks.training.peers.contender import Contender, Task, looped
from benchmarks.training.peers.flops import counted


class Loop:
    """The networks, and one step."""

    def __init__(self, batch: int, jpegs: Path, refined: bool = True) -> None:
        self.batch = batch
        self.jpegs = jpegs
        self.discriminator = networks.discriminator("sigmoid")
        self.discriminator.compile(
            loss="binary_crossentropy", optimizer=keras.optimizers.Adam(2e-4, beta_1=0.5)
        )
        self.generator = networks.generator(refined)
        self.generator.compile(
            loss="binary_crossentropy", optimizer=keras.optimizers.Adam(1.5e-4, beta_1=0.5)
        )
        self.discriminator.trainable = False
        noise = keras.Input((1, 1, networks.NOISE_SIZE))
        self.stacked = keras.Model(noise, self.discriminator(self.generator(noise)))
        self.stacked.compile(
            loss="binary_crossentropy", optimizer=keras.optimizers.Adam(1.5e-4, beta_1=0.5)
        )

    def step(self) -> float:
        """Train once; return the generator's loss."""
        reals = self.pictures()
        fakes = self.generator.predict(self.noise(), verbose=0)
        real_labels = np.ones((self.batch, 1)) - np.random.random_sample((self.batch, 1)) * 0.2
        fake_labels = np.random.random_sample((self.batch, 1)) * 0.2
        self.discriminator.trainable = True
        self.discriminator.train_on_batch(reals, real_labels)
        self.discriminator.train_on_batch(fakes, fake_labels)
        self.discriminator.trainable = False
        return float(self.stacked.train_on_batch(self.noise(), real_labels))

    def pictures(self) -> NDArray[np.float32]:
        """Return a random batch from disk in [-1, 1]."""
        paths = random.choices(list(self.jpegs.glob("*.jpg")), k=self.batch)
        pictures = [np.asarray(Image.open(path).resize((64, 64)).convert("RGB")) for path in paths]
        return np.asarray(pictures, np.float32) / 127.5 - 1

    def noise(self) -> NDArray[np.float64]:
        """Return standard normal noise."""
        return np.random.normal(0, 1, (self.batch, 1, 1, networks.NOISE_SIZE))


def count(batch: int, refined: bool = True) -> float:
    """Return the operations of a step."""
    loop = Loop(batch, Path(), refined)
    for trained in (loop.discriminator, loop.stacked):
        trained.optimizer.build(loop.discriminator.variables + loop.generator.variables)
    noise = tf.TensorSpec((batch, 1, 1, networks.NOISE_SIZE))
    picture, labels = tf.TensorSpec((batch, 64, 64, 3)), tf.TensorSpec((batch, 1))
    generating = counted(loop.generator.predict_step, noise)
    loop.discriminator.trainable = True
    judging = counted(_trained(loop.discriminator), picture, labels)
    loop.discriminator.trainable = False
    return generating + 2 * judging + counted(_trained(loop.stacked), noise, labels)


def _trained(model: keras.Model) -> Callable[[tf.Tensor, tf.Tensor], tf.Tensor]:
    def gradients(inputs: tf.Tensor, labels: tf.Tensor) -> list[tf.Tensor]:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(
                keras.losses.binary_crossentropy(labels, model(inputs, training=True))
            )
        return tape.gradient(loss, model.trainable_weights)

    return gradients


def build(task: Task) -> Contender:
    """Return the loop."""
    loop = Loop(task.batch, task.jpegs)
    return Contender(looped(loop.step, float), count(task.batch))
