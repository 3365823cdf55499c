"""Normalisation as one operation: what Keras's own does, and learns, to rounding."""

import keras
import numpy as np
import tensorflow as tf

from kpop_assets.models.networks.fused_normalization import FusedBatchNormalization


def normalised(kind: type[keras.layers.BatchNormalization], maps: tf.Tensor) -> list[np.ndarray]:
    """The maps normalised in training and drawn after it, gradients, running statistics."""
    layer = kind(momentum=0.9, epsilon=1e-5, gamma_initializer="ones", beta_initializer="ones")
    layer.build(maps.shape)
    with tf.GradientTape() as tape:
        tape.watch(maps)
        trained = layer(maps, training=True)
        loss = tf.reduce_sum(tf.sin(trained))
    gradients = tape.gradient(loss, [maps, *layer.trainable_variables])
    drawn = layer(maps, training=False)
    return [np.asarray(one) for one in [trained, drawn, *gradients, *layer.variables]]


def test_it_normalises_and_learns_as_keras_does():
    maps = tf.random.stateless_normal((3, 4, 4, 5), (1, 2)) * 3.0 + 1.0
    kinds = keras.layers.BatchNormalization, FusedBatchNormalization
    expected, found = (normalised(kind, maps) for kind in kinds)
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-4, atol=1e-5)
