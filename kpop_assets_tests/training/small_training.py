"""A training without pictures: the loop knows no medium, so its tests need none.

One layer learns to bring random numbers to 1.
"""

import functools
import hashlib
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import tensorflow as tf

from kpop_assets.training.best_sampler import Judge
from kpop_assets.training.cadence import Cadence
from kpop_assets.training.host import TrainingHost
from kpop_assets.training.run import Plan, Run, RunResult
from kpop_assets.training.step.gradients import gradients
from kpop_assets.training.step.learner import Learner, adam
from kpop_assets.training.step.randomness import GENERATOR_NOISE, StepRandomness
from kpop_assets.training.step.replicas import Devices, strategy_over

NOISE_SIZE, BATCH_SIZE = 3, 4
CPU = Devices(("/CPU:0",), are_gpus=False)


@dataclass(frozen=True)
class Failure:
    """What is not finite after a step in the first so many attempts: the losses, or the weights."""

    step: int
    attempts: int = 1
    of_weights: bool = False

    def factor(self, randomness: StepRandomness) -> tf.Tensor:
        """Return NaN where the training fails, else 1."""
        fails = (randomness.step == self.step) & (randomness.attempt < self.attempts)
        return tf.where(fails, np.float32("nan"), np.float32(1))


class SmallLearner(Learner):
    """One layer; its losses are how far its numbers are from 1, and how large they are."""

    loss_names = ("gap", "size")

    def __init__(self, seed: int, learning_rate: float, failure: Failure | None = None) -> None:
        self.failure = failure
        first = keras.initializers.RandomNormal(seed=seed)
        noise = keras.Input((1, 1, NOISE_SIZE))
        self.sampler = keras.Model(noise, keras.layers.Dense(2, kernel_initializer=first)(noise))
        self.networks = {"network": self.sampler}
        self.optimizers = {"optimizer": adam(learning_rate, 0.5, self.sampler)}

    def update(self, randomness: StepRandomness) -> tf.Tensor:
        """Train once; return both losses."""
        numbers = self.sampler(randomness.noise(BATCH_SIZE, NOISE_SIZE, GENERATOR_NOISE))
        gap = tf.reduce_mean(tf.square(numbers - 1.0))
        weights = self.sampler.trainable_variables
        self.optimizers["optimizer"].apply(gradients(gap, weights), weights)
        losses = tf.stack([gap, tf.reduce_mean(tf.abs(numbers))])
        if self.failure is None:
            return losses
        factor = self.failure.factor(randomness)
        if self.failure.of_weights:
            weights[0].assign(weights[0] * factor)
            return losses
        return losses * factor


def preview(network: keras.Model) -> np.ndarray:
    """Return a picture of what the network makes of fixed noise, uint8 (2, 2, 3)."""
    numbers = network(np.linspace(-1, 1, 6 * NOISE_SIZE).reshape(6, 1, 1, NOISE_SIZE)).numpy()
    return (127.5 * (np.tanh(numbers) + 1.0)).astype(np.uint8).reshape(2, 2, 3)


def small_training(
    folder: Path,
    host: TrainingHost | None = None,
    judge: Judge | None = None,
    *,
    data: str = "numbers",
    seed: int = 0,
    learning_rate: float = 0.1,
    failure: Failure | None = None,
    **cadence: float,
) -> RunResult:
    """Train eight steps unless told otherwise, with a frame and a checkpoint every four."""
    every = {"log_every": 3, "frame_every": 4, "evaluate_every": 2, "checkpoint_every": 4}
    seconds = {"log_seconds": 1e9, "checkpoint_seconds": 1e9}
    plan = Plan(
        Cadence(**{"steps": 8, **every, **seconds, **cadence}),
        seed,
        preview,
        data,
        {"seed": seed, "learning_rate": learning_rate},
        judge,
    )
    build = functools.partial(SmallLearner, seed, learning_rate, failure)
    return Run(build, plan, strategy_over(CPU, BATCH_SIZE), host or TrainingHost(), folder).train()


def weights_digest(network: keras.Model) -> str:
    """Return a SHA-256 of the weights of a network."""
    return hashlib.sha256(b"".join(one.tobytes() for one in network.get_weights())).hexdigest()
