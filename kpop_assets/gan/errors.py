"""What can go wrong while a cover generator is trained, stored or sampled."""

from kpop_assets.errors import KpopAssetsError


class CoversShapeError(KpopAssetsError):
    """The training covers are missing or not uint8 pictures of the expected size."""


class CoverFileError(KpopAssetsError):
    """The file that training covers are streamed from cannot be written, or is torn or altered."""


class BatchSplitError(KpopAssetsError):
    """A batch cannot be shared evenly by the devices that train together."""


class DivergedError(KpopAssetsError):
    """A loss or a weight stopped being a finite number."""


class CheckpointWriteError(KpopAssetsError):
    """A checkpoint could not be written."""


class CheckpointReadError(KpopAssetsError):
    """A checkpoint folder or file could not be read from its disk."""


class GeneratorFileError(KpopAssetsError):
    """A generator file could not be written, read or understood."""


class NetworksFileError(KpopAssetsError):
    """The networks to start a training from are missing, torn, or not those of its recipe."""


class SamplingError(KpopAssetsError):
    """Impossible numbers of samples were asked for."""


class WeightsMissingError(KpopAssetsError):
    """The package with the published weights of a network is not installed."""


class WeightsFileError(KpopAssetsError):
    """A file of published weights could not be read, was exchanged or holds more than tensors."""


class QualityError(KpopAssetsError):
    """There are too few covers or samples to say how good the samples are."""
