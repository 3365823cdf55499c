"""The lineage on Ray nodes, PostgreSQL and S3, as deploy/ has them: the files are a laptop's."""

import hashlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pytest
import yaml
from dagster._core.storage.event_log.schema import ConcurrencyLimitsTable

from kpop_assets.defs.pools import CHART_SITE, IMAGE_SEARCH, SHOPS, TRAINING, make_pools
from kpop_assets.models.published import current_folder, training_record
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.store.files import is_lock
from kpop_assets.store.paths import is_remote, store_path
from kpop_assets.store.s3.files import S3Files
from kpop_assets.store.s3.object_folders import files_of
from kpop_assets_tests.end_to_end.cluster.postgres import programs, running_postgres
from kpop_assets_tests.end_to_end.cluster.ray_nodes import RayNodes, running_ray
from kpop_assets_tests.end_to_end.test_command_line import (
    DAGSTER,
    environment,
    materialize_command,
    quicker_preset,
    run,
)
from kpop_assets_tests.object_store import BUCKET, credentials, s3_server

pytestmark = pytest.mark.slow

PRESET = PROJECT_FOLDER / "presets/ci.yaml"
SETS = ("girl", "boy")
STEPS, CHECKPOINT_EVERY = 400, 10
TELL_THE_TIME = (
    *("gaon_year_end_top10.parquet", "melon_covers.parquet", "crawled_covers.parquet"),
    *("generator.json", "generator.keras", "song_model.json", "gallery.html"),
    *("chart_years", "tensorboard"),
)
"""Tables with times of fetching, records and the page with dates, archives with times.

`weights` compares the networks.
"""
GENERATORS = (
    *("base_generator/all", "conditional_generator/all"),
    *(f"cover_generator/{cover_set}" for cover_set in SETS),
)


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
        env = environment(home, **postgres, **where)
        made = run([DAGSTER, "instance", "migrate"], env)
        assert made.returncode == 0, made.stderr
        yield Cluster(nodes, env)


@pytest.fixture(scope="module")
def local_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of the whole lineage of both sets, made in one process after the other."""
    env = environment(tmp_path_factory.mktemp("local"))
    for cover_set in SETS:
        done = run(materialize_command(cover_set, PRESET), env)
        assert done.returncode == 0, done.stderr
    return Path(env["KPOP_STORE"])


@pytest.fixture(scope="module")
def long_training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A preset of a training that lasts some seconds."""
    path = quicker_preset(tmp_path_factory.mktemp("preset") / "preset.yaml")
    training = yaml.safe_load(path.read_text())["ops"]["cover_generator"]["config"] | {
        **{"steps": STEPS, "checkpoint_every": CHECKPOINT_EVERY, "evaluate_every": 0},
        **{"frame_every": 100, "log_every": 100, "observe_every": 100},
    }
    path.write_text(yaml.safe_dump({"ops": {"cover_generator": {"config": training}}}))
    return path


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


def weights(store: Path) -> dict[str, str]:
    """The SHA-256 of the weights of all generators."""
    records = {place: training_record(current_folder(store / place)) for place in GENERATORS}
    return {place: record["provenance"]["weights_hash"] for place, record in records.items()}


@contextmanager
def history(env: dict[str, str]) -> Iterator[dg.DagsterInstance]:
    """Dagster's history in PostgreSQL."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in env.items():
            patch.setenv(name, value)
        with dg.DagsterInstance.get() as instance:
            assert "Postgres" in type(instance.event_log_storage).__name__
            yield instance


def events_of_the_last_run(env: dict[str, str]) -> list[Any]:
    with history(env) as instance:
        [last] = instance.get_runs(limit=1)
        return [e.dagster_event for e in instance.all_logs(last.run_id) if e.dagster_event]


def steps_begun(env: dict[str, str], since: datetime) -> set[str | None]:
    with history(env) as instance:
        runs = instance.get_runs(dg.RunsFilter(created_after=since))
        begun = {dg.DagsterEventType.STEP_START}
        return {e.step_key for run in runs for e in instance.all_logs(run.run_id, begun)}


def started(command: list[str | Path], env: dict[str, str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        command,
        cwd=env["DAGSTER_HOME"],
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def test_of_two_runs_that_make_the_pools_at_once_none_fails(cluster: Cluster) -> None:
    with history(cluster.env) as instance, ThreadPoolExecutor(1) as other_run:
        events = instance.event_log_storage
        with events.index_transaction() as transaction:
            limit = {"concurrency_key": TRAINING, "limit": 1, "using_default_limit": True}
            transaction.execute(ConcurrencyLimitsTable.insert().values(limit))
            events._allocate_concurrency_slots(transaction, TRAINING, 1)
            made = other_run.submit(make_pools, instance)
            time.sleep(1.0)
            assert not made.done()
        made.result()
        for pool in (CHART_SITE, SHOPS, IMAGE_SEARCH, TRAINING):
            assert events.get_concurrency_info(pool).slot_count == 1


def test_the_lineage_of_two_sets_at_once_has_the_bytes_of_a_laptop(
    cluster: Cluster, local_store: Path
) -> None:
    with ExitStack() as stack:
        runs = [
            stack.enter_context(started(materialize_command(cover_set, PRESET), cluster.env))
            for cover_set in SETS
        ]
        logs = [each.communicate(timeout=1800)[0] for each in runs]
    assert [each.returncode for each in runs] == [0, 0], "\n".join(logs)
    here = digests(local_store)
    assert {f"cover_tensors/{cover_set}/covers.parquet" for cover_set in SETS} <= set(here)
    assert digests(cluster.store) == here
    assert weights(cluster.store) == weights(local_store)


def test_a_node_that_dies_in_a_training_costs_only_time(
    cluster: Cluster, local_store: Path, long_training: Path, tmp_path: Path
) -> None:
    env = environment(tmp_path / "local", KPOP_STORE=str(local_store))
    command = materialize_command("girl", long_training, "cover_generator")
    done = run(command, env)
    assert done.returncode == 0, done.stderr
    since = time.time()
    with started(command, cluster.env) as running:
        checkpoints = cluster.store / "checkpoints/girl"
        while not any(checkpoints.rglob("*.npz")):
            assert running.poll() is None, running.stdout and running.stdout.read()
            time.sleep(0.05)
        cluster.ray.kill(cluster.ray.node_that_runs("cover_generator", since))
        log, _ = running.communicate(timeout=400)
    assert running.returncode == 0, log

    [retry] = [event for event in events_of_the_last_run(cluster.env) if event.is_step_up_for_retry]
    assert retry.step_key == "cover_generator"
    assert "Discovered failed Ray job" in retry.step_retry_data.error.message
    assert weights(cluster.store) == weights(local_store)


def test_a_cluster_that_is_gone_ends_the_run_with_a_named_error(
    cluster: Cluster, long_training: Path, tmp_path: Path
) -> None:
    chosen = yaml.safe_load(long_training.read_text())
    chosen["ops"]["cover_generator"]["config"] |= {"steps": 100_000, "train_again": True}
    chosen["execution"] = {"config": {"patience_s": 2.0}}
    endless = tmp_path / "endless.yaml"
    endless.write_text(yaml.safe_dump(chosen))
    since = datetime.now(UTC)
    with started(materialize_command("girl", endless, "cover_generator"), cluster.env) as running:
        while "cover_generator" not in steps_begun(cluster.env, since):
            assert running.poll() is None, running.stdout and running.stdout.read()
            time.sleep(0.2)
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
