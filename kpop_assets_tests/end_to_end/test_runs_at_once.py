"""Several terminals at once, with one store and one new history."""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.store.artifacts import Store
from kpop_assets.store.sole_use import sole_use
from kpop_assets_tests.end_to_end.test_command_line import (
    as_in_a_terminal,
    environment,
    materialize_command,
)

PRESET = """
ops:
  gaon_year_end_top10: {config: {first_year: 2018, last_year: 2020}}
  crawled_covers:
    config: {keywords: [가온 앨범 아트], bing_pictures: 20, google_pictures: 10, fewest_covers: 9}
loggers: {console: {}}
"""
AS_MAKE_DOES = (
    *("sh", "-c"),
    'DAGSTER_HOME="$("$0" -m kpop_assets.cli dagster-home)"; export DAGSTER_HOME; "$@"',
    sys.executable,
)


@pytest.mark.slow
def test_girl_boy_and_general_at_once_all_end_well(tmp_path: Path) -> None:
    env = environment(tmp_path / "home")
    preset = tmp_path / "preset.yaml"
    preset.write_text(PRESET)
    runs = {
        cover_set: subprocess.Popen(
            [*AS_MAKE_DOES, *materialize_command(cover_set, preset, "*cover_tensors")],
            cwd=tmp_path,
            env={**env, "DAGSTER_HOME": ""},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for cover_set in ("girl", "boy", "general")
    }
    said = {cover_set: run.communicate(timeout=600)[0] for cover_set, run in runs.items()}
    assert {cover_set: run.returncode for cover_set, run in runs.items()} == {
        "girl": 0,
        "boy": 0,
        "general": 0,
    }, said
    store = Store(tmp_path / "home/store")
    for cover_set in runs:
        assert (store.folder("cover_tensors", cover_set) / "covers.parquet").exists()
    crawls = [re.findall("crawled_covers: bing", log) for log in said.values()]
    waits = [re.findall("crawled_covers: taken over from run", log) for log in said.values()]
    assert all(bool(crawl) != bool(wait) for crawl, wait in zip(crawls, waits, strict=True))
    with dg.DagsterInstance.from_config(str(store.root / "dagster")) as instance:
        assert {run.status for run in instance.get_runs()} == {dg.DagsterRunStatus.SUCCESS}


@pytest.mark.slow
@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_run_that_waits_can_be_cancelled(
    tmp_path: Path, covers_folder: Path, how: signal.Signals
) -> None:
    env = environment(tmp_path / "home", KPOP_COVERS_DIR=str(covers_folder))
    preset = tmp_path / "preset.yaml"
    preset.write_text("loggers: {console: {}}\n")
    told = tmp_path / "told"
    with (
        sole_use(Store(tmp_path / "home/store").lock("folder_covers"), "the test"),
        told.open("wb") as output,
        subprocess.Popen(
            materialize_command("boy", preset, "*cover_tensors"),
            cwd=tmp_path,
            env=env,
            stderr=output,
            start_new_session=True,
            preexec_fn=as_in_a_terminal,
        ) as run,
    ):
        deadline = time.monotonic() + 120
        while b"waiting for it" not in told.read_bytes() and time.monotonic() < deadline:
            time.sleep(0.05)
        to = os.killpg if how == signal.SIGINT else os.kill  # a terminal tells all its processes
        to(run.pid, how)
        run.wait(timeout=60)
    lines = [line.partition("  ")[2] for line in told.read_text().splitlines()]
    assert "folder_covers: cancelled" in lines, told.read_text()
    assert "Traceback" not in told.read_text()
    with dg.DagsterInstance.from_config(env["DAGSTER_HOME"]) as instance:
        [run_before] = instance.get_runs()
    assert run_before.status == dg.DagsterRunStatus.CANCELED
