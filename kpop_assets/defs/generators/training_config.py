"""The settings of a training as run config."""

from enum import StrEnum

import dagster as dg
from pydantic import Field

from kpop_assets.models.recipes import DEFAULT_RECIPE, RECIPES
from kpop_assets.models.settings import TrainingSettings

RecipeName = StrEnum("RecipeName", {name: name for name in RECIPES})  # type: ignore[misc]
"""The recipes, for the launchpad to offer."""


class TrainingConfig(TrainingSettings, dg.Config):
    """The training of a cover generator, with the fields of models/settings.py."""

    recipe: RecipeName = Field(
        RecipeName(DEFAULT_RECIPE), description=TrainingSettings.model_fields["recipe"].description
    )

    train_again: bool = Field(
        False,
        description="Train even if there is a generator of this config and these covers already. "
        "The result has the same bytes.",
    )
    unfinished_kept: int = Field(
        3,
        ge=0,
        description="How many unfinished trainings of the set with other settings stay in the "
        "store, the latest; each resumes when it is run again.",
    )
    finished_kept: int = Field(
        3,
        ge=0,
        description="So many other finished generators of the set stay in the store, those that "
        "were current last: each is current again, without training, when it is materialized with "
        "its config while its covers are unchanged.",
    )
