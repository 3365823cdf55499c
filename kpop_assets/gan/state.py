"""All that changes while a generator is trained: two networks and their two optimizers."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import keras
import numpy as np

from kpop_assets.gan.networks import build_discriminator, build_generator
from kpop_assets.gan.settings import TrainingSettings

_SETTINGS_OF_THE_WAY = {
    "steps",
    "frame_every",
    "checkpoint_every",
    "log_every",
    "observe_every",
}


@dataclass(frozen=True)
class TrainingState:
    """Both networks and both Adam optimizers of a run."""

    generator: keras.Model
    discriminator: keras.Model
    generator_optimizer: keras.Optimizer
    discriminator_optimizer: keras.Optimizer

    def variables(self) -> dict[str, keras.Variable]:
        """Return every variable by a name that is the same in each process."""
        holders = {
            "generator": self.generator.variables,
            "discriminator": self.discriminator.variables,
            "generator_optimizer": self.generator_optimizer.variables,
            "discriminator_optimizer": self.discriminator_optimizer.variables,
        }
        return {
            f"{holder}/{index:03d}": variable
            for holder, variables in holders.items()
            for index, variable in enumerate(variables)
        }

    def arrays(self) -> dict[str, np.ndarray]:
        """Return the value of every variable, by name."""
        return {name: variable.numpy() for name, variable in self.variables().items()}

    def assign(self, arrays: Mapping[str, np.ndarray]) -> None:
        """Set every variable to the array of its name."""
        for name, variable in self.variables().items():
            variable.assign(arrays[name])


def initial_state(settings: TrainingSettings) -> TrainingState:
    """Build untrained networks and their optimizers; `settings.seed` fixes the first weights."""
    assert settings.noise_size is not None
    generator = build_generator(
        settings.image_size, settings.noise_size, settings.width, settings.seed
    )
    discriminator = build_discriminator(settings.image_size, settings.width, settings.seed)
    generator_optimizer = keras.optimizers.Adam(
        settings.generator_learning_rate, beta_1=settings.beta_1
    )
    discriminator_optimizer = keras.optimizers.Adam(
        settings.discriminator_learning_rate, beta_1=settings.beta_1
    )
    generator_optimizer.build(generator.trainable_variables)
    discriminator_optimizer.build(discriminator.trainable_variables)
    return TrainingState(generator, discriminator, generator_optimizer, discriminator_optimizer)


def run_fingerprint(fingerprint: str, settings: TrainingSettings, state: TrainingState) -> str:
    """Return a SHA-256 of all that decides the numbers of a run except how many steps it takes.

    That is the host's fingerprint of the covers, the settings, and the shapes of all variables:
    a run may be lengthened and go on from its checkpoint, but not resumed with other settings.
    """
    shapes = {name: list(variable.shape) for name, variable in state.variables().items()}
    parts = [fingerprint, settings.model_dump(exclude=_SETTINGS_OF_THE_WAY), shapes]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()
