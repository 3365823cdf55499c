"""`kpop tidy` removes what nothing needs any more, and nothing else."""

import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import dagster as dg
import pytest
from click.testing import CliRunner

from kpop_assets.cli import kpop
from kpop_assets.store.artifacts import Store
from kpop_assets.store.sole_use import sole_use
from kpop_assets.tidy.command import tidied
from kpop_assets.verify import verified
from kpop_assets_tests.conftest import TINY_TRAINING, Materialize, materializing, metadata

OLD = time.time() - 40 * 24 * 3600
ONCE = TINY_TRAINING.model_copy(update={"train_again": False})


@pytest.fixture
def store(store_with_samples: Path) -> Store:
    """A store with pictures, tables, tensors of two sets, and the generator of the set boy."""
    return Store(store_with_samples)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path / "home"


@pytest.fixture
def history(home: Path) -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.from_config(str(home)) as instance:
        yield instance


def tidy(store: Store, home: Path | None = None, keep_days: int = 30, dry_run: bool = False) -> str:
    return tidied(store, str(home) if home else None, keep_days, dry_run)


def files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def made_long_ago(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"0" * 100_000)
    os.utime(path, (OLD, OLD))
    return path


def test_a_store_of_which_all_is_needed_stays_as_it_is(store: Store) -> None:
    tidy(store)
    before = files(store.root)
    assert tidy(store, keep_days=0) == f"0.0 MB freed in {store.root}"
    assert files(store.root) == before


def test_pictures_that_no_table_and_no_record_names_go(store: Store) -> None:
    gone = store.add_picture(b"a picture of an earlier chart")
    of_record = store.picture(store.add_picture(b"a picture that a record names"))
    (store.root / "originality").mkdir()
    (store.root / "originality/note.json").write_text(f'{{"nearest": "{of_record.stem}"}}')
    before = files(store.root / "pictures")
    assert "      1 pictures, 0.0 MB: no table and no record names them" in tidy(store)
    assert before - files(store.root / "pictures") == {f"{gone[:2]}/{gone}.jpg"}
    (store.root / "originality/note.json").unlink()
    assert [path.stem for path in verified(store).unnamed] == [of_record.stem]
    assert verified(store).damaged == {}


def test_pictures_of_the_other_world_stay_with_their_table(store: Store) -> None:
    aside = store.root / "crawled_covers/live.parquet"
    aside.parent.mkdir()
    aside.write_bytes(store.table("folder_covers").read_bytes())
    for table in ("folder_covers", "cover_catalog"):
        store.table(table).unlink()
    before = files(store.root / "pictures")
    tidy(store)
    assert files(store.root / "pictures") == before


@pytest.mark.parametrize("asset", ["melon_covers", "crawled_covers", "folder_covers"])
def test_pictures_stay_while_a_run_may_be_adding_some(store: Store, asset: str) -> None:
    new = store.picture(store.add_picture(b"a picture whose table is not written yet"))
    with sole_use(store.lock(asset), f"the making of {asset}"):
        said = tidy(store)
    assert f"pictures stay: expected no other run, but the making of {asset} is going on" in said
    assert new.exists()


def test_pictures_stay_where_a_table_cannot_be_read(store: Store) -> None:
    store.table("cover_catalog").write_bytes(b"PAR1 and then nothing")
    new = store.picture(store.add_picture(b"a picture that it may name"))
    assert "pictures stay, since a table may name them" in tidy(store)
    assert new.exists()


def test_leftovers_of_killed_runs_go_after_a_day(store: Store) -> None:
    old = made_long_ago(store.root / ".cover_catalog.parquet.0badc0de.tmp")
    fresh = store.root / ".folder_covers.parquet.0badc0de.tmp"
    fresh.touch()
    assert "leftovers of killed runs, 0.1 MB" in tidy(store)
    assert (old.exists(), fresh.exists()) == (False, True)


def test_a_folder_of_before_stays_until_the_new_one_has_come(store: Store) -> None:
    [generator] = (store.root / "cover_generator/boy").glob("*/")
    of_before = generator.with_name(f".{generator.name}.old")
    generator.rename(of_before)
    os.utime(of_before, (OLD, OLD))
    assert "leftovers" not in tidy(store)
    generator.mkdir()
    assert "1 leftovers" in tidy(store)
    assert not of_before.exists()


def test_unfinished_trainings_go_when_nobody_resumed_them(store: Store) -> None:
    forgotten = made_long_ago(store.root / "checkpoints/boy/dcgan-64px/checkpoint-20.npz")
    recent = store.root / "checkpoints/boy/original-64px/checkpoint-20.npz"
    recent.parent.mkdir()
    recent.touch()
    base = made_long_ago(store.root / "checkpoints/base/dcgan-64px/checkpoint-20.npz")
    with sole_use(store.lock("base_generator"), "a training"):
        said = tidy(store)
    assert "1 unfinished trainings of boy, 0.1 MB: not resumed for 30 days" in said
    assert "unfinished trainings of base stay: expected no other run" in said
    assert (forgotten.exists(), recent.exists(), base.exists()) == (False, True, True)


def test_a_look_says_the_same_and_removes_nothing(store: Store) -> None:
    made_long_ago(store.root / "checkpoints/boy/dcgan-64px/checkpoint-20.npz")
    store.add_picture(b"a picture of an earlier chart")
    before = files(store.root)
    looked = tidy(store, dry_run=True)
    assert files(store.root) >= before
    assert looked == tidy(store).replace("MB freed", "MB would be freed")
    assert tidy(store) == f"0.0 MB freed in {store.root}"


def test_runs_of_the_history_go_but_for_the_latest_of_each_asset_and_set(
    covers_folder: Path, tmp_path: Path, home: Path, history: dg.DagsterInstance
) -> None:
    materialize = materializing(covers_folder, tmp_path / "store", history)
    store = Store(tmp_path / "store")
    runs = [materialize("folder_covers", "cover_catalog", "cover_tensors") for _ in range(3)]
    girl = materialize("cover_tensors", cover_set="girl")
    before = files(home)
    looked = tidy(store, home, keep_days=0, dry_run=True)
    assert "2 runs of Dagster's history" in looked
    assert files(home) == before
    tidy(store, home, keep_days=0)
    assert {run.run_id for run in history.get_runs()} == {runs[2].run_id, girl.run_id}
    assert not [name for name in files(home) if runs[0].run_id in name or runs[1].run_id in name]
    again = materialize("cover_tensors")
    assert "unchanged_since" in metadata(again, "cover_tensors")


def test_runs_stay_that_a_record_names_that_are_young_or_that_go_on(
    covers_folder: Path, tmp_path: Path, home: Path, history: dg.DagsterInstance
) -> None:
    materialize = materializing(covers_folder, tmp_path / "store", history)
    store = Store(tmp_path / "store")
    started = history.create_run_for_job(dg.JobDefinition(name="other", graph_def=_nothing))
    history.report_run_canceling(started)
    named = materialize("folder_covers")
    (store.root / "record.json").write_text(f'{{"run_id": "{named.run_id}"}}')
    assert materialize("folder_covers").success
    unnamed = materialize("folder_covers")
    assert materialize("folder_covers").success
    assert "runs of" not in tidy(store, home, keep_days=1)
    tidy(store, home, keep_days=0)
    left = {run.run_id for run in history.get_runs()}
    assert {named.run_id, started.run_id} <= left
    assert unnamed.run_id not in left


@dg.graph
def _nothing() -> None:
    """No step."""


def test_a_training_that_runs_loses_nothing(
    store_with_tensors: Path, materialize_folder: Materialize
) -> None:
    store = Store(store_with_tensors)
    with ThreadPoolExecutor(1) as thread:
        training = thread.submit(materialize_folder, "cover_generator", training=ONCE)
        while not training.done():
            tidy(store, keep_days=0)
            time.sleep(0.05)
    assert training.result().success
    assert verified(store).damaged == {}


def test_the_command(store: Store) -> None:
    made_long_ago(store.root / "checkpoints/girl/dcgan-64px/checkpoint-20.npz")
    environment = {"KPOP_STORE": str(store.root), "KPOP_COVERS_DIR": "", "DAGSTER_HOME": ""}
    run = CliRunner(env=environment).invoke
    assert run(kpop, ["tidy", "--dry-run", "--keep-days", "50"]).output.startswith("0.0 MB would")
    assert "0.1 MB would be freed" in run(kpop, ["tidy", "--dry-run"]).output
    assert "0.1 MB freed" in run(kpop, ["tidy"]).output
    assert not list((store.root / "checkpoints/girl").iterdir())
