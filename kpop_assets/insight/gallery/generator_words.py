"""What a generator learned and where it fails, in sentences that a visitor understands."""

from collections.abc import Mapping
from math import isfinite
from typing import Any

Quality = Mapping[str, Any]

CLEARLY_LESS_FINE = -1.0
"""Decibels of fine detail; the covers of a set differ by less from other covers."""
CLEAR_GRID = 1.0
CLEAR_REPEATS = 0.1


def of_100(share: float) -> str:
    """Return a share as so many of 100; what is not all is never called all."""
    return "more than 99 of 100" if 0.995 <= share < 1 else f"{share * 100:.0f} of 100"


def learned(quality: Quality, covers: str) -> list[str]:
    """Return sentences on what generated covers have of those that were learned from."""
    sentences = []
    if (value := number_of(quality, "coverage")) is not None:
        sentences.append(
            f"{value:.0%} of the {covers} have a generated one about as near as their neighbours."
        )
    if (value := number_of(quality, "diversity")) is not None:
        sentences.append(f"They are {_as_varied(value)} as the {covers} are.")
    if (value := number_of(quality, "copies")) is not None:
        count = round(value * quality["samples"])
        copies = "None" if not count else f"{count}"
        verb = "is" if count == 1 else "are" if count else "is"
        sentences.append(
            f"{copies} of {quality['samples']} generated covers {verb} "
            f"{'a copy' if count <= 1 else 'copies'} of one."
        )
    return sentences


def fails(quality: Quality, covers: str) -> list[str]:
    """Return sentences on what gives generated covers away."""
    sentences = []
    if (value := number_of(quality, "told_apart")) is not None:
        sentences.append(
            f"A program that knows both finds the generated one in {of_100(value)} pairs; "
            "50 would be perfect."
        )
    if (value := number_of(quality, "fineness")) is not None and value < CLEARLY_LESS_FINE:
        sentences.append(
            f"They are blurred: fine detail is {1 - 10 ** (value / 20):.0%} weaker than in "
            f"{covers}."
        )
    if (value := number_of(quality, "peak")) is not None and value > CLEAR_GRID:
        sentences.append("A faint grid lies over them.")
    if (value := number_of(quality, "repeats")) is not None and value > CLEAR_REPEATS:
        sentences.append(f"{value:.0%} more of them than of {covers} repeat one motif.")
    return sentences


def _as_varied(value: float) -> str:
    if value >= 0.97:
        return "as varied"
    return "nearly as varied" if value >= 0.85 else f"{value:.0%} as varied"


def number_of(quality: Quality | None, name: str) -> float | None:
    """Return a measure of a generator's samples; None where it is not there or not measurable."""
    value = None if quality is None else quality.get(name)
    return None if value is None or not isfinite(value) else float(value)
