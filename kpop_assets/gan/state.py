"""All that changes while a generator is trained, by name."""

import hashlib
import json
from collections.abc import Mapping

import keras
import numpy as np
import tensorflow as tf

from kpop_assets.gan.recipes.players import Players
from kpop_assets.gan.settings import WITHOUT_EFFECT_ON_NUMBERS, FilledSettings

_NUMBERS_VERSION = 6

Arrays = Mapping[str, np.ndarray]
Variables = Mapping[str, tf.Variable]


def state_variables(players: Players) -> dict[str, tf.Variable]:
    """Return every variable of the networks and optimizers, in the same order in each process."""
    return _variables({**players.networks, **players.optimizers})


def network_variables(players: Players) -> dict[str, tf.Variable]:
    """Return those of the networks alone, under the same names."""
    return _variables(players.networks)


def arrays_of(variables: Variables) -> dict[str, np.ndarray]:
    """Return the value of every variable, by name."""
    return {name: variable.numpy() for name, variable in variables.items()}


def assign(variables: Variables, arrays: Arrays) -> None:
    """Set every variable to the array of its name."""
    for name, variable in variables.items():
        variable.assign(arrays[name])


def run_fingerprint(fingerprint: str, settings: FilledSettings, variables: Variables) -> str:
    """Return a SHA-256 of all that decides the numbers of a run except how many steps it takes.

    That is the host's fingerprint of the covers, the settings, and the shapes of all variables:
    a run may be lengthened and go on from its checkpoint, but not resumed with other settings.
    """
    shapes = {name: list(variable.shape) for name, variable in variables.items()}
    chosen = settings.model_dump(exclude={"steps", *WITHOUT_EFFECT_ON_NUMBERS})
    parts = [_NUMBERS_VERSION, fingerprint, chosen, shapes]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _variables(holders: Mapping[str, keras.Model | keras.Optimizer]) -> dict[str, tf.Variable]:
    return {
        f"{holder}/{index:03d}": variable
        for holder, held in holders.items()
        for index, variable in enumerate(held.variables)
    }
