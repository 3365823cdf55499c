"""The presets as jobs, so that a training other than the full one is a click in the UI."""

import dagster as dg
import yaml

from kpop_assets.project import PRESETS_FOLDER

DESCRIPTIONS = {
    "demo": "The whole lineage with presets/demo.yaml: minutes of training.",
    "original": "The whole lineage with presets/original.yaml: the original project's runs.",
}

PRESET_JOBS = [
    dg.define_asset_job(
        name,
        selection=dg.AssetSelection.all(),
        config=yaml.safe_load((PRESETS_FOLDER / f"{name}.yaml").read_text("utf-8")),
        description=description,
    )
    for name, description in DESCRIPTIONS.items()
]


def definitions() -> dg.Definitions:
    """Return the jobs."""
    return dg.Definitions(jobs=PRESET_JOBS)
