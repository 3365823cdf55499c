"""The recipes of kpop_assets, each in one compiled step as its training loop compiles it."""

from typing import Literal

import numpy as np
import tensorflow as tf

from benchmarks.training.peers.contender import Contender, Task, looped
from benchmarks.training.peers.flops import counted
from kpop_assets.models.cover_source import InMemoryCovers
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.training.step.randomness import StepRandomness


def build(recipe: str, task: Task, convolutions: Literal["auto", "float32"]) -> Contender:
    """Return the step of a recipe at the task's batch size and the peers' width."""
    settings = TrainingSettings(
        recipe=recipe, batch_size=task.batch, width=64, image_size=64, convolutions=convolutions
    ).for_cover_set("")
    covers = InMemoryCovers(np.fromfile(task.small, np.uint8).reshape(-1, 64, 64, 3))
    learner = settings.untrained(covers)

    def update(step: tf.Tensor) -> tf.Tensor:
        return learner.update(StepRandomness(settings.seed, step, tf.constant(0, tf.int64)))

    signature = tf.TensorSpec((), tf.int64)
    compiled = tf.function(update, input_signature=[signature], autograph=False)
    steps = iter(range(1, 2**31))

    def step() -> tf.Tensor:
        return compiled(tf.constant(next(steps), tf.int64))

    def last_loss(losses: tf.Tensor) -> float:
        return float(losses[-1])

    return Contender(looped(step, last_loss), counted(update, signature))
