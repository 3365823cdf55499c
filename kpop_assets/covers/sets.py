"""The four cover sets by name."""

from typing import Literal, get_args

from kpop_assets.errors import KpopAssetsError

CoverSet = Literal["boy", "girl", "popular", "general"]
COVER_SETS: tuple[CoverSet, ...] = get_args(CoverSet)
TrainingUses = Literal["one", "all"]
"""How many of the covers that show one picture a cover set holds."""
TRAINING_USES: tuple[TrainingUses, ...] = get_args(TrainingUses)


class UnknownCoverSetError(KpopAssetsError):
    """A cover set was asked for that does not exist."""


class EmptyCoverSetError(KpopAssetsError):
    """A cover set has no covers."""
