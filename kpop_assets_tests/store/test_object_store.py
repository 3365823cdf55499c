"""A store on S3 keeps the promises of one on a disk."""

import pickle
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import (
    MissingArtifactError,
    StoreWriteError,
    UnreadableArtifactError,
)
from kpop_assets.store.files import LEFTOVER_AFTER_S, atomic_file, local_file, read_file
from kpop_assets.store.folders import (
    atomic_folder,
    folders_in,
    mark_as_newest,
    named_folder,
    remove_folder,
    stored_folder,
)
from kpop_assets.store.s3.files import S3Files
from kpop_assets.store.tables import stored_table, write_table
from kpop_assets.tidy.command import tidied
from kpop_assets_tests.object_store import (
    FaultyServer,
)
from kpop_assets_tests.store.conftest import opened_store


class Interruption(Exception):
    pass


def names_in(store: Store) -> list[str]:
    return sorted(
        str(path.relative_to(store.root)) for path in store.root.rglob("*") if path.is_file()
    )


def write_folder(path: Path, content: str) -> None:
    with atomic_folder(path) as folder:
        (folder / "frames").mkdir()
        (folder / "record.json").write_text(content)
        (folder / "frames" / "0.png").write_text(content)


def content_of(path: Path) -> list[str]:
    folder = stored_folder(path)
    return [(folder / name).read_text() for name in ("record.json", "frames/0.png")]


def test_a_table_is_read_back(store: Store) -> None:
    table = pd.DataFrame({"title": ["봄날", "밤편지"], "year": [2017, 2017]})
    with atomic_file(store.table("cover_catalog")) as file:
        write_table(file, table, "cover_catalog")
    pd.testing.assert_frame_equal(stored_table(store, "cover_catalog"), table)
    with pytest.raises(MissingArtifactError, match="materialize melon_covers"):
        stored_table(store, "melon_covers")


def test_an_interrupted_write_leaves_the_old_object_and_no_other(store: Store) -> None:
    with atomic_file(store.root / "file") as file:
        file.write(b"old")
    with pytest.raises(Interruption), atomic_file(store.root / "file") as file:
        file.write(b"half")
        raise Interruption
    assert (store.root / "file").read_bytes() == b"old"
    assert names_in(store) == ["file"]


def test_a_picture_is_stored_once(store: Store) -> None:
    name = store.add_picture(b"a JPEG")
    assert store.add_picture(b"a JPEG") == name
    assert store.picture_content(name) == b"a JPEG"
    assert len(names_in(store)) == 1


def test_a_folder_is_replaced_as_a_whole(store: Store) -> None:
    path = store.folder("sample_covers", "girl")
    write_folder(path, "old")
    with pytest.raises(Interruption), atomic_folder(path) as folder:
        (folder / "record.json").write_text("new")
        raise Interruption
    assert content_of(path) == ["old", "old"]
    write_folder(path, "new")
    assert content_of(path) == ["new", "new"]


def test_who_reads_an_old_folder_may_finish(store: Store) -> None:
    path = store.folder("sample_covers", "girl")
    write_folder(path, "first")
    folder = stored_folder(path)
    assert (stored_folder(folder), named_folder(folder), folder.name) == (folder, path, path.name)
    write_folder(path, "second")
    assert (folder / "frames/0.png").read_text() == "first"
    write_folder(path, "third")
    assert not (folder / "frames/0.png").exists()
    assert len([name for name in names_in(store) if name.endswith("record.json")]) == 2


def test_of_folders_written_at_once_one_is_current_and_none_is_left_over(store: Store) -> None:
    path = store.folder("sample_covers", "girl")
    writers = [threading.Thread(target=write_folder, args=(path, str(n))) for n in range(6)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    one, other = content_of(path)
    assert one == other
    assert len([name for name in names_in(store) if name.endswith("record.json")]) == 2


def test_a_folder_that_a_killed_run_left_is_removed_when_it_is_a_day_old(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.folder("sample_covers", "girl")
    write_folder(path, "old")
    left = path.parent / ".versions" / "of-a-killed-run" / "girl" / "record.json"
    left.write_text("half")
    write_folder(path, "new")
    assert left.exists()
    later = time.time() + LEFTOVER_AFTER_S + 60
    monkeypatch.setattr(time, "time", lambda: later)
    write_folder(path, "newer")
    assert not left.exists()
    assert content_of(path) == ["newer", "newer"]


def test_tidy_removes_it_too(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    path = store.folder("sample_covers", "girl")
    write_folder(path, "old")
    left = path.parent / ".versions" / "of-a-killed-run" / "girl" / "record.json"
    left.write_text("half")
    assert "leftovers of killed runs" not in tidied(store, None, 30, dry_run=False)
    later = time.time() + LEFTOVER_AFTER_S + 60
    monkeypatch.setattr(time, "time", lambda: later)
    assert "1 leftovers of killed runs" in tidied(store, None, 30, dry_run=False)
    assert not left.exists()
    assert content_of(path) == ["old", "old"]


def test_a_pointer_whose_answer_was_lost_is_not_taken_back(
    store: Store, faulty: FaultyServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = store.folder("sample_covers", "girl")
    write_folder(path, "old")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{faulty.port}")
    S3Files.clear_instance_cache()
    other = Store(str(store.root)).folder("sample_covers", "girl")
    faulty.answers_lost_of = ("PUT", ".current")
    write_folder(other, "new")
    assert faulty.answers_lost_of is None
    assert content_of(path) == ["new", "new"]
    assert len([name for name in names_in(store) if name.endswith("record.json")]) == 2


def test_an_object_whose_sending_breaks_off_is_asked_for_again(
    faulty: FaultyServer, faulty_store: Store
) -> None:
    (faulty_store.root / "file").write_bytes(b"whole" * 1000)
    faulty.breaks_off = 2
    assert read_file(faulty_store.root / "file", "cover_catalog") == b"whole" * 1000
    assert faulty.breaks_off == 0


def test_a_removed_folder_leaves_nothing(store: Store) -> None:
    path = store.folder("cover_generator", "girl") / "one"
    write_folder(path, "old")
    write_folder(path, "new")
    remove_folder(path)
    assert names_in(store) == []


def test_folders_are_listed_by_when_they_were_written_or_marked(store: Store) -> None:
    parent = store.folder("cover_generator", "girl")
    assert folders_in(parent) == []
    for name in ("one", "two"):
        write_folder(parent / name, name)
        time.sleep(1.1)  # S3 tells whole seconds
    assert [path.name for path in folders_in(parent)] == ["two", "one"]
    mark_as_newest(parent / "one")
    assert [path.name for path in folders_in(parent)] == ["one", "two"]


def test_a_file_can_be_had_on_this_machine(store: Store) -> None:
    with local_file(store.root / "generator.keras", b"network") as path:
        assert isinstance(path, Path)
        assert (path.name, path.read_bytes()) == ("generator.keras", b"network")
    assert not path.exists()


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["busy", "cut", "slow"])
def test_a_store_that_is_in_trouble_for_some_seconds_costs_only_these(
    faulty: FaultyServer, faulty_store: Store, fault: str
) -> None:
    path = faulty_store.folder("sample_covers", "girl")
    write_folder(path, "old")
    faulty.fault = fault
    threading.Timer(5.0, setattr, (faulty, "fault", None)).start()
    write_folder(path, "new")
    assert content_of(path) == ["new", "new"]


@pytest.mark.parametrize("fault", ["busy", "full", "cut"])
def test_a_store_that_stays_in_trouble_is_a_named_error_and_keeps_the_old_value(
    faulty: FaultyServer, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with contextmanager(opened_store)(faulty.port, monkeypatch) as store:
        keeps_the_old_value(store, faulty, fault)


def keeps_the_old_value(store: Store, faulty: FaultyServer, fault: str) -> None:
    path = store.folder("sample_covers", "girl")
    write_folder(path, "old")
    with atomic_file(store.root / "file") as file:
        file.write(b"old")
    faulty.fault = fault
    with pytest.raises(StoreWriteError, match="untouched"):
        write_folder(path, "new")
    with (
        pytest.raises(StoreWriteError, match="untouched"),
        atomic_file(store.root / "file") as file,
    ):
        file.write(b"new")
    with pytest.raises(UnreadableArtifactError):
        read_file(store.root / "file", "cover_catalog")
    with pytest.raises(UnreadableArtifactError):
        stored_folder(path)
    faulty.fault = None
    assert content_of(path) == ["old", "old"]
    assert (store.root / "file").read_bytes() == b"old"


def test_another_process_opens_the_store_that_it_is_sent(store: Store) -> None:
    name = store.add_picture(b"a picture")
    script = "import pickle, sys; print(pickle.load(sys.stdin.buffer).picture_content(sys.argv[1]))"
    command = [sys.executable, "-c", script, name]
    there = subprocess.run(command, input=pickle.dumps(store), capture_output=True, check=True)
    assert there.stdout.strip() == b"b'a picture'"


def test_without_s3fs_a_store_on_s3_is_a_named_error() -> None:
    code = "import sys; sys.modules['s3fs'] = None\n"
    code += "from kpop_assets.store.artifacts import Store; Store('s3://covers/store')"
    tried = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert "NoObjectStoreError: expected s3fs for the store s3://covers/store" in tried.stderr
    assert "make cluster" in tried.stderr


def test_a_store_on_a_disk_loads_nothing_of_s3(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom kpop_assets.store.artifacts import Store\n"
        f"Store({str(tmp_path)!r}).table('cover_catalog')\n"
        "import kpop_assets.store.folders\n"
        "print([name for name in sys.modules if name.split('.')[0] in ('s3fs', 'botocore')])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"
