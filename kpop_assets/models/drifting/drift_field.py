"""The field that moves generated features towards real ones and apart from each other."""

import math
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


@dataclass(frozen=True)
class PairWeights:
    """What covers count for each other where they are not all of one kind, as logarithms.

    `real` is what each real cover counts for each generated one, float32 (N, P), `generated` what
    these count for each other, (N, N). With `guidance` above 0 all real covers push, too, of
    whatever kind, so that what sets a kind apart grows stronger.
    """

    real: tf.Tensor
    generated: tf.Tensor
    guidance: float = 0.0


def drift(
    generated: tf.Tensor,
    real: tf.Tensor,
    everyones: tf.Tensor | None = None,
    replica: Replica = ALONE,
    weights: PairWeights | None = None,
) -> Drift:
    """Return the drift of generated features, float32 (N, K, C), among real ones (P, K, C).

    Each of the K features drifts by itself. The kernel is exp(-distance / temperature), normalised
    over both the generated and the attracting features by a geometric mean; the drifts of all
    TEMPERATURES are brought to unit length and added (Deng et al., "Generative Modeling via
    Drifting", 2026, algorithm 2). No gradient flows through the field, and where it ends is marked:
    else TensorFlow builds the gradients of all of the field, to throw them away.

    Where several replicas train, `everyones` are the generated features of all of them, of which
    `generated` are the `replica`'s own: the field is that of the whole batch. Kinds of covers drift
    among their own by `weights`; guidance is that of section 3.5 there.
    """
    generated = tf.transpose(generated, [1, 0, 2])
    real = tf.stop_gradient(tf.transpose(real, [1, 0, 2]))
    fixed = tf.stop_gradient(generated if everyones is None else tf.transpose(everyones, [1, 0, 2]))
    to_real, apart = _distances(fixed, real), _distances(fixed, fixed)
    scale = tf.stop_gradient(tf.reduce_mean(to_real))
    distances = tf.concat([to_real, apart + tf.eye(fixed.shape[1]) * (_SELF * scale)], axis=2)
    pushing, logs = fixed, None
    if weights is not None:
        logs = tf.concat([weights.real, weights.generated], axis=1)
        if weights.guidance > 0:
            distances = tf.concat([distances, to_real], axis=2)
            pushing = tf.concat([fixed, real], axis=1)
            guidance = math.log(weights.guidance)
            logs = tf.pad(logs, [[0, 0], [0, real.shape[1]]], constant_values=guidance)
    temperatures = tf.reshape(tf.constant(TEMPERATURES), [-1, 1, 1])
    logits = -distances[:, tf.newaxis] / scale / temperatures
    field = _field(logits if logs is None else logits + logs, real / scale, pushing / scale)
    squares = tf.reduce_mean(tf.reduce_sum(tf.square(field), axis=3), axis=[0, 2], keepdims=True)
    movement = tf.reduce_sum(field * tf.math.rsqrt(squares[..., tf.newaxis] + _TINY), axis=1)
    target = tf.stop_gradient(replica.own(fixed / scale + movement, axis=1))
    loss = tf.reduce_mean(tf.reduce_sum(tf.square(generated / scale - target), axis=2))
    return Drift(loss, tf.reduce_mean(tf.sqrt(squares)))


def _field(logits: tf.Tensor, pulling: tf.Tensor, pushing: tf.Tensor) -> tf.Tensor:
    """Return the field at each temperature (K, T, N, C) for logits (K, T, N, P + M).

    P features (K, P, C) pull and M push.

    Temperatures are rows of one product: oneDNN's products that broadcast over them write past
    their memory in TensorFlow 2.21.
    """
    affinity = tf.sqrt(tf.nn.softmax(logits, axis=3) * tf.nn.softmax(logits, axis=2))
    counts = [pulling.shape[1], pushing.shape[1]]
    attraction, repulsion = tf.split(affinity, counts, axis=3)
    towards = attraction * tf.reduce_sum(repulsion, axis=3, keepdims=True)
    apart = repulsion * tf.reduce_sum(attraction, axis=3, keepdims=True)
    places, rows = logits.shape[0], logits.shape[1] * logits.shape[2]
    pulled = tf.matmul(tf.reshape(towards, [places, rows, counts[0]]), pulling)
    pushed = tf.matmul(tf.reshape(apart, [places, rows, counts[1]]), pushing)
    return tf.reshape(pulled - pushed, [places, *logits.shape[1:3], -1])


def _distances(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    squares = (
        tf.reduce_sum(tf.square(one), axis=2)[:, :, tf.newaxis]
        + tf.reduce_sum(tf.square(other), axis=2)[:, tf.newaxis]
        - 2.0 * tf.matmul(one, other, transpose_b=True)
    )
    return tf.sqrt(tf.maximum(squares, 1e-6))
