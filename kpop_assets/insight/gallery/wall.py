"""The wall of the first screen: covers and generated ones in pairs, to tell apart."""

import hashlib
from dataclasses import dataclass

from scipy.stats import binom

from kpop_assets.insight.gallery.content import GalleryContent, WallPair
from kpop_assets.insight.gallery.generator_words import number_of, of_100


@dataclass(frozen=True)
class Wall:
    """The pairs with whether the cover stands left, and how often one could be right.

    `luck` is the fewest and the most right pairs that blind guessing gives 19 times of 20.
    `program` says how often a program is right, "" where that is not known.
    """

    pairs: list[tuple[WallPair, bool]]
    luck: tuple[int, int]
    program: str


def wall_of_pairs(content: GalleryContent, covers: str) -> Wall | None:
    """Return the wall; None where no pair can be shown."""
    if not content.wall:
        return None
    low, high = binom.interval(0.95, len(content.wall), 0.5)
    return Wall(
        pairs=[(pair, _cover_is_left(pair)) for pair in content.wall],
        luck=(int(low), int(high)),
        program=_program(content, covers),
    )


def _cover_is_left(pair: WallPair) -> bool:
    """Return what chance says, the same for the same pair."""
    return hashlib.sha256(pair.sample.picture.encode()).digest()[0] % 2 == 0


def _program(content: GalleryContent, covers: str) -> str:
    """Return how often a program is right, from `told_apart`: an AUC is just that of pairs."""
    quality = {one.name: one.quality for one in content.sets}
    known = [
        right
        for pair in content.wall
        if (right := number_of(quality.get(pair.cover_set), "told_apart")) is not None
    ]
    if not known:
        return ""
    return (
        f"A program that has seen many {covers} and many generated ones is right in "
        f"{of_100(sum(known) / len(known))} pairs."
    )
