"""The settings of a training as run config."""

import dagster as dg

from kpop_assets.models.settings import TrainingSettings


class TrainingConfig(TrainingSettings, dg.Config):
    """The training of a cover generator; the fields are described in models/settings.py."""
