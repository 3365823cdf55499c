"""What can go wrong while a model is trained."""

from kpop_assets.errors import KpopAssetsError


class DivergedError(KpopAssetsError):
    """A loss or a weight stopped being a finite number."""


class CheckpointWriteError(KpopAssetsError):
    """A checkpoint could not be written."""


class CheckpointReadError(KpopAssetsError):
    """A checkpoint folder or file could not be read from its disk."""


class NetworksFileError(KpopAssetsError):
    """The networks to start a training from are missing, torn, or not those of its recipe."""
