"""The moving average of a generator's weights, which makes steadier pictures than the weights."""

from collections.abc import Iterable

import keras
import tensorflow as tf

HALF_LIFE = 0.05
MOST_STEPS = 350.0


def averaging_decay(step: tf.Tensor) -> tf.Tensor:
    """Return the decay of the average at `step`, an int64 scalar, as float32 from 0 to below 1.

    Its half-life is 5 % of the steps so far and at most 350 steps: a fixed decay would hold on to
    the first, untrained weights (Karras et al., "Analyzing and Improving the Training Dynamics of
    Diffusion Models", 2024, give the average a width in proportion to the steps so far).
    """
    half_life = tf.minimum(tf.cast(step, tf.float32) * HALF_LIFE, MOST_STEPS)
    return tf.pow(0.5, 1.0 / tf.maximum(half_life, 0.1))


def move_average(
    averages: Iterable[keras.Variable], values: Iterable[keras.Variable], decay: tf.Tensor
) -> None:
    """Move each average towards its value by 1 - decay."""
    for average, value in zip(averages, values, strict=True):
        average.assign(average * decay + value * (1.0 - decay))
