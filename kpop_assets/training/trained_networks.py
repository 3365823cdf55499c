"""The networks of a finished training as a file, to start another training from."""

import hashlib
import io
import pathlib
from dataclasses import dataclass

import numpy as np

from kpop_assets.training.errors import NetworksFileError
from kpop_assets.training.state import Arrays, Variables, assign


@dataclass(frozen=True)
class TrainedNetworks:
    """All weights of a recipe's networks by name, and the SHA-256 of their file."""

    arrays: Arrays
    digest: str


def write_networks(path: pathlib.Path, arrays: Arrays) -> None:
    """Write the weights as an .npz file; raises OSError."""
    np.savez(path, allow_pickle=False, **arrays)


def read_networks(path: pathlib.Path) -> TrainedNetworks:
    """Read weights that `write_networks` wrote; raises NetworksFileError."""
    try:
        content = path.read_bytes()
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            return TrainedNetworks(dict(archive), hashlib.sha256(content).hexdigest())
    except Exception as error:  # zip archives raise many kinds on damaged data
        raise NetworksFileError(
            f"Expected the networks of a training in {path}, got: {error}; materialize "
            "base_generator again, or set from_base to false."
        ) from error


def begin_as(networks: TrainedNetworks, variables: Variables) -> None:
    """Give the variables the weights of their names; raises NetworksFileError for other shapes."""
    expected = {name: tuple(variable.shape) for name, variable in variables.items()}
    got = {name: array.shape for name, array in networks.arrays.items()}
    if expected != got:
        raise NetworksFileError(
            f"Expected networks of {len(expected)} variables of the run's own shapes to start "
            f"from, got {len(got)}, {len(got.items() - expected.items())} of them others; train "
            "them with the same recipe, image_size, noise_size and width."
        )
    assign(variables, networks.arrays)
