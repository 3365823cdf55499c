"""All that changes while a generator is trained, by name."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from kpop_assets.training.step.learner import Learner

_NUMBERS_VERSION = 7

Arrays = Mapping[str, np.ndarray]
Variables = Mapping[str, tf.Variable]


def state_variables(learner: Learner) -> dict[str, tf.Variable]:
    """Return every variable of the networks and optimizers, in the same order in each process."""
    return _variables({**learner.networks, **learner.optimizers})


def network_variables(learner: Learner) -> dict[str, tf.Variable]:
    """Return those of the networks alone, under the same names."""
    return _variables(learner.networks)


def arrays_of(variables: Variables) -> dict[str, np.ndarray]:
    """Return the value of every variable, by name."""
    return {name: variable.numpy() for name, variable in variables.items()}


def assign(variables: Variables, arrays: Arrays) -> None:
    """Set every variable to the array of its name."""
    for name, variable in variables.items():
        variable.assign(arrays[name])


def run_fingerprint(fingerprint: str, settings: Mapping[str, Any], variables: Variables) -> str:
    """Return a SHA-256 of all that decides the numbers of a run except how many steps it takes.

    That is the host's fingerprint of the training data, the settings, and the shapes of all
    variables: a run may be lengthened and go on from its checkpoint, but not resumed with other
    settings.
    """
    shapes = {name: list(variable.shape) for name, variable in variables.items()}
    parts = [_NUMBERS_VERSION, fingerprint, dict(settings), shapes]
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _variables(holders: Mapping[str, keras.Model | keras.Optimizer]) -> dict[str, tf.Variable]:
    return {
        f"{holder}/{index:03d}": variable
        for holder, held in holders.items()
        for index, variable in enumerate(held.variables)
    }
