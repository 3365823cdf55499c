"""One step of a training as one graph, on all devices."""

from collections.abc import Callable

import tensorflow as tf

from kpop_assets.training.step.learner import Learner
from kpop_assets.training.step.randomness import StepRandomness
from kpop_assets.training.step.replicas import Replica, mean_of_replicas


def compiled_step(
    learner: Learner,
    seed: int,
    attempt: tf.Variable,
    strategy: tf.distribute.Strategy,
    xla: bool = False,
) -> Callable[..., tf.Tensor]:
    """Return one whole step as one graph: step number, int64, to losses, float32 (names,).

    `attempt` is read anew in each step. With `xla` the graph is compiled.
    """

    @tf.function(
        input_signature=[tf.TensorSpec((), tf.int64)],
        autograph=False,
        jit_compile=xla or None,
    )
    def training_step(step: tf.Tensor) -> tf.Tensor:
        current_attempt = attempt.read_value()

        def update(replica: Replica) -> tf.Tensor:
            return learner.update(StepRandomness(seed, step, current_attempt, replica))

        return mean_of_replicas(strategy, update)

    compiled: Callable[..., tf.Tensor] = training_step
    return compiled
