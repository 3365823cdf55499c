"""DiffAugment: the same random changes for real and generated covers, with gradients through them.

Zhao et al., "Differentiable Augmentation for Data-Efficient GAN Training" (2020): colour,
translation by up to an eighth and a cut-out square of half the side.
"""

import tensorflow as tf

from kpop_assets.training.step.replicas import ALONE, Replica

_TRANSLATION = 8
_CUTOUT = 2
_DRAWS = 7


def flipped(covers: tf.Tensor, seed: tf.Tensor, replica: Replica = ALONE) -> tf.Tensor:
    """Return the covers, (B, S, S, 3), each mirrored left to right with probability one half."""
    count = covers.shape[0] * replica.count
    draws = replica.own(tf.random.stateless_uniform((count, 1, 1, 1), seed, alg="philox"))
    return tf.where(draws < 0.5, covers[:, :, ::-1], covers)


def augmented(covers: tf.Tensor, seed: tf.Tensor, replica: Replica = ALONE) -> tf.Tensor:
    """Return the covers, float32 (B, S, S, 3) in [-1, 1], in other light, moved and with a hole.

    Each cover gets changes of its own from the stateless `seed`, int64 (2,), as if it stood
    with the covers of all replicas. The result may leave [-1, 1], as in the paper.
    """
    count, size = covers.shape[0] * replica.count, covers.shape[1]
    draws = tf.random.stateless_uniform((_DRAWS, count, 1, 1, 1), seed, alg="philox")
    own_draws = tf.unstack(replica.own(draws, axis=1))
    brightness, saturation, contrast, down, right, top, left = own_draws
    covers = _in_other_light(covers, brightness, saturation, contrast)
    reach = size // _TRANSLATION
    covers = _moved(covers, _whole(down, 2 * reach + 1), _whole(right, 2 * reach + 1), reach)
    return covers * _hole(_whole(top, size + 1), _whole(left, size + 1), size)


def _in_other_light(
    covers: tf.Tensor, brightness: tf.Tensor, saturation: tf.Tensor, contrast: tf.Tensor
) -> tf.Tensor:
    """Add brightness, scale the colours around grey, then all around the cover's mean.

    All three are linear in a pixel's three values, so that one product and one sum do them.
    """
    mean = tf.reduce_mean(covers, axis=[1, 2, 3], keepdims=True)
    saturation, contrast = 2.0 * saturation[:, 0], contrast[:, 0] + 0.5
    mix = contrast * (saturation * tf.eye(3) + (1.0 - saturation) / 3.0)
    contrast = contrast[:, :, tf.newaxis]
    pixels = tf.reshape(covers, [-1, covers.shape[1] * covers.shape[2], 3])
    changed = tf.reshape(tf.matmul(pixels, mix), tf.shape(covers))
    return changed + (1.0 - contrast) * mean + brightness - 0.5


def _whole(uniform: tf.Tensor, below: int) -> tf.Tensor:
    """Return whole numbers from 0 to below `below`, int32 (B,)."""
    return tf.cast(tf.reshape(uniform, [-1]) * below, tf.int32)


def _moved(covers: tf.Tensor, down: tf.Tensor, right: tf.Tensor, reach: int) -> tf.Tensor:
    places = tf.range(covers.shape[1])[tf.newaxis]
    covers = tf.pad(covers, [[0, 0], [reach, reach], [reach, reach], [0, 0]])
    covers = tf.gather(covers, down[:, tf.newaxis] + places, axis=1, batch_dims=1)
    covers = tf.transpose(covers, [0, 2, 1, 3])
    covers = tf.gather(covers, right[:, tf.newaxis] + places, axis=1, batch_dims=1)
    return tf.transpose(covers, [0, 2, 1, 3])


def _hole(top: tf.Tensor, left: tf.Tensor, size: int) -> tf.Tensor:
    half = size // _CUTOUT // 2
    places = tf.range(size)[tf.newaxis]
    rows = tf.abs(places - top[:, tf.newaxis]) < half
    columns = tf.abs(places - left[:, tf.newaxis]) < half
    hole = rows[:, :, tf.newaxis] & columns[:, tf.newaxis, :]
    return 1.0 - tf.cast(hole, tf.float32)[..., tf.newaxis]
