"""The generator that draws in the gallery page: the one that is told set and year."""

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from kpop_assets.defs.generators.conditional_generator import conditional_generators
from kpop_assets.defs.insight.page.unfit_generators import FEWEST_STEPS, MOST_KID
from kpop_assets.models.conditional.conditions import Choice, Conditions, conditions_of_record
from kpop_assets.models.errors import ConditionError, ExportError, GeneratorFileError
from kpop_assets.models.live.content import Condition, Field, LiveGenerator, Range
from kpop_assets.models.published import (
    GeneratorRecord,
    best_evaluation,
    current_folder,
    published_generator,
    training_record,
)
from kpop_assets.models.recipes import RECIPES
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError

if TYPE_CHECKING:
    from numpy.typing import NDArray

STEPS_OF_A_RANGE = 100
"""Values of a range told to the page, which goes straight from one to the next."""


def drawing_generator(store: Store, left_out: list[str]) -> LiveGenerator | None:
    """Return the generator for the page, None where there is none fit to draw, which is noted."""
    try:
        folder = current_folder(conditional_generators(store))
        record = training_record(folder)
        if (reason := _unfit(record)) is not None:
            left_out.append(f"drawing by yourself: {reason}")
            return None
        from kpop_assets.models.live.live_generator import live_generator

        conditions = conditions_of_record(record.get("conditions", []))
        fields = _fields(conditions)
        config = record["config"]
        live = live_generator(published_generator(folder), config["noise_size"], fields)
        full_steps = int(RECIPES[config["recipe"]].settings["steps"])
        return replace(live, steps=config["steps"], full_steps=full_steps)
    except MissingArtifactError:
        return None
    except (DamagedArtifactError, GeneratorFileError, ConditionError, ExportError) as error:
        left_out.append(f"drawing by yourself: {error}")
        return None


def _fields(conditions: Conditions) -> list[Field]:
    """Return the conditions as a page has them: the numbers that each value is told by."""
    from kpop_assets.models.conditional.sampling import condition_numbers

    def told(column: int, places: "NDArray[np.float64]") -> "NDArray[np.float32]":
        alone = np.full((len(places), len(conditions.fields)), np.nan)
        alone[:, column] = places
        first = sum(field.width for field in conditions.fields[:column])
        width = conditions.fields[column].width
        return condition_numbers(conditions, alone)[:, first : first + width]

    fields: list[Field] = []
    for column, field in enumerate(conditions.fields):
        if isinstance(field, Choice):
            vectors = told(column, np.arange(field.width, dtype=np.float64))
            fields.append(Condition(field.name, list(zip(field.values, vectors, strict=True))))
        else:
            vectors = told(column, np.linspace(0, 1, STEPS_OF_A_RANGE + 1))
            whole = field.low.is_integer() and field.high.is_integer()
            step = 0.5 if whole else (field.high - field.low) / STEPS_OF_A_RANGE
            fields.append(Range(field.name, field.low, field.high, step, list(vectors)))
    return fields


def _unfit(record: GeneratorRecord) -> str | None:
    """Return why a generator should not draw in the page; None when it can."""
    steps = record["config"]["steps"]
    if steps < FEWEST_STEPS:
        return f"trained for {steps} steps, {FEWEST_STEPS} are the fewest that show something"
    best = best_evaluation(record) or {}
    kids = [math.nan if kid is None else kid for name, kid in best.items() if name[:4] == "kid_"]
    if kids and not np.mean(kids) <= MOST_KID:
        return f"not like its covers yet (KID {np.mean(kids):.0f}; noise has about 1,100)"
    return None
