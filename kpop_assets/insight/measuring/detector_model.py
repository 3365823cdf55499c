"""The models of optional detectors: files of packages whose code is not run."""

import hashlib
import importlib.util
from dataclasses import dataclass

from kpop_assets.errors import KpopAssetsError
from kpop_assets.pretrained.packaged import packaged_file

INSTALL = "make detectors"


class DetectorModelError(KpopAssetsError):
    """A detector's model is missing or not the one that is known."""


@dataclass(frozen=True)
class DetectorModel:
    """A model file in a package, the hash that it must have, and the package that runs it."""

    name: str
    package: str
    file: str
    sha256: str
    runtime: str

    def is_installed(self) -> bool:
        """Return whether both the model and what runs it are installed."""
        has_runtime = importlib.util.find_spec(self.runtime) is not None
        return has_runtime and packaged_file(self.package, self.file) is not None

    def content(self) -> bytes:
        """Return the model's bytes; raises DetectorModelError."""
        path = packaged_file(self.package, self.file)
        content = path.read_bytes() if path else b""
        found = hashlib.sha256(content).hexdigest()
        if found != self.sha256:
            raise DetectorModelError(
                f"expected the model of {self.name} with SHA-256 {self.sha256[:12]}… in the "
                f"package {self.package}, got {found[:12] if content else 'none'}; say: {INSTALL}"
            )
        return content
