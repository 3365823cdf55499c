"""The program as a wheel, away from its checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from kpop_assets.project import PROJECT_FOLDER

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def unpacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what the wheel installs."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder]
    subprocess.run([*build, PROJECT_FOLDER], check=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "installed")
    return folder / "installed"


def python(unpacked: Path, cwd: Path, *words: str) -> str:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("KPOP_")},
        "PYTHONPATH": str(unpacked),
        "DAGSTER_HOME": "",
    }
    command = [sys.executable, *words]
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_command_runs_and_finds_the_presets(unpacked: Path, tmp_path: Path) -> None:
    assert "Usage:" in python(unpacked, tmp_path, "-m", "kpop_assets.cli", "--help")
    listed = python(unpacked, tmp_path, "-m", "kpop_assets.cli", "presets").splitlines()
    assert [Path(path).name for path in listed] == ["ci.yaml", "demo.yaml", "original.yaml"]
    assert all(Path(path).is_relative_to(unpacked) for path in listed)


def test_what_it_makes_lies_where_it_was_started(unpacked: Path, tmp_path: Path) -> None:
    home = python(unpacked, tmp_path, "-m", "kpop_assets.cli", "dagster-home").strip()
    assert home == f"{tmp_path}/data/store/dagster"
    assert (tmp_path / "data/store/dagster/dagster.yaml").exists()


def test_definitions_load_with_presets_and_the_chart_is_fetched(
    unpacked: Path, tmp_path: Path
) -> None:
    script = """
import dagster as dg
import kpop_assets
from kpop_assets.definitions import defs
from kpop_assets.defs.executor import require_valid_config

require_valid_config(defs.resolve_job_def("demo"), defs.resolve_job_def("demo").run_config)
years = {"gaon_year_end_top10": {"config": {"first_year": 2018, "last_year": 2019}}}
assets = [asset for asset in defs.assets if asset.key.path == ["gaon_year_end_top10"]]
made = dg.materialize(assets, resources=defs.resources, run_config={"ops": years})
print(kpop_assets.__file__)
print(len(made.output_for_node("gaon_year_end_top10")))
"""
    where, entries = python(unpacked, tmp_path, "-c", script).splitlines()[-2:]
    assert where == str(unpacked / "kpop_assets/__init__.py")
    assert entries == "20"
