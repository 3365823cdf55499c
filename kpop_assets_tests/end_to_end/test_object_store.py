"""The commands of the README with the store on S3."""

import hashlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from kpop_assets.models.published import current_folder, training_record
from kpop_assets.store.artifacts import Store
from kpop_assets.store.folders import stored_folder
from kpop_assets.store.s3.files import S3Files
from kpop_assets.store.tables import stored_table
from kpop_assets_tests.end_to_end.test_command_line import (
    DAGSTER,
    environment,
    materialize_command,
    quicker_preset,
    run,
)
from kpop_assets_tests.object_store import BUCKET, before, credentials, s3_server
from kpop_assets_tests.relay import relay_before

UP_TO_TENSORS = "gaon_year_end_top10,melon_covers,crawled_covers,cover_catalog,cover_tensors"
FROM_TRAINING = "cover_generator,training_gif,sample_covers,generator_quality,originality"


@pytest.fixture(scope="module")
def server() -> Iterator[int]:
    with s3_server() as port:
        yield port


@pytest.fixture(scope="module")
def bucket(server: int) -> Iterator[str]:
    as_it_was = dict(os.environ)
    os.environ |= credentials(server)
    S3Files.clear_instance_cache()
    yield f"s3://{BUCKET}"
    os.environ.clear()
    os.environ |= as_it_was


def made_of(store: Store, cover_set: str) -> dict[str, str]:
    """The SHA-256 of what is the same each time: pictures, tensors, weights, losses, film."""
    samples = stored_folder(store.folder("sample_covers", cover_set))
    film = stored_folder(store.folder("training_gif", cover_set))
    tensors = store.folder("cover_tensors", cover_set) / "covers.parquet"
    return {
        **crawled_and_trained(store, cover_set),
        "tensors": sha256(tensors.read_bytes()),
        "film": sha256((film / "training.gif").read_bytes()),
        "samples": sha256(*(path.read_bytes() for path in sorted(samples.glob("*.jpg")))),
    }


def crawled_and_trained(store: Store, cover_set: str) -> dict[str, str]:
    crawled = sorted(stored_table(store, "crawled_covers")["hash"])
    generator = current_folder(store.folder("cover_generator", cover_set))
    record = training_record(generator)
    frames = sorted((generator / "frames").glob("*.png"))
    return {
        "pictures": sha256(*map(store.picture_content, crawled)),
        "weights": record["provenance"]["weights_hash"],
        "losses": sha256(str(record["losses"]).encode()),
        "frames": sha256(*(path.read_bytes() for path in frames)),
    }


def sha256(*contents: bytes) -> str:
    return hashlib.sha256(b"".join(contents)).hexdigest()


@pytest.mark.slow
def test_what_is_made_is_that_of_a_folder_also_after_kills(tmp_path: Path, bucket: str) -> None:
    preset = quicker_preset(tmp_path / "quicker.yaml")
    stores = {"local": str(tmp_path / "local/store"), "s3": f"{bucket}/whole/store"}
    for name, where in stores.items():
        env = environment(tmp_path / name, KPOP_STORE=where)
        if name == "s3":
            kill_at_random(materialize_command("girl", preset, UP_TO_TENSORS), env, 2)
        done = run(materialize_command("girl", preset, UP_TO_TENSORS), env)
        assert done.returncode == 0, done.stderr
        if name == "s3":
            kill_at_random(materialize_command("girl", preset, FROM_TRAINING), env, 2)
        done = run(materialize_command("girl", preset, FROM_TRAINING), env)
        assert done.returncode == 0, done.stderr
    local, on_s3 = (made_of(Store(where), "girl") for where in stores.values())
    assert on_s3 == local
    verified = run([sys.executable, "-m", "kpop_assets.verify"], env)
    assert verified.returncode == 0, verified.stdout
    assert "everything else is as it was written" in verified.stdout


def kill_at_random(command: list[str | Path], env: dict[str, str], times: int) -> None:
    chance = random.Random(0)
    for _ in range(times):
        process = subprocess.Popen(
            command,
            cwd=env["DAGSTER_HOME"],
            env=env,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(chance.uniform(4.0, 12.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@pytest.mark.slow
def test_a_generator_of_s3_draws_and_its_files_are_listed(tmp_path: Path, bucket: str) -> None:
    env = environment(tmp_path / "home", KPOP_STORE=f"{bucket}/whole/store")
    kpop = [sys.executable, "-m", "kpop_assets.cli"]
    listed = run([*kpop, "where", "girl"], env)
    assert f"{bucket}/whole/store/training_gif/" in listed.stdout
    drawn = run([*kpop, "draw", "girl", "--count", "2", "--out", str(tmp_path / "drawn")], env)
    assert drawn.returncode == 0, drawn.stderr
    assert len(list((tmp_path / "drawn").glob("*.png"))) == 2


@pytest.mark.slow
def test_a_server_away_amid_a_crawl_and_a_training_changes_nothing_that_they_make(
    tmp_path: Path, server: int, bucket: str
) -> None:
    undisturbed, disturbed = (Store(f"{bucket}/{name}/store") for name in ("whole", "disturbed"))
    for name in ("cover_catalog.parquet", "cover_tensors/girl/covers.parquet"):
        (disturbed.root / name).write_bytes((undisturbed.root / name).read_bytes())
    preset = quicker_preset(tmp_path / "quicker.yaml")
    with before(server) as faulty, relay_before(faulty.port) as relay:
        faulty.on_write = {
            "/pictures/": lambda: faulty.is_for(20.0, "busy"),
            "/checkpoint-10": lambda: faulty.is_for(20.0, "busy"),
            "/checkpoint-20": lambda: relay.kill_for(5.0),
        }
        env = environment(tmp_path / "home", **credentials(relay.port))
        env |= {"KPOP_STORE": str(disturbed.root)}
        done = run(materialize_command("girl", preset, "crawled_covers,cover_generator"), env)
        assert done.returncode == 0, done.stderr
        assert not faulty.on_write
    assert crawled_and_trained(disturbed, "girl") == crawled_and_trained(undisturbed, "girl")


@pytest.mark.slow
def test_of_two_trainings_of_a_set_begun_on_two_machines_one_trains(
    tmp_path: Path, bucket: str
) -> None:
    preset = yaml.safe_load(quicker_preset(tmp_path / "quicker.yaml").read_text())
    preset["ops"]["cover_generator"]["config"]["seed"] = 1
    preset["ops"] = {"cover_generator": preset["ops"]["cover_generator"]}
    chosen = tmp_path / "preset.yaml"
    chosen.write_text(yaml.safe_dump(preset))
    env = environment(tmp_path / "home", KPOP_STORE=f"{bucket}/whole/store")
    made_ready = run([DAGSTER, "run", "list"], env)
    assert made_ready.returncode == 0, made_ready.stderr
    machines = []
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        machines.append(
            subprocess.Popen(
                materialize_command("girl", chosen, "cover_generator"),
                cwd=env["DAGSTER_HOME"],
                env={**env, "TMPDIR": str(tmp_path / name)},
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
        )
    logs = [machine.communicate(timeout=400)[0] for machine in machines]
    assert [machine.returncode for machine in machines] == [0, 0], "\n".join(logs)
    assert sorted("starting TensorFlow" in log for log in logs) == [False, True], "\n".join(logs)
    assert sorted("is of this config and these covers" in log for log in logs) == [False, True]
