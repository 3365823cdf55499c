"""Generators whose covers say nothing about the covers of their set."""

import math
from contextlib import suppress

from kpop_assets.defs.insight.page.current_records import Record, current_records
from kpop_assets.judge.quality import COLLAPSE_FLOOR
from kpop_assets.models.published import best_evaluation
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import MissingArtifactError

FEWEST_STEPS = 100
"""Steps below which a training has hardly begun: after 180 of them the samples of the default
recipe have a KID of 161, those of an untrained network of about 1,100."""
MOST_KID = 550.0
"""KID × 1000 above which samples are nearer to noise, which has about 1,100, than to covers."""


def unfit(generator: Record, quality: Record | None) -> str | None:
    """Return why a generator's covers stand for nothing; None when they can be looked at.

    Takes the record of the training, and of `generator_quality` if there is one; without it the
    training's own evaluation of its best step counts.
    """
    steps = generator["config"]["steps"]
    if steps < FEWEST_STEPS:
        return f"trained for {steps} steps, {FEWEST_STEPS} are the fewest that show something"
    measured = quality if quality is not None else best_evaluation(generator)
    if measured is None:
        return None
    diversity, kid = _number(measured["diversity"]), _number(measured["kid"])
    if not diversity >= COLLAPSE_FLOOR:
        shown = "not measurable" if math.isnan(diversity) else f"{diversity:.2f}"
        return f"collapsed, its covers are all alike (diversity {shown}, floor {COLLAPSE_FLOOR})"
    if not kid <= MOST_KID:
        shown = "not measurable" if math.isnan(kid) else f"{kid:.0f}, at most {MOST_KID:.0f}"
        return f"not like its covers yet (KID {shown}; noise has about 1,100)"
    return None


def unfit_generator(store: Store, cover_set: str) -> str | None:
    """Return what `unfit` says of a set's generator; None where there is none."""
    with suppress(MissingArtifactError):
        records = current_records(store, cover_set)
        return unfit(records.generator, records.quality)
    return None


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
