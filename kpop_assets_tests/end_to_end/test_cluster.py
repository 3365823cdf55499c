"""The lineage on Ray nodes, PostgreSQL and S3, as deploy/ has them: the files are a laptop's."""

import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml

from kpop_assets.models.published import current_folder, training_record
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.store.files import is_lock
from kpop_assets.store.paths import is_remote, store_path
from kpop_assets.store.s3.files import S3Files
from kpop_assets.store.s3.object_folders import files_of
from kpop_assets_tests.end_to_end.cluster.postgres import programs, running_postgres
from kpop_assets_tests.end_to_end.cluster.ray_nodes import RayNodes, running_ray
from kpop_assets_tests.end_to_end.test_command_line import (
    environment,
    materialize_command,
    quicker_preset,
    run,
)
from kpop_assets_tests.object_store import BUCKET, credentials, s3_server

pytestmark = pytest.mark.slow

LINEAGE = '+key:"sample_covers"'
STEPS, CHECKPOINT_EVERY = 400, 10
TELL_THE_TIME = (
    *("gaon_year_end_top10.parquet", "melon_covers.parquet", "crawled_covers.parquet"),
    *("generator.json", "generator.keras", "chart_years", "tensorboard"),
)
"""Tables with times of fetching, records, archives with times; `weights` compares networks."""


@dataclass
class Cluster:
    """Two nodes, and the environment of the commands that use them."""

    ray: RayNodes
    env: dict[str, str]

    @property
    def store(self) -> Path:
        return store_path(self.env["KPOP_STORE"])


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    bin_folder = programs()
    if bin_folder is None:
        pytest.fail("PostgreSQL is not installed (Debian: apt-get install postgresql)")
    home = tmp_path_factory.mktemp("cluster")
    shutil.copy(PROJECT_FOLDER / "deploy/dagster.yaml", home)
    with ExitStack() as stack:
        postgres = stack.enter_context(running_postgres(bin_folder))
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        for name, value in credentials(stack.enter_context(s3_server())).items():
            patch.setenv(name, value)
        S3Files.clear_instance_cache()
        nodes = stack.enter_context(running_ray(2, postgres))
        where = {"KPOP_RAY_ADDRESS": nodes.address, "KPOP_STORE": f"s3://{BUCKET}/store"}
        yield Cluster(nodes, environment(home, **postgres, **where))


@pytest.fixture(scope="module")
def preset(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """presets/ci.yaml with a training that lasts some seconds."""
    path = quicker_preset(tmp_path_factory.mktemp("preset") / "preset.yaml")
    chosen = yaml.safe_load(path.read_text())
    chosen["ops"]["cover_generator"]["config"] |= {
        **{"steps": STEPS, "checkpoint_every": CHECKPOINT_EVERY, "evaluate_every": 0},
        **{"frame_every": 100, "log_every": 100, "observe_every": 100},
    }
    path.write_text(yaml.safe_dump(chosen))
    return path


@pytest.fixture(scope="module")
def local_store(tmp_path_factory: pytest.TempPathFactory, preset: Path) -> Path:
    """The store of the same lineage, made in one process."""
    env = environment(tmp_path_factory.mktemp("local"))
    done = run(materialize_command("girl", preset, LINEAGE), env)
    assert done.returncode == 0, done.stderr
    return Path(env["KPOP_STORE"])


def digests(store: Path) -> dict[str, str]:
    """The SHA-256 of every file of the store that does not say when it was made."""
    if is_remote(store):
        files = {str(inside): path for path, inside, _ in files_of(store)}
    else:
        files = {str(path.relative_to(store)): path for path in store.rglob("*") if path.is_file()}
    return {
        name: hashlib.sha256(path.read_bytes()).hexdigest()
        for name, path in files.items()
        if not name.startswith(TELL_THE_TIME)
        and path.name not in TELL_THE_TIME
        and not is_lock(path.name)
    }


def weights(store: Path) -> str:
    record = training_record(current_folder(store / "cover_generator/girl"))
    return record["provenance"]["weights_hash"]


def events_of_the_last_run(env: dict[str, str]) -> list[Any]:
    """What Dagster's history in PostgreSQL says of it."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        with dg.DagsterInstance.get() as instance:
            assert "Postgres" in type(instance.event_log_storage).__name__
            [last] = instance.get_runs(limit=1)
            return [
                entry.dagster_event
                for entry in instance.all_logs(last.run_id)
                if entry.dagster_event
            ]


def started(command: list[str | Path], env: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        cwd=env["DAGSTER_HOME"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_a_node_that_dies_in_a_training_costs_only_time(
    cluster: Cluster, preset: Path, local_store: Path
) -> None:
    command = materialize_command("girl", preset, LINEAGE)
    with started(command, cluster.env) as running:
        checkpoints = cluster.store / "checkpoints/girl"
        while not any(checkpoints.rglob("*.npz")):
            assert running.poll() is None, running.stdout and running.stdout.read()
            time.sleep(0.05)
        cluster.ray.kill(cluster.ray.node_that_runs("cover_generator"))
        log, _ = running.communicate(timeout=400)
    assert running.returncode == 0, log

    [retry] = [event for event in events_of_the_last_run(cluster.env) if event.is_step_up_for_retry]
    assert retry.step_key == "cover_generator"
    assert "Discovered failed Ray job" in retry.step_retry_data.error.message

    assert weights(cluster.store) == weights(local_store)
    here = digests(local_store)
    assert {"cover_catalog.parquet", "cover_tensors/girl/covers.parquet"} <= set(here)
    assert any(name.startswith("sample_covers/girl/") for name in here)
    assert digests(cluster.store) == here


def test_a_cluster_that_is_gone_ends_the_run_with_a_named_error(
    cluster: Cluster, preset: Path, tmp_path: Path
) -> None:
    chosen = yaml.safe_load(preset.read_text())
    chosen["ops"] = {"cover_generator": chosen["ops"]["cover_generator"]}
    chosen["ops"]["cover_generator"]["config"] |= {"steps": 100_000, "train_again": True}
    chosen["execution"] = {"config": {"patience_s": 2.0}}
    endless = tmp_path / "endless.yaml"
    endless.write_text(yaml.safe_dump(chosen))
    with started(materialize_command("girl", endless, "cover_generator"), cluster.env) as running:
        node = None
        while node is None:
            assert running.poll() is None, running.stdout and running.stdout.read()
            time.sleep(0.2)
            with suppress(LookupError):
                node = cluster.ray.node_that_runs("cover_generator")
        for each in (cluster.ray.head, *cluster.ray.nodes):
            if each.is_running():
                cluster.ray.kill(each)
        log, _ = running.communicate(timeout=100)
    assert running.returncode != 0
    assert (
        f"RayClusterError: expected a Ray cluster at {cluster.ray.address}, but it does not answer "
        "for 2 s"
    ) in log
    assert "then run again: trainings go on from their last checkpoint" in log
