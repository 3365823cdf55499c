"""One command compares every file of the store with its record."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kpop_assets.dagster_home import dagster_home
from kpop_assets.store.artifacts import Store
from kpop_assets.store.sole_use import sole_use
from kpop_assets.verify import main, verified
from kpop_assets_tests.conftest import Materialize, trained


@pytest.fixture
def store(materialize_folder: Materialize, tmp_path: Path) -> Store:
    """A store with pictures, their tables and the tensors of a set."""
    assert materialize_folder("folder_covers", "cover_catalog", "cover_tensors").success
    return Store(tmp_path / "store")


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 16
    path.write_bytes(content)


def test_a_store_as_it_was_written_passes(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(store) == 0
    said = capsys.readouterr().out
    assert said.endswith("everything else is as it was written\n")
    assert "damaged" not in said


def test_damage_is_named_with_what_to_materialize_again(
    store: Store, materialize_folder: Materialize, capsys: pytest.CaptureFixture[str]
) -> None:
    assert materialize_folder("cover_generator", "training_gif", "sample_covers").success
    assert main(store) == 0
    picture = next((store.root / "pictures").rglob("*.jpg"))
    name = trained(store.root).name
    expected = {
        "folder_covers.parquet": "folder_covers",
        "cover_tensors/boy/covers.parquet": "cover_tensors [boy]",
        f"cover_generator/boy/{name}/generator.keras": "cover_generator [boy]",
        "cover_generator/boy/current.json": "cover_generator [boy]",
        f"cover_generator/boy/{name}/frames/000002.png": "cover_generator [boy]",
        "sample_covers/boy/003.jpg": "sample_covers [boy]",
        "training_gif/boy/film.json": "training_gif [boy]",
    }
    for name in expected:
        flip(store.root / name)
    (store.root / "sample_covers/boy/004.jpg").unlink()
    expected["sample_covers/boy/004.jpg"] = "sample_covers [boy]"
    found = verified(store).damaged
    assert {str(path): how for path, (_, how) in found.items()} == {
        name: f"materialize {asset} again" for name, asset in expected.items()
    }
    shutil.copy(store.root / "sample_covers/boy/000.jpg", picture)
    shutil.copytree(store.folder("cover_tensors", "boy"), store.folder("cover_tensors", "girl"))
    assert {picture.relative_to(store.root), Path("cover_tensors/girl/covers.parquet")} <= set(
        verified(store).damaged
    )
    assert main(store) == 1
    assert "materialize cover_generator [boy] again" in capsys.readouterr().out


def test_a_picture_that_is_gone_is_damage_and_one_that_no_table_names_is_none(
    store: Store,
) -> None:
    picture = next((store.root / "pictures").rglob("*.jpg"))
    picture.unlink()
    name = store.add_picture(b"a picture of an earlier chart")
    report = verified(store)
    assert report.damaged == {
        picture.relative_to(store.root): (
            "it is no longer in the store",
            "materialize folder_covers again",
        )
    }
    assert report.unnamed == [store.picture(name).relative_to(store.root)]


def test_what_killed_runs_left_is_listed(store: Store) -> None:
    (store.root / ".folder_covers.parquet.0badc0de.tmp").touch()
    (store.root / "cover_generator/.boy.old").mkdir(parents=True)
    (store.root / "cover_generator/.boy.old/generator.json").touch()
    report = verified(store)
    assert {str(path) for path in report.leftovers} == {
        ".folder_covers.parquet.0badc0de.tmp",
        "cover_generator/.boy.old",
    }
    assert report.damaged == {}


def test_the_lock_of_a_run_is_no_artifact_and_no_leftover(store: Store) -> None:
    before = verified(store)
    with sole_use(store.root / "checkpoints/boy", "a training"):
        during = verified(store)
    assert during == before == verified(store)


def test_it_starts_no_tensorflow(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib\n"
        "from kpop_assets.store.artifacts import Store\n"
        "from kpop_assets.verify import main\n"
        "main(Store(pathlib.Path(sys.argv[1])))\n"
        "print([name for name in ('tensorflow', 'keras', 'dagster') if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=True
    )
    assert done.stdout.splitlines()[1:] == ["nothing is there yet", "[]"]


def test_dagsters_history_in_the_store_is_not_looked_at(store: Store) -> None:
    before = verified(store)
    damaged = dagster_home(store) / "storage" / "folder_covers.parquet"
    damaged.parent.mkdir()
    damaged.write_bytes(b"no table")
    after = verified(store)
    assert (after.files, after.damaged) == (before.files, before.damaged)
    assert after.unrecorded == before.unrecorded
