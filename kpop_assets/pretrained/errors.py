"""What can go wrong with the published weights of networks."""

from kpop_assets.errors import KpopAssetsError


class WeightsMissingError(KpopAssetsError):
    """The package with the published weights of a network is not installed."""


class WeightsFileError(KpopAssetsError):
    """A file of published weights could not be read, was exchanged or holds more than tensors."""


class PicturesShapeError(KpopAssetsError):
    """Pictures to be looked at have another shape or type than a network takes."""
