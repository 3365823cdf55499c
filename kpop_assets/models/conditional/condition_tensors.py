"""Conditions within a training: what a generator is told, and which covers count for which."""

import math

import tensorflow as tf

from kpop_assets.models.conditional.conditions import WAVES, Choice, Conditions

STRENGTH = 4.0
"""Length of what says a condition; that of a noise vector of 128 numbers is about 11."""

REACH = 0.1
"""How far a cover counts for its neighbours in a range, as a part of the range."""
UNKNOWN_WEIGHT = 0.25
"""What a cover counts whose value is not known where one is asked for, or the other way round."""
NO_WEIGHT = 1e-9
"""What a cover counts that has another value: nothing, unless there is no other."""


def condition_vectors(conditions: Conditions, places: tf.Tensor) -> tf.Tensor:
    """Return what tells a generator the conditions at `places`, float32 (N, conditions.width).

    A choice has one number that is not zero, a range a constant and cosines of its place, so that
    near places are alike; what is not known is zero.
    """
    told = []
    for column, field in enumerate(conditions.fields):
        place = tf.cast(places[:, column], tf.float32)
        known = tf.logical_not(tf.math.is_nan(place))
        place = tf.where(known, place, 0.0)
        if isinstance(field, Choice):
            numbers = tf.one_hot(tf.cast(place, tf.int32), field.width)
        else:
            waves = tf.cos(math.pi * tf.range(WAVES, dtype=tf.float32) * place[:, tf.newaxis])
            numbers = waves / math.sqrt(WAVES)
        told.append(tf.where(known[:, tf.newaxis], STRENGTH * numbers, 0.0))
    return tf.concat(told, axis=1)


def log_pair_weights(conditions: Conditions, wanted: tf.Tensor, had: tf.Tensor) -> tf.Tensor:
    """Return the logarithms of weights from 1e-9 to 1, float32 (N, M).

    `wanted` are the places of what covers are to be, float32 (N, conditions), `had` those of what
    covers are, (M, conditions); NaN is not known. Of a choice the same value counts 1, another
    nothing. Of a range near values count, by a Gaussian of a tenth of the range.
    """
    total = tf.zeros((wanted.shape[0], had.shape[0]))
    for column, field in enumerate(conditions.fields):
        one, other = wanted[:, column, tf.newaxis], had[tf.newaxis, :, column]
        unknown = tf.math.is_nan(one), tf.math.is_nan(other)
        if isinstance(field, Choice):
            known = tf.where(one == other, 0.0, tf.math.log(NO_WEIGHT))
        else:
            known = -0.5 * tf.square((one - other) / REACH)
        half_known = tf.where(
            tf.logical_and(*unknown), 0.0, tf.fill(total.shape, tf.math.log(UNKNOWN_WEIGHT))
        )
        total += tf.where(tf.logical_or(*unknown), half_known, known)
    return tf.maximum(total, tf.math.log(NO_WEIGHT))
