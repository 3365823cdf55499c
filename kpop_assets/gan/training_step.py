"""One step of a training as one graph, on all devices."""

from collections.abc import Callable

import tensorflow as tf

from kpop_assets.gan.randomness import StepRandomness
from kpop_assets.gan.recipes.players import Players
from kpop_assets.gan.replicas import Replica, mean_of_replicas
from kpop_assets.gan.settings import FilledSettings


def compiled_step(
    players: Players,
    settings: FilledSettings,
    attempt: tf.Variable,
    strategy: tf.distribute.Strategy,
) -> Callable[..., tf.Tensor]:
    """Return one whole step as one graph: step number, int64, to losses, float32 (names,).

    `attempt` is read anew in each step.
    """

    @tf.function(
        input_signature=[tf.TensorSpec((), tf.int64)],
        autograph=False,
        jit_compile=settings.xla or None,
    )
    def training_step(step: tf.Tensor) -> tf.Tensor:
        current_attempt = attempt.read_value()

        def update(replica: Replica) -> tf.Tensor:
            return players.update(StepRandomness(settings.seed, step, current_attempt, replica))

        return mean_of_replicas(strategy, update)

    compiled: Callable[..., tf.Tensor] = training_step
    return compiled
