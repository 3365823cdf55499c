"""The presets as jobs, so that another training is a click in the UI, and the songs as one."""

import dagster as dg
import yaml

from kpop_assets.project import PRESETS_FOLDER

DESCRIPTIONS = {
    "demo": "The lineage of covers with presets/demo.yaml: minutes of training.",
    "original": "The lineage of covers with presets/original.yaml: the original project's runs.",
}

OF_SONGS = dg.AssetSelection.groups("songs")

PRESET_JOBS = [
    dg.define_asset_job(
        name,
        selection=dg.AssetSelection.all() - OF_SONGS,
        config=yaml.safe_load((PRESETS_FOLDER / f"{name}.yaml").read_text("utf-8")),
        description=description,
    )
    for name, description in DESCRIPTIONS.items()
]

SONGS_JOB = dg.define_asset_job(
    "songs",
    selection=OF_SONGS,
    description="The songs alone: read, learned from, and new ones written and judged.",
)


def definitions() -> dg.Definitions:
    """Return the jobs."""
    return dg.Definitions(jobs=[*PRESET_JOBS, SONGS_JOB])
