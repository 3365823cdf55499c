"""The rebuilt networks against what the original implementations answered: make_reference.py."""

import keras
import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.pretrained.efficientnet_lite0 import efficientnet_lite0, pooled_efficientnet_lite0
from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets_tests.pretrained.make_reference import (
    EVERY_CHANNEL,
    IMAGE_SIZES,
    ODD_SIZE,
    REFERENCE,
    TAPS,
    reference_pictures,
)

BUILDERS = [efficientnet_lite0, pooled_efficientnet_lite0, pooled_mobilenet_v2]


@pytest.fixture(scope="module")
def reference():
    with np.load(REFERENCE) as arrays:
        return dict(arrays)


def assert_agrees(found, expected):
    found = np.asarray(found)
    assert found.shape == expected.shape
    assert found.dtype == np.float32
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4 * np.abs(expected).max())


@pytest.mark.parametrize("image_size", [*IMAGE_SIZES, ODD_SIZE])
def test_pooled_efficientnet_lite0_answers_like_the_original(reference, image_size):
    network = pooled_efficientnet_lite0(image_size)
    assert_agrees(network(reference_pictures(image_size)), reference[f"lite0_{image_size}"])


@pytest.mark.parametrize("image_size", [*IMAGE_SIZES, ODD_SIZE])
def test_pooled_mobilenet_v2_answers_like_the_original(reference, image_size):
    network = pooled_mobilenet_v2(image_size)
    assert_agrees(network(reference_pictures(image_size)), reference[f"mobilenet_{image_size}"])


@pytest.mark.parametrize("image_size", IMAGE_SIZES)
def test_the_maps_of_efficientnet_lite0_are_the_originals(reference, image_size):
    maps = efficientnet_lite0(image_size)(reference_pictures(image_size))
    for tap, found in zip(TAPS, maps, strict=True):
        assert_agrees(found[0, ..., ::EVERY_CHANNEL], reference[f"lite0_{image_size}_block_{tap}"])


def test_the_maps_have_a_4th_to_a_32nd_of_the_size():
    network = efficientnet_lite0(96)
    assert [tuple(shape) for shape in network.output_shape] == [
        (None, 24, 24, 24),
        (None, 12, 12, 40),
        (None, 6, 6, 112),
        (None, 3, 3, 320),
    ]


def test_taps_choose_the_maps_and_nothing_behind_the_last_one_is_built(reference):
    network = efficientnet_lite0(64, taps=(4, 2))
    found, _ = network(reference_pictures(64))
    assert_agrees(found[0, ..., ::EVERY_CHANNEL], reference["lite0_64_block_4"])
    assert network.count_params() < efficientnet_lite0(64).count_params() / 20


@pytest.mark.parametrize("build", BUILDERS)
def test_nothing_in_the_network_can_be_trained_or_changes_with_use(build):
    network = build(64)
    assert network.trainable_variables == []
    before = [variable.numpy() for variable in network.variables]
    answers = [
        np.asarray(keras.tree.flatten(network(reference_pictures(64), training=training))[-1])
        for training in (True, False)
    ]
    np.testing.assert_array_equal(*answers)
    for old, variable in zip(before, network.variables, strict=True):
        np.testing.assert_array_equal(old, variable.numpy())


@pytest.mark.parametrize("build", BUILDERS)
def test_gradients_reach_the_pictures_in_a_compiled_function(build):
    network = build(64)

    @tf.function
    def gradient(pictures):
        with tf.GradientTape() as tape:
            tape.watch(pictures)
            strength = tf.add_n(
                [tf.reduce_mean(answer**2) for answer in tf.nest.flatten(network(pictures))]
            )
        return strength, tape.gradient(strength, pictures)

    pictures = tf.constant(reference_pictures(64))
    strength, slope = gradient(pictures)
    assert slope.shape == pictures.shape
    assert np.count_nonzero(slope) > 0.99 * np.size(slope)
    step = 0.003 * slope / tf.norm(slope)
    rise = gradient(pictures + step)[0] - gradient(pictures - step)[0]
    np.testing.assert_allclose(rise, 0.006 * tf.norm(slope), rtol=0.1)
    assert strength > 0


@pytest.mark.parametrize("build", BUILDERS)
def test_mixed_precision_leaves_the_answers_alone(build):
    pictures = reference_pictures(64)
    expected = keras.tree.flatten(build(64)(pictures))
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy("mixed_bfloat16")
    try:
        found = keras.tree.flatten(build(64)(pictures))
    finally:
        keras.config.set_dtype_policy(before)
    for one, other in zip(found, expected, strict=True):
        assert_agrees(one, other.numpy())
