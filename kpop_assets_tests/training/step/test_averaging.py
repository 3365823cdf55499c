"""The moving average of the weights."""

import keras
import numpy as np
import tensorflow as tf

from kpop_assets.training.step.averaging import averaging_decay, move_average


def decay(step):
    return float(averaging_decay(tf.constant(step, tf.int64)))


def test_the_average_forgets_half_over_a_twentieth_of_the_steps_so_far():
    assert abs(decay(2000) ** 100 - 0.5) < 1e-3


def test_the_first_steps_are_hardly_remembered_and_late_ones_for_350_steps():
    assert decay(1) < 0.01
    assert abs(decay(1_000_000) ** 350 - 0.5) < 1e-3


def test_the_average_moves_by_one_minus_the_decay():
    average, value = keras.Variable([0.0]), keras.Variable([8.0])
    move_average([average], [value], tf.constant(0.75))
    np.testing.assert_allclose(average.numpy(), [2.0])
