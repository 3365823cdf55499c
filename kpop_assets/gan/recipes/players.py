"""What the training loop knows of a recipe."""

from collections.abc import Mapping
from typing import Protocol

import keras
import tensorflow as tf

from kpop_assets.gan.fused_adam import FusedAdam
from kpop_assets.gan.randomness import StepRandomness


class Players(Protocol):
    """The networks of a run with their optimizers, and the rule by which they learn.

    `networks` and `optimizers` hold all that changes in training, by name. `sampler` is the
    network that makes the pictures: the average of the generator's weights where a recipe keeps
    one, else the generator. Both take noise vectors (batch, 1, 1, noise size) and return pictures
    (batch, S, S, 3) in [-1, 1].

    On several devices, `update` runs once for each replica: `randomness` deals it its own rows of
    a batch, and optimizers average the gradients of all.
    """

    networks: Mapping[str, keras.Model]
    optimizers: Mapping[str, keras.Optimizer]
    sampler: keras.Model
    loss_names: tuple[str, ...]

    def update(self, randomness: StepRandomness) -> tf.Tensor:
        """Train once, within a graph; return the losses, float32 (len(loss_names),)."""
        ...


def as_range(covers: tf.Tensor) -> tf.Tensor:
    """Return uint8 covers as float32 in [-1, 1]."""
    return tf.cast(covers, tf.float32) / 127.5 - 1.0


def adam(
    learning_rate: float, beta_1: float, model: keras.Model, steady_steps: int | None = None
) -> FusedAdam:
    """Return an Adam optimizer whose moments for the model's weights exist already."""
    optimizer = FusedAdam(learning_rate, beta_1, steady_steps)
    optimizer.build(model.trainable_variables)
    return optimizer
