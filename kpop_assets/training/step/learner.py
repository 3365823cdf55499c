"""What the training loop trains."""

from collections.abc import Mapping
from typing import Protocol

import keras
import tensorflow as tf

from kpop_assets.training.step.fused_adam import FusedAdam
from kpop_assets.training.step.randomness import StepRandomness


class Learner(Protocol):
    """The networks of a run with their optimizers, and the rule by which they learn.

    `networks` and `optimizers` hold all that changes in training, by name. `sampler` is the
    network that is shown, judged and stored: the average of the weights where a rule keeps one.

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


def adam(
    learning_rate: float, beta_1: float, model: keras.Model, steady_steps: int | None = None
) -> FusedAdam:
    """Return an Adam optimizer whose moments for the model's weights exist already."""
    optimizer = FusedAdam(learning_rate, beta_1, steady_steps)
    optimizer.build(model.trainable_variables)
    return optimizer
