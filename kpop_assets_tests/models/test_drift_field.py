"""The field that moves generated features."""

import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.drifting.drift_field import TEMPERATURES, PairWeights, drift


def cloud(centre, count, seed, spread=0.3, features=2, channels=4):
    draws = np.random.default_rng(seed).normal(size=(count, features, channels))
    return tf.constant(centre + spread * draws, tf.float32)


def steps(generated, real, weights=None):
    """Where gradient descent on the loss moves the generated features."""
    variable = tf.Variable(generated)
    with tf.GradientTape() as tape:
        loss = drift(variable, real, weights=weights).loss
    return -tape.gradient(loss, variable).numpy()


def literal_drift(generated, real, of_real=1.0, of_generated=1.0, guidance=0.0):
    """Algorithm 2 of the paper for one feature, in loops, float64, with weights of pairs."""
    pushing = np.concatenate([generated, real])
    others = np.concatenate([real, pushing])
    distances = np.array([[np.linalg.norm(x - y) for y in others] for x in generated])
    scale = distances[:, : len(real)].mean()
    distances /= scale
    counts = np.full(distances.shape, guidance)
    counts[:, : len(real)] = of_real
    counts[:, len(real) : len(real) + len(generated)] = of_generated
    total = 0.0
    for temperature in TEMPERATURES:
        kernel = counts * np.exp(-distances / temperature)
        for i in range(len(generated)):
            kernel[i, len(real) + i] = 0.0
        kernel += 1e-300
        affinity = np.sqrt(
            kernel / kernel.sum(1, keepdims=True) * (kernel / kernel.sum(0, keepdims=True))
        )
        field = np.zeros_like(generated)
        for i in range(len(generated)):
            pull, push = affinity[i, : len(real)], affinity[i, len(real) :]
            field[i] = (pull * push.sum()) @ (real / scale) - (push * pull.sum()) @ (
                pushing / scale
            )
        total += field / np.sqrt((field**2).sum(1).mean())
    return total


def assert_same_direction(moved, expected):
    np.testing.assert_allclose(
        moved / np.abs(moved).max(), expected / np.abs(expected).max(), atol=1e-3
    )


@pytest.mark.parametrize("outlier", [0.0, 5.0, 100.0])
def test_features_move_as_the_paper_s_algorithm_says(outlier):
    generated, real = cloud(0.0, 5, 1, 1.0, 1).numpy(), cloud(0.5, 7, 2, 1.0, 1)
    generated[2] += outlier
    moved = steps(tf.constant(generated), real)[:, 0]
    assert_same_direction(moved, literal_drift(generated[:, 0], real.numpy()[:, 0]))


@pytest.mark.parametrize("guidance", [0.0, 0.5])
def test_pairs_count_by_their_weights_and_with_guidance_all_real_ones_push(guidance):
    generated, real = cloud(0.0, 5, 1, 1.0, 1), cloud(0.5, 7, 2, 1.0, 1)
    draws = np.random.default_rng(3)
    of_real, of_generated = draws.uniform(0.01, 1, (5, 7)), draws.uniform(0.01, 1, (5, 5))
    logs = [tf.constant(np.log(one), tf.float32) for one in (of_real, of_generated)]
    moved = steps(generated, real, PairWeights(*logs, guidance))[:, 0]
    expected = literal_drift(
        generated.numpy()[:, 0], real.numpy()[:, 0], of_real, of_generated, guidance
    )
    assert_same_direction(moved, expected)


def test_generated_features_move_towards_real_ones():
    generated, real = cloud(0.0, 8, 1), cloud(3.0, 12, 2)
    assert (steps(generated, real) > 0).mean() > 0.9


def test_generated_features_in_one_place_move_apart_among_real_ones_around_them():
    generated, real = cloud(0.0, 8, 1, 0.05), cloud(0.0, 60, 2, 1.0)
    moved = generated.numpy() + steps(generated, real)
    assert moved.std(axis=0).mean() > 1.2 * generated.numpy().std(axis=0).mean()


def test_the_distance_shrinks_as_both_become_alike():
    real = cloud(0.0, 40, 2)
    far, near, alike = (
        float(drift(cloud(centre, 40, 3), real).distance) for centre in (3.0, 0.3, 0.0)
    )
    assert min(far, near) > 1.5 * alike


def test_no_gradient_reaches_the_real_features():
    real = tf.Variable(cloud(1.0, 5, 2))
    generated = tf.Variable(cloud(0.0, 5, 1))
    with tf.GradientTape() as tape:
        loss = drift(generated, real).loss
    assert tape.gradient(loss, real) is None


@pytest.mark.parametrize("copies", [2, 5])
def test_features_that_coincide_stay_finite(copies):
    generated = tf.zeros((copies, 1, 3))
    result = drift(generated, tf.zeros((4, 1, 3)))
    assert np.isfinite(result.loss.numpy())
    assert np.isfinite(result.distance.numpy())
