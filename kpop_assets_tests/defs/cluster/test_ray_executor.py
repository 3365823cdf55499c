"""Runs on a Ray cluster that is not there, and what their steps would ask it for."""

import os
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.defs.pools import CHART_SITE, IMAGE_SEARCH, SHOPS, TRAINING
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.settings import RayCluster, Settings
from kpop_assets_tests.end_to_end.test_command_line import environment, materialize_command, run

NOBODY = "http://127.0.0.1:9"
TENSORS = materialize_command("girl", PROJECT_FOLDER / "presets/ci.yaml", "cover_tensors")


@pytest.mark.slow
def test_a_cluster_that_was_never_there_is_a_named_error(tmp_path: Path) -> None:
    done = run(TENSORS, environment(tmp_path / "home", KPOP_RAY_ADDRESS=NOBODY))
    assert done.returncode != 0
    assert f"RayClusterError: expected a Ray cluster at {NOBODY}, but it does not" in done.stderr
    assert "start it, correct KPOP_RAY_ADDRESS, or unset it" in done.stderr
    assert not (tmp_path / "home/store/cover_tensors").exists()


@pytest.mark.slow
def test_dagster_ray_that_is_not_installed_is_a_named_error(tmp_path: Path) -> None:
    missing = tmp_path / "path/dagster_ray.py"
    missing.parent.mkdir()
    missing.write_text("raise ModuleNotFoundError(\"No module named 'dagster_ray'\")")
    path = os.pathsep.join([str(missing.parent), os.environ.get("PYTHONPATH", "")])
    env = environment(tmp_path / "home", KPOP_RAY_ADDRESS=NOBODY, PYTHONPATH=path)
    done = run(TENSORS, env)
    assert done.returncode != 0
    assert (
        f"RayClusterError: expected dagster-ray for the Ray cluster at {NOBODY}, but No module "
        "named 'dagster_ray'; run `make cluster`, or unset KPOP_RAY_ADDRESS"
    ) in done.stderr


def test_with_an_address_steps_go_there_and_without_one_they_stay(tmp_path: Path) -> None:
    here = Settings(sites="sample", covers_dir=None, store=tmp_path)
    there = Settings("sample", None, tmp_path, ray=RayCluster(NOBODY, training_cpus=4.0))
    for settings, name in ((here, "in_process"), (there, "ray")):
        executor = definitions(settings).executor
        assert isinstance(executor, dg.ExecutorDefinition)
        assert executor.name == name
    fields = executor.config_schema.config_type.fields
    assert fields["training_cpus"].default_value == 4.0
    assert fields["other_cpus"].default_value == 1.0


@pytest.mark.parametrize(
    ("pool", "assets"),
    [
        (CHART_SITE, {"gaon_year_end_top10"}),
        (SHOPS, {"melon_covers"}),
        (IMAGE_SEARCH, {"crawled_covers"}),
        (
            TRAINING,
            {"base_generator", "cover_generator", "conditional_generator", "song_model"},
        ),
    ],
)
def test_who_asks_a_site_or_trains_is_in_a_pool(
    pool: str, assets: set[str], tmp_path: Path
) -> None:
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=tmp_path))
    assert {
        asset.key.to_user_string()
        for asset in lineage.assets or []
        if isinstance(asset, dg.AssetsDefinition) and asset.op.pool == pool
    } == assets
