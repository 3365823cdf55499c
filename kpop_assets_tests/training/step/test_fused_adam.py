import keras
import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.training.step.fused_adam import FusedAdam


@pytest.mark.parametrize("beta_1", [0.0, 0.5])
def test_it_moves_weights_and_moments_as_kerass_adam_does(beta_1):
    random = np.random.default_rng(0)
    first = random.normal(size=(5, 7)).astype(np.float32)
    results = []
    for kind in (keras.optimizers.Adam, FusedAdam):
        weight = keras.Variable(first)
        optimizer = kind(1e-2, beta_1=beta_1)
        optimizer.build([weight])
        for scale in (1.0, 0.1, -3.0, 1e-6):
            optimizer.apply([tf.constant(first * scale + 0.01)], [weight])
        results.append([weight.numpy(), *(one.numpy() for one in optimizer.variables)])
    for expected, got in zip(*results, strict=True):
        np.testing.assert_allclose(got, expected, rtol=5e-5, atol=1e-7)


def test_a_changed_learning_rate_holds_from_the_next_step():
    weight = keras.Variable(np.ones(3, np.float32))
    optimizer = FusedAdam(0.5, beta_1=0.0)
    optimizer.build([weight])
    step = tf.function(lambda: optimizer.apply([tf.ones(3)], [weight]))
    step()
    optimizer.learning_rate = 0.25
    step()
    np.testing.assert_allclose(weight.numpy(), 0.25, rtol=1e-4)


def test_after_its_steady_steps_the_rate_falls_with_the_square_root_of_their_number():
    weight = keras.Variable(np.zeros(1, np.float32))
    optimizer = FusedAdam(0.1, beta_1=0.0, steady_steps=4)
    optimizer.build([weight])
    places = [0.0]
    for _ in range(16):
        optimizer.apply([tf.ones(1)], [weight])
        places.append(float(weight.numpy()[0]))
    moves = -np.diff(places)
    np.testing.assert_allclose(moves[:4], 0.1, rtol=1e-3)
    np.testing.assert_allclose(moves[[8, 15]], [0.1 * 2 / 3, 0.05], rtol=1e-3)
