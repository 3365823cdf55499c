"""What can go wrong while samples are judged."""

from kpop_assets.errors import KpopAssetsError


class QualityError(KpopAssetsError):
    """There are too few covers or samples to say how good the samples are."""
