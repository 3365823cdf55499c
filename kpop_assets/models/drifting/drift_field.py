"""The field that moves generated features towards real ones and apart from each other."""

from dataclasses import dataclass

import tensorflow as tf

from kpop_assets.training.step.replicas import ALONE, Replica

TEMPERATURES = (0.05, 0.2, 0.5)
"""Reaches of the kernel, as parts of the mean distance between generated and real features."""
_SELF = 1e6
_TINY = 1e-8
_LEAST = 1e-30


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
    apart += tf.eye(fixed.shape[1]) * (_SELF * scale)
    nearest = tf.minimum(
        tf.reduce_min(to_real, axis=2, keepdims=True), tf.reduce_min(apart, axis=2, keepdims=True)
    )
    steepness = 1.0 / (scale * tf.reshape(tf.constant(TEMPERATURES), [-1, 1, 1]))
    attracting = _kernel(nearest - to_real, steepness)
    repelling = _kernel(nearest - apart, steepness)
    pushing = fixed
    if weights is not None:
        of_all, attracting = attracting, attracting * tf.exp(weights.real)
        repelling *= tf.exp(weights.generated)
        if weights.guidance > 0:
            repelling = tf.concat([repelling, weights.guidance * of_all], axis=3)
            pushing = tf.concat([fixed, real], axis=1)
    nearness = _kernel(tf.reduce_min(nearest, axis=1, keepdims=True) - nearest, steepness)
    field = _field(attracting, repelling, nearness, real / scale, pushing / scale)
    squares = tf.reduce_mean(tf.reduce_sum(tf.square(field), axis=3), axis=[0, 2], keepdims=True)
    movement = tf.reduce_sum(field * tf.math.rsqrt(squares[..., tf.newaxis] + _TINY), axis=1)
    target = tf.stop_gradient(replica.own(fixed / scale + movement, axis=1))
    loss = tf.reduce_mean(tf.reduce_sum(tf.square(generated / scale - target), axis=2))
    return Drift(loss, tf.reduce_mean(tf.sqrt(squares)))


def _kernel(nearer: tf.Tensor, steepness: tf.Tensor) -> tf.Tensor:
    """Return the kernel (K, T, ...) of differences of distances (K, ...), 0 or less."""
    return tf.exp(nearer[:, tf.newaxis] * steepness)


def _field(
    attracting: tf.Tensor,
    repelling: tf.Tensor,
    nearness: tf.Tensor,
    pulling: tf.Tensor,
    pushing: tf.Tensor,
) -> tf.Tensor:
    """Return the field at each temperature (K, T, N, C) of P features (K, P, C) and M that push.

    Each row of the kernels, (K, T, N, P) and (K, T, N, M), is relative to what lies nearest to its
    generated feature, so that none vanishes; `nearness` (K, T, N, 1) is the kernel of that.

    Temperatures are rows of one product: oneDNN's products that broadcast over them write past
    their memory in TensorFlow 2.21.
    """
    rows = tf.reduce_sum(attracting, axis=3, keepdims=True)
    rows += tf.reduce_sum(repelling, axis=3, keepdims=True)
    pulled, attraction = _weighed(attracting, nearness, pulling)
    pushed, repulsion = _weighed(repelling, nearness, pushing)
    return nearness / rows * (repulsion * pulled - attraction * pushed)


def _weighed(
    kernel: tf.Tensor, nearness: tf.Tensor, features: tf.Tensor
) -> tuple[tf.Tensor, tf.Tensor]:
    """Return the sum of features (K, M, C) by a kernel (K, T, N, M) over its columns' roots.

    And the sum of these weights: (K, T, N, C) and (K, T, N, 1).
    """
    columns = tf.matmul(nearness, kernel, transpose_a=True)
    kernel *= tf.math.rsqrt(tf.maximum(columns, _LEAST))
    places, temperatures, rows, count = kernel.shape
    summed = tf.matmul(tf.reshape(kernel, [places, temperatures * rows, count]), features)
    return (
        tf.reshape(summed, [places, temperatures, rows, -1]),
        tf.reduce_sum(kernel, axis=3, keepdims=True),
    )


def _distances(one: tf.Tensor, other: tf.Tensor) -> tf.Tensor:
    squares = (
        tf.reduce_sum(tf.square(one), axis=2)[:, :, tf.newaxis]
        + tf.reduce_sum(tf.square(other), axis=2)[:, tf.newaxis]
        - 2.0 * tf.matmul(one, other, transpose_b=True)
    )
    return tf.sqrt(tf.maximum(squares, 1e-6))
