"""The commands of the README, run as a person runs them."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
import yaml
from PIL import Image

from kpop_assets.models.published import generator_folder
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.conftest import trained

DAGSTER = Path(sys.executable).with_name("dagster")
COVERS_ALONE = 'not group:"songs"'


def materialize_command(
    cover_set: str, preset: str | Path, selection: str = "*"
) -> list[str | Path]:
    return [
        *(DAGSTER, "asset", "materialize", "--select", selection, "--partition", cover_set),
        *("-m", "kpop_assets.definitions", "-c", preset),
    ]


def environment(home: Path, **settings: str) -> dict[str, str]:
    home.mkdir(exist_ok=True)
    return {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "KPOP_SITES": "sample",
        "KPOP_COVERS_DIR": "",
        "KPOP_STORE": str(home / "store"),
        **settings,
    }


def run(command: list[str | Path], env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run outside the project, where no .env of the developer is read."""
    return subprocess.run(
        command, cwd=env["DAGSTER_HOME"], env=env, capture_output=True, text=True, timeout=600
    )


def quicker_preset(path: Path) -> Path:
    """Write presets/ci.yaml with the recipe that starts soonest, and without other generators."""
    preset = yaml.safe_load((PROJECT_FOLDER / "presets/ci.yaml").read_text())
    ops = preset["ops"]
    ops["base_generator"] = {"config": {"sets_below": 0}}
    ops["conditional_generator"] = {"config": {"conditions": []}}
    ops["cover_generator"]["config"]["recipe"] = "original"
    path.write_text(yaml.safe_dump(preset))
    return path


@pytest.mark.slow
def test_sets_materialize_one_after_another(tmp_path: Path) -> None:
    env = environment(tmp_path)
    recipes = {"girl": "drifting", "general": "original"}
    presets = {
        "girl": PROJECT_FOLDER / "presets/ci.yaml",
        "general": quicker_preset(tmp_path / "quicker.yaml"),
    }
    for cover_set, preset in presets.items():
        done = run(materialize_command(cover_set, preset), env)
        assert done.returncode == 0, done.stderr

    store = Store(tmp_path / "store")
    for cover_set, recipe in recipes.items():
        record = json.loads((generator_folder(store, cover_set) / "generator.json").read_text())
        assert record["sites"] == "sample"
        assert record["cover_set"] == cover_set
        assert record["config"]["recipe"] == recipe
        assert Image.open(store.folder("training_gif", cover_set) / "training.gif").n_frames == 5
        assert len(list(store.folder("sample_covers", cover_set).glob("*.jpg"))) == 16

    assert len(list(store.folder("generated_songs", "all").glob("*.ogg"))) == 2
    catalog = pd.read_parquet(store.table("cover_catalog"))
    members = {
        name: set(catalog["hash"][[name in sets for sets in catalog["cover_sets"]]])
        for name in ("boy", "girl", "popular", "general")
    }
    assert members["boy"]
    assert members["girl"]
    assert not members["boy"] & members["girl"]
    assert members["boy"] | members["girl"] <= members["popular"]
    assert not members["general"] & members["popular"]
    for table in ("gaon_year_end_top10", "melon_covers", "crawled_covers", "cover_catalog"):
        assert set(pd.read_parquet(store.table(table))["sites"]) == {"sample"}


def test_an_unknown_cover_set_is_refused_before_anything_is_made(tmp_path: Path) -> None:
    env = environment(tmp_path / "home")
    done = run(materialize_command("duo", PROJECT_FOLDER / "presets/ci.yaml"), env)
    assert done.returncode != 0
    refused = "expected a cover set, one of boy, girl, popular, general, got 'duo'"
    assert done.stderr.splitlines()[-1] == f"Error: {refused}"
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "home/store").exists()

    demo = ["make", "-C", PROJECT_FOLDER, "-o", ".venv/installed", "demo", "SET=duo"]
    done = run(demo, env)
    assert done.returncode != 0
    assert "expected SET to be boy, girl, popular or general, got duo" in done.stderr


def test_a_config_that_cannot_be_used_is_refused_before_the_first_step(tmp_path: Path) -> None:
    env = environment(tmp_path / "home")
    preset = tmp_path / "preset.yaml"
    preset.write_text(
        "ops: {cover_generator: {config: {recipe: original, image_size: 100}}}\n"
        "loggers: {console: {}}\n"
    )
    done = run(materialize_command("girl", preset), env)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    [refusal] = [line for line in done.stderr.splitlines() if "failed:" in line]
    assert refusal.endswith(
        "RunConfigError: config of cover_generator, image_size: expected a power of two from 32 to "
        "512 pixels, got 100; choose one of 32, 64, 128, 256, 512"
    )
    assert not (tmp_path / "home/store").exists()


@pytest.mark.slow
def test_a_training_killed_without_warning_goes_on_from_its_checkpoint(
    tmp_path: Path, covers_folder: Path
) -> None:
    env = environment(tmp_path / "home", KPOP_COVERS_DIR=str(covers_folder))
    preset = tmp_path / "preset.yaml"
    preset.write_text(
        "ops:\n"
        "  conditional_generator: {config: {conditions: []}}\n"
        "  cover_generator: {config: {recipe: original, steps: 100000, image_size: 32, width: 4, "
        "batch_size: 4, checkpoint_every: 20, log_every: 10, evaluate_every: 0}}\n"
    )
    checkpoints = tmp_path / "home/store/checkpoints/boy"
    with subprocess.Popen(
        materialize_command("boy", preset, COVERS_ALONE),
        cwd=env["DAGSTER_HOME"],
        env=env,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as training:
        deadline = time.monotonic() + 240
        while not list(checkpoints.glob("*/checkpoint-*")) and time.monotonic() < deadline:
            time.sleep(0.05)
        os.killpg(training.pid, signal.SIGKILL)
    reached = max(int(path.stem.split("-")[1]) for path in checkpoints.glob("*/checkpoint-*.npz"))
    assert reached >= 20
    assert not (tmp_path / "home/store/cover_generator/boy").exists()

    preset.write_text(preset.read_text().replace("100000", str(reached + 10)))
    done = run(materialize_command("boy", preset, "cover_generator"), env)
    assert done.returncode == 0, done.stderr
    record = json.loads((trained(tmp_path / "home/store") / "generator.json").read_text())
    assert record["provenance"]["resumed_from_step"] == reached
    assert record["losses"]["step"] == list(range(1, reached + 11))


def as_in_a_terminal() -> None:
    """Let Ctrl+C end the process, which a job in the background would ignore."""
    signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_cancelled_training_ends_within_a_step_and_with_a_checkpoint(
    tmp_path: Path, covers_folder: Path, how: signal.Signals
) -> None:
    env = environment(tmp_path / "home", KPOP_COVERS_DIR=str(covers_folder))
    preset = tmp_path / "preset.yaml"
    preset.write_text(
        "ops:\n"
        "  conditional_generator: {config: {conditions: []}}\n"
        "  cover_generator: {config: {recipe: original, steps: 100000, image_size: 32, width: 4, "
        "batch_size: 4, checkpoint_every: 100000, log_every: 10, evaluate_every: 0}}\n"
        "loggers: {console: {}}\n"
    )
    told = tmp_path / "told"
    with (
        told.open("wb") as output,
        subprocess.Popen(
            materialize_command("boy", preset, COVERS_ALONE),
            cwd=env["DAGSTER_HOME"],
            env=env,
            stderr=output,
            start_new_session=True,
            preexec_fn=as_in_a_terminal,
        ) as training,
    ):
        deadline = time.monotonic() + 240
        while b"step 20 of" not in told.read_bytes() and time.monotonic() < deadline:
            time.sleep(0.05)
        to = os.killpg if how == signal.SIGINT else os.kill  # a terminal tells all its processes
        to(training.pid, how)
        asked_at = time.monotonic()
        training.wait(timeout=120)
    assert time.monotonic() - asked_at < 60
    with pytest.raises(ProcessLookupError):
        os.killpg(training.pid, 0)
    [checkpoint] = (tmp_path / "home/store/checkpoints/boy").glob("*/checkpoint-*.npz")
    reached = int(checkpoint.stem.split("-")[1])
    assert 20 <= reached < 100000
    lines = [line.partition("  ")[2] for line in told.read_text().splitlines()]
    assert lines[-4:-1] == [
        f"cover_generator: stopped at step {reached}; checkpoint at step {reached}; "
        "run the same again to resume",
        "cover_generator: cancelled",
        'Execution of run for "__ASSET_JOB" canceled.',
    ]
    assert "Traceback" not in told.read_text()
    with dg.DagsterInstance.from_config(env["DAGSTER_HOME"]) as instance:
        [run_before] = instance.get_runs()
    assert run_before.status == dg.DagsterRunStatus.CANCELED

    preset.write_text(preset.read_text().replace("100000", str(reached + 10)))
    done = run(materialize_command("boy", preset, "cover_generator"), env)
    assert done.returncode == 0, done.stderr
    record = json.loads((trained(tmp_path / "home/store") / "generator.json").read_text())
    assert record["provenance"]["resumed_from_step"] == reached


@pytest.mark.slow
def test_a_disk_that_fills_up_is_a_named_error_and_leaves_no_half_asset(
    tmp_path: Path, covers_folder: Path
) -> None:
    env = environment(tmp_path / "home", KPOP_COVERS_DIR=str(covers_folder))
    limited = [
        sys.executable,
        "-c",
        "import os, resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_200_000, 1_200_000));"
        "os.execv(sys.argv[1], sys.argv[1:])",
    ]
    demo = materialize_command("boy", PROJECT_FOLDER / "presets/demo.yaml", COVERS_ALONE)
    done = run([*limited, *demo], env)
    assert done.returncode != 0
    assert "StoreWriteError" in done.stderr
    assert "free disk space" in done.stderr
    assert not (tmp_path / "home/store/cover_tensors/boy/covers.parquet").exists()
    assert not list((tmp_path / "home/store").rglob("*.tmp"))
