"""The four cover sets by name."""

from enum import StrEnum
from typing import Literal, get_args

from kpop_assets.errors import KpopAssetsError

CoverSet = Literal["boy", "girl", "popular", "general"]
COVER_SETS: tuple[CoverSet, ...] = get_args(CoverSet)


class TrainingUses(StrEnum):
    """How many of the covers that show one picture a cover set holds."""

    one = "one"
    all = "all"


class UnknownCoverSetError(KpopAssetsError):
    """A cover set was asked for that does not exist."""


FEWEST_TO_TRAIN = 2
"""Covers that a generator needs: of one alone nothing can be learned but that cover, and how varied
or near samples are cannot be said."""


class EmptyCoverSetError(KpopAssetsError):
    """A cover set has no covers."""


class TooFewCoversError(KpopAssetsError):
    """A cover set has too few covers to train a generator on."""


def require_enough(name: str, covers: int) -> None:
    """Raise TooFewCoversError when the set `name` has fewer covers than a training needs."""
    if covers < FEWEST_TO_TRAIN:
        raise TooFewCoversError(
            f"expected at least {FEWEST_TO_TRAIN} covers to train a generator on, but the set "
            f"{name!r} has {covers}, and nothing was trained; fetch the chart deeper "
            "(chart_depth), crawl more, or add covers of this set to covers.csv. The other sets "
            "and the gallery page (--select gallery_page) can be made without it"
        )
