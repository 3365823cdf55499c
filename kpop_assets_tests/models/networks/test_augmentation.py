"""DiffAugment and flips."""

import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.networks.augmentation import augmented, flipped

SEED = tf.constant([3, 4], tf.int64)


def ramps(count=64, size=32):
    """Covers that differ at every place."""
    picture = np.linspace(-1, 1, size * size * 3, dtype=np.float32).reshape(size, size, 3)
    return tf.constant(np.repeat(picture[np.newaxis], count, axis=0))


def test_about_half_of_the_covers_are_mirrored_and_the_others_untouched():
    covers = ramps()
    result = flipped(covers, SEED).numpy()
    straight = (result == covers.numpy()).all(axis=(1, 2, 3))
    mirrored = (result == covers.numpy()[:, :, ::-1]).all(axis=(1, 2, 3))
    assert (straight ^ mirrored).all()
    assert 20 < mirrored.sum() < 44


def test_every_cover_is_changed_in_its_own_way():
    result = augmented(ramps(), SEED).numpy()
    assert len({cover.tobytes() for cover in result}) == 64


def test_the_same_seed_repeats_the_changes_and_another_does_not():
    first, again = augmented(ramps(), SEED).numpy(), augmented(ramps(), SEED).numpy()
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, augmented(ramps(), SEED + 1).numpy())


def test_a_square_of_half_the_side_is_cut_out():
    white = tf.ones((64, 32, 32, 3)) * 5.0
    empty = (augmented(white, SEED).numpy() == 0).all(axis=3)
    holes = empty.sum(axis=(1, 2))
    assert holes.min() > 0
    assert empty[:, 8:24, 8:24].sum(axis=(1, 2)).max() > 100


@pytest.mark.parametrize("channel", [0, 1, 2])
def test_gradients_flow_through_to_what_is_still_seen(channel):
    covers = tf.Variable(ramps(4))
    with tf.GradientTape() as tape:
        total = tf.reduce_sum(augmented(covers, SEED)[..., channel])
    gradient = tape.gradient(total, covers).numpy()
    assert np.isfinite(gradient).all()
    assert (np.abs(gradient).sum(axis=(1, 2, 3)) > 0).all()
