"""The config of every step is validated before the first one."""

from typing import Any

import dagster as dg
import pytest
import yaml

from kpop_assets.definitions import definitions
from kpop_assets.defs.executor import RunConfigError, require_valid_config
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.settings import Settings


@pytest.fixture(scope="module")
def job(tmp_path_factory: pytest.TempPathFactory) -> dg.JobDefinition:
    lineage = definitions(Settings("sample", None, tmp_path_factory.mktemp("store")))
    return lineage.resolve_implicit_global_asset_job_def()


@pytest.mark.parametrize(
    ("asset", "config", "told"),
    [
        (
            "cover_generator",
            {"recipe": "original", "image_size": 100},
            "image_size: expected a power of two from 32 to 512 pixels, got 100; "
            "choose one of 32, 64, 128, 256, 512",
        ),
        (
            "base_generator",
            {"recipe": "drifting", "image_size": 512},
            "expected an image_size of up to 256 for the recipe drifting, got 512; "
            "choose a smaller one, or the recipe original",
        ),
        (
            "cover_generator",
            {"unfinished_kept": -1},
            "unfinished_kept: expected it to be greater than or equal to 0, got -1",
        ),
        (
            "gaon_year_end_top10",
            {"first_year": 2020, "last_year": 2018},
            "expected a first_year of up to 2018, the last year, got 2020",
        ),
        (
            "gaon_year_end_top10",
            {"chart_depth": 101},
            "chart_depth: expected it to be less than or equal to 100, got 101",
        ),
        (
            "crawled_covers",
            {"keywords": ["kpop", "k" * 201]},
            "keywords: expected search words of 1 to 200 letters, got one of 201",
        ),
        (
            "crawled_covers",
            {"keywords": []},
            "keywords: expected it to have at least 1 item after validation, not 0, got []",
        ),
        (
            "sample_covers",
            {"truncation": 0.0},
            "truncation: expected it to be greater than 0, got 0.0",
        ),
        (
            "generator_quality",
            {"samples": 1},
            "samples: expected it to be greater than or equal to 2, got 1",
        ),
        (
            "originality",
            {"most_copies": 1.5},
            "most_copies: expected it to be less than or equal to 1, got 1.5",
        ),
        (
            "song_model",
            {"width": 0},
            "width: expected a whole number of 1 or more, got 0; raise it, or leave the field out "
            "to take its default",
        ),
    ],
)
def test_a_value_or_combination_that_cannot_be_used_is_one_sentence(
    job: dg.JobDefinition, asset: str, config: dict[str, Any], told: str
) -> None:
    with pytest.raises(RunConfigError) as refused:
        require_valid_config(job, {"ops": {asset: {"config": config}}})
    assert str(refused.value).removeprefix(f"config of {asset}").lstrip(":, ") == told


def test_a_table_of_rejected_covers_that_is_not_there_is_named(job: dg.JobDefinition) -> None:
    chosen = {"ops": {"cover_catalog": {"config": {"rejected_covers": "/no/such.csv"}}}}
    with pytest.raises(RunConfigError, match=r"config of cover_catalog: .*/no/such\.csv"):
        require_valid_config(job, chosen)


def test_defaults_presets_and_values_of_the_environment_are_used(
    job: dg.JobDefinition, monkeypatch: pytest.MonkeyPatch
) -> None:
    require_valid_config(job, {})
    for preset in ("ci", "demo", "original"):
        text = (PROJECT_FOLDER / f"presets/{preset}.yaml").read_text("utf-8")
        require_valid_config(job, yaml.safe_load(text))

    chosen = {"ops": {"cover_generator": {"config": {"steps": {"env": "STEPS"}}}}}
    monkeypatch.setenv("STEPS", "30")
    require_valid_config(job, chosen)
    monkeypatch.setenv("STEPS", "0")
    with pytest.raises(RunConfigError, match="steps: expected a whole number of 1 or more, got 0"):
        require_valid_config(job, chosen)
