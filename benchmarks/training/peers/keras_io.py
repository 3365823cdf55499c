"""Keras's example "DCGAN to generate face images": a model with its own train_step, and fit.

François Chollet, https://keras.io/examples/generative/dcgan_overriding_train_step/ (2019): one
update of the discriminator on real and generated pictures in one batch, labels with noise, then one
of the generator on fresh noise; pictures through image_dataset_from_directory. The example's own
generator needs several times the operations of DCGAN's; here its rule trains the DCGAN networks.
"""

import keras
import tensorflow as tf

from benchmarks.training.peers import networks
from benchmarks.training.peers.contender import Contender, Stopwatch, Task, Turn
from benchmarks.training.peers.flops import counted


class GAN(keras.Model):
    """The example's model."""

    def __init__(self, batch: int, refined: bool = True) -> None:
        super().__init__()
        self.batch = batch
        self.discriminator = networks.discriminator("sigmoid")
        self.generator = networks.generator(refined)
        self.seed_generator = keras.random.SeedGenerator(1337)

    def compile(self) -> None:
        """Set optimizers and loss."""
        super().compile()
        self.d_optimizer = keras.optimizers.Adam(1e-4)
        self.g_optimizer = keras.optimizers.Adam(1e-4)
        self.d_optimizer.build(self.discriminator.trainable_weights)
        self.g_optimizer.build(self.generator.trainable_weights)
        self.loss_fn = keras.losses.BinaryCrossentropy()
        self.d_loss_metric = keras.metrics.Mean(name="d_loss")
        self.g_loss_metric = keras.metrics.Mean(name="g_loss")

    def noise(self) -> tf.Tensor:
        """Return standard normal noise."""
        return keras.random.normal(
            (self.batch, 1, 1, networks.NOISE_SIZE), seed=self.seed_generator
        )

    def train_step(self, real_images: tf.Tensor) -> dict[str, tf.Tensor]:
        """Train both networks once."""
        generated_images = self.generator(self.noise(), training=True)
        combined_images = tf.concat([generated_images, real_images], axis=0)
        labels = tf.concat([tf.ones((self.batch, 1)), tf.zeros((self.batch, 1))], axis=0)
        labels += 0.05 * tf.random.uniform(tf.shape(labels))
        with tf.GradientTape() as tape:
            predictions = self.discriminator(combined_images, training=True)
            d_loss = self.loss_fn(labels, predictions)
        weights = self.discriminator.trainable_weights
        self.d_optimizer.apply_gradients(zip(tape.gradient(d_loss, weights), weights, strict=True))
        misleading_labels = tf.zeros((self.batch, 1))
        with tf.GradientTape() as tape:
            predictions = self.discriminator(
                self.generator(self.noise(), training=True), training=True
            )
            g_loss = self.loss_fn(misleading_labels, predictions)
        weights = self.generator.trainable_weights
        self.g_optimizer.apply_gradients(zip(tape.gradient(g_loss, weights), weights, strict=True))
        self.d_loss_metric.update_state(d_loss)
        self.g_loss_metric.update_state(g_loss)
        return {"d_loss": self.d_loss_metric.result(), "g_loss": self.g_loss_metric.result()}


class _Timing(keras.callbacks.Callback):
    """Times the steps of a fit after its first."""

    def on_train_batch_end(self, batch: int, logs: dict[str, float] | None = None) -> None:
        """Start after the first step, and keep the time at each end."""
        if batch == 0:
            self.stopwatch = Stopwatch()
        else:
            self.turn = self.stopwatch.turn(batch, float((logs or {})["g_loss"]))


def count(batch: int, refined: bool = True) -> float:
    """Return the operations of a step."""
    gan = GAN(batch, refined)
    gan.compile()
    return counted(gan.train_step, tf.TensorSpec((batch, 64, 64, 3)))


def build(task: Task) -> Contender:
    """Return fit on the folder of pictures."""
    dataset = keras.utils.image_dataset_from_directory(
        task.jpegs, label_mode=None, image_size=(64, 64), batch_size=None, verbose=False
    )
    dataset = dataset.repeat().batch(task.batch, drop_remainder=True).map(lambda x: x / 127.5 - 1.0)
    gan = GAN(task.batch)
    gan.compile()

    def turn(steps: int) -> Turn:
        timing = _Timing()
        gan.fit(dataset, steps_per_epoch=steps + 1, epochs=1, verbose=0, callbacks=[timing])
        return timing.turn

    return Contender(turn, count(task.batch))
