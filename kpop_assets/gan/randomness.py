"""Random numbers that depend on the seed and the step alone, so that a resumed run repeats them."""

import tensorflow as tf

BATCH, REAL_LABELS, FAKE_LABELS, DISCRIMINATOR_NOISE, GENERATOR_LABELS, GENERATOR_NOISE = range(6)
_STREAMS = 8


def step_seed(seed: int, step: tf.Tensor, stream: int) -> tf.Tensor:
    """Return the stateless seed, int64 (2,), of one stream of random numbers within one step."""
    return tf.stack([tf.constant(seed, tf.int64), step * _STREAMS + stream])


def fixed_seed(seed: int) -> tf.Tensor:
    """Return a stateless seed, int64 (2,), that is shared with no training step."""
    return tf.constant([seed, -1], tf.int64)


def noise_vectors(count: int, noise_size: int, seed: tf.Tensor) -> tf.Tensor:
    """Return standard normal noise, float32 (count, 1, 1, noise_size)."""
    return tf.random.stateless_normal((count, 1, 1, noise_size), seed, alg="philox")


def uniform(count: int, low: float, high: float, seed: tf.Tensor) -> tf.Tensor:
    """Return uniform numbers from [low, high), float32 (count, 1)."""
    return tf.random.stateless_uniform((count, 1), seed, low, high, alg="philox")


def row_indices(count: int, rows: int, seed: tf.Tensor) -> tf.Tensor:
    """Return row numbers from [0, rows) drawn with replacement, int32 (count,)."""
    return tf.random.stateless_uniform((count,), seed, 0, rows, dtype=tf.int32, alg="philox")
