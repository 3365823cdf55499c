"""The field that moves generated features towards real ones and apart from each other."""

from dataclasses import dataclass

import tensorflow as tf

from kpop_assets.training.step.replicas import ALONE, Replica

TEMPERATURES = (0.05, 0.2, 0.5)
"""Reaches of the kernel, as parts of the mean distance between generated and real features."""
_SELF = 1e6
_TINY = 1e-8


@dataclass(frozen=True)
class Drift:
    """How far a batch of features was to move.

    `loss` is what to minimise. `distance` is the length of the drift before it is normalised, in
    mean distances between generated and real features, mean over temperatures and features. It
    sinks as both become alike, to what chance leaves between two finite samples.
    """

    loss: tf.Tensor
    distance: tf.Tensor


def drift(
    generated: tf.Tensor,
    real: tf.Tensor,
    everyones: tf.Tensor | None = None,
    replica: Replica = ALONE,
) -> Drift:
    """Return the drift of generated features, float32 (N, K, C), among real ones (P, K, C).

    Each of the K features drifts by itself. The kernel is exp(-distance / temperature), normalised
    over both the generated and the attracting features by a geometric mean; the drifts of all
    TEMPERATURES are brought to unit length and added (Deng et al., "Generative Modeling via
    Drifting", 2026, algorithm 2). No gradient flows through the field, and where it ends is marked:
    else TensorFlow builds the gradients of all of the field, to throw them away.

    Where several replicas train, `everyones` are the generated features of all of them, of which
    `generated` are the `replica`'s own: the field is that of the whole batch.
    """
    generated = tf.transpose(generated, [1, 0, 2])
    real = tf.stop_gradient(tf.transpose(real, [1, 0, 2]))
    fixed = tf.stop_gradient(generated if everyones is None else tf.transpose(everyones, [1, 0, 2]))
    positives = tf.shape(real)[1]
    others = tf.concat([real, fixed], axis=1)
    distances = _distances(fixed, others)
    scale = tf.stop_gradient(tf.reduce_mean(distances[:, :, :positives]))
    itself = tf.pad(tf.eye(fixed.shape[1]) * _SELF, [[0, 0], [positives, 0]])
    distances = distances / scale + itself[tf.newaxis]
    others = others / scale
    movement = tf.zeros_like(fixed)
    length = tf.constant(0.0)
    for temperature in TEMPERATURES:
        field = _field(distances / temperature, others, positives)
        square = tf.reduce_mean(tf.reduce_sum(tf.square(field), axis=2))
        movement += field * tf.math.rsqrt(square + _TINY)
        length += tf.sqrt(square) / len(TEMPERATURES)
    target = tf.stop_gradient(replica.own(fixed / scale + movement, axis=1))
    loss = tf.reduce_mean(tf.reduce_sum(tf.square(generated / scale - target), axis=2))
    return Drift(loss, length)


def _field(distances: tf.Tensor, others: tf.Tensor, positives: tf.Tensor) -> tf.Tensor:
    affinity = tf.sqrt(tf.nn.softmax(-distances, axis=2) * tf.nn.softmax(-distances, axis=1))
    attraction, repulsion = affinity[:, :, :positives], affinity[:, :, positives:]
    towards = attraction * tf.reduce_sum(repulsion, axis=2, keepdims=True)
    apart = repulsion * tf.reduce_sum(attraction, axis=2, keepdims=True)
    return tf.matmul(towards, others[:, :positives]) - tf.matmul(apart, others[:, positives:])


def _distances(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    squares = (
        tf.reduce_sum(tf.square(one), axis=2)[:, :, tf.newaxis]
        + tf.reduce_sum(tf.square(other), axis=2)[:, tf.newaxis]
        - 2.0 * tf.matmul(one, other, transpose_b=True)
    )
    return tf.sqrt(tf.maximum(squares, 1e-6))
