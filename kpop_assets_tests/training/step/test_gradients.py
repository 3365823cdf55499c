"""Gradients, and with them whole steps, that are the same bytes each time."""

import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.cover_source import InMemoryCovers
from kpop_assets.models.recipes import RECIPES
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.training.step.gradients import gradients
from kpop_assets.training.step.training_step import compiled_step


def test_gradients_are_those_of_a_tape() -> None:
    values = tf.constant(np.random.default_rng(0).normal(size=(5, 3)).astype(np.float32))
    weights = tf.constant([[1.0], [2.0], [0.5], [0.0], [3.0]])

    def used_often(x: tf.Tensor) -> tf.Tensor:
        return tf.square(x) + tf.sin(x) * x - tf.reduce_mean(x)

    @tf.function
    def found() -> list[tf.Tensor]:
        return gradients([used_often(values)], [values], [weights * tf.ones_like(values)])

    with tf.GradientTape() as tape:
        tape.watch(values)
        target = used_often(values)
    expected = tape.gradient(target, values, output_gradients=weights * tf.ones_like(values))
    np.testing.assert_allclose(found()[0], expected, rtol=1e-5, atol=1e-6)


def test_the_gradient_of_rows_looked_up_is_a_tensor_that_replicas_can_share() -> None:
    table = tf.ones((5, 2))

    @tf.function
    def found() -> list[tf.Tensor]:
        return gradients([tf.gather(table, [1, 1, 4])], [table])

    np.testing.assert_array_equal(found()[0][:, 0], [0, 2, 0, 0, 1])


@pytest.mark.parametrize("recipe", RECIPES)
def test_no_step_adds_up_more_than_a_pair_at_once(recipe: str) -> None:
    """Of three terms the kernel adds those first that threads were done with first."""
    settings = TrainingSettings(recipe=recipe, image_size=32, width=4, batch_size=4)
    covers = np.random.default_rng(0).integers(0, 256, (6, 32, 32, 3), dtype=np.uint8)
    filled = settings.for_cover_set("boy")
    step = compiled_step(
        filled.untrained(InMemoryCovers(covers)),
        filled.seed,
        tf.Variable(0, dtype=tf.int64, trainable=False),
        tf.distribute.get_strategy(),
    )
    operations = step.get_concrete_function().graph.get_operations()
    assert operations
    assert all(len(one.inputs) == 2 for one in operations if one.type == "AddN")
    options = tf.config.optimizer.get_experimental_options()
    assert options["arithmetic_optimization"] is False, "it makes one AddN of pairs again"
