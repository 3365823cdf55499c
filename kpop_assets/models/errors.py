"""What can go wrong with the covers of a training and with generators."""

from kpop_assets.errors import KpopAssetsError


class CoversShapeError(KpopAssetsError):
    """The training covers are missing or not uint8 pictures of the expected size."""


class CoverFileError(KpopAssetsError):
    """The file that training covers are streamed from cannot be written, or is torn or altered."""


class GeneratorFileError(KpopAssetsError):
    """A generator file could not be written, read or understood."""


class SamplingError(KpopAssetsError):
    """Impossible numbers of samples were asked for."""


class ConditionError(KpopAssetsError):
    """A cover was asked for that a generator knows nothing of."""


class FieldError(KpopAssetsError):
    """What one chooses of a generator does not fit it, or a value was asked for that it lacks."""


class ExportError(KpopAssetsError):
    """A generator has parts that a page cannot run."""
