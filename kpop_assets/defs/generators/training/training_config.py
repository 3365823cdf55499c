"""The settings of a training as run config."""

import dagster as dg
from pydantic import Field

from kpop_assets.models.settings import TrainingSettings


class TrainingConfig(TrainingSettings, dg.Config):
    """The training of a cover generator; the fields are described in models/settings.py."""

    unfinished_kept: int = Field(
        3,
        ge=0,
        description="So many trainings of the set that were broken off, with other settings than "
        "this one, stay in the store, the latest: each goes on when it is started again.",
    )
