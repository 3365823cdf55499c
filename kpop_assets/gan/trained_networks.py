"""The networks of a finished training as a file, to start another training from."""

import hashlib
import pathlib
import zipfile
from dataclasses import dataclass

import numpy as np

from kpop_assets.gan.errors import NetworksFileError
from kpop_assets.gan.state import Arrays


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
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        with np.load(path, allow_pickle=False) as archive:
            return TrainedNetworks(dict(archive), digest)
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise NetworksFileError(
            f"Expected the networks of a training in {path}, got: {error}; materialize "
            "base_generator again, or set start_from_base to false."
        ) from error
