import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import FolderBusyError, StoreWriteError
from kpop_assets.store.files import (
    LEFTOVER_AFTER_S,
    atomic_file,
    is_lock,
)
from kpop_assets.store.folders import atomic_folder, remove_folder, stored_folder
from kpop_assets.store.records import file_digests
from kpop_assets.store.sole_use import sole_use


class Interruption(Exception):
    pass


def names_in(folder: Path) -> list[str]:
    """The names in a folder, in order, but for locks."""
    return sorted(path.name for path in folder.iterdir() if not is_lock(path.name))


def test_a_local_store_has_paths_of_pathlib(tmp_path: Path) -> None:
    for root in (tmp_path, str(tmp_path)):
        path = Store(root).folder("sample_covers", "girl")
        assert isinstance(path, Path)
        assert path == tmp_path / "sample_covers/girl"


def test_a_store_may_lie_at_a_url() -> None:
    path = Store("memory://bucket/store").table("cover_catalog")
    assert str(path) == "memory://bucket/store/cover_catalog.parquet"


def test_a_file_appears_whole(tmp_path: Path) -> None:
    with atomic_file(tmp_path / "a" / "file") as file:
        file.write(b"new")
        assert not (tmp_path / "a" / "file").exists()
    assert (tmp_path / "a" / "file").read_bytes() == b"new"


def test_an_interrupted_write_leaves_the_old_file_and_no_other(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    with pytest.raises(Interruption), atomic_file(tmp_path / "file") as file:
        file.write(b"half")
        raise Interruption
    assert (tmp_path / "file").read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


def test_a_folder_is_replaced_whole(tmp_path: Path) -> None:
    for text in ("old", "new"):
        with atomic_folder(tmp_path / "set") as folder:
            (folder / text).write_text(text)
    assert [path.name for path in (tmp_path / "set").iterdir()] == ["new"]
    assert names_in(tmp_path) == ["set"]


def test_an_interrupted_folder_leaves_the_old_one(tmp_path: Path) -> None:
    with atomic_folder(tmp_path / "set") as folder:
        (folder / "old").touch()
    with pytest.raises(Interruption), atomic_folder(tmp_path / "set") as folder:
        (folder / "half").touch()
        raise Interruption
    assert [path.name for path in (tmp_path / "set").iterdir()] == ["old"]
    assert names_in(tmp_path) == ["set"]


def test_a_folder_lost_between_two_renames_comes_back(tmp_path: Path) -> None:
    (tmp_path / ".set.old").mkdir()
    (tmp_path / ".set.old" / "old").touch()
    stored_folder(tmp_path / "set")
    assert [path.name for path in (tmp_path / "set").iterdir()] == ["old"]


def test_a_reader_between_the_two_renames_of_a_writer_does_not_disturb_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "set"
    path.mkdir()
    (path / "old").touch()
    reader = Thread(target=stored_folder, args=(path,))
    rename = Path.rename

    def rename_and_let_a_reader_in(source: Path, target: Path) -> Path:
        renamed = rename(source, target)
        if source == path:
            reader.start()
            reader.join(0.3)
        return renamed

    monkeypatch.setattr(Path, "rename", rename_and_let_a_reader_in)
    with atomic_folder(path) as folder:
        (folder / "new").touch()
    reader.join()
    assert [found.name for found in path.iterdir()] == ["new"]


def test_a_folder_that_cannot_take_its_place_leaves_the_old_one_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "set"
    path.mkdir()
    (path / "old").touch()
    rename = Path.rename

    def refuse_new_folders(source: Path, target: Path) -> Path:
        if source.suffix == ".tmp":
            raise OSError("refused")
        return rename(source, target)

    monkeypatch.setattr(Path, "rename", refuse_new_folders)
    with pytest.raises(StoreWriteError, match="refused"), atomic_folder(path):
        pass
    assert [found.name for found in path.iterdir()] == ["old"]
    assert names_in(tmp_path) == ["set"]


def test_a_picture_is_stored_once_under_its_content_hash(tmp_path: Path) -> None:
    store = Store(tmp_path)
    name = store.add_picture(b"jpeg bytes")
    written = store.picture(name).stat().st_mtime_ns
    assert store.add_picture(b"jpeg bytes") == name == hashlib.sha256(b"jpeg bytes").hexdigest()
    assert store.picture(name).stat().st_mtime_ns == written


def test_a_stored_picture_that_was_damaged_is_replaced(tmp_path: Path) -> None:
    store = Store(tmp_path)
    name = store.add_picture(b"jpeg bytes")
    store.picture(name).write_bytes(b"jpeg")
    store.add_picture(b"jpeg bytes")
    assert store.picture(name).read_bytes() == b"jpeg bytes"


def test_what_a_killed_run_left_is_removed_a_day_later(tmp_path: Path) -> None:
    working, old, old_folder = (tmp_path / f".set.{letter * 8}.tmp" for letter in "abc")
    working.touch()
    old.touch()
    old_folder.mkdir()
    (old_folder / "file").touch()
    for leftover in (old, old_folder):
        os.utime(leftover, (0, time.time() - LEFTOVER_AFTER_S - 60))
    with atomic_folder(tmp_path / "set"):
        pass
    assert names_in(tmp_path) == [working.name, "set"]


def test_a_folder_is_removed(tmp_path: Path) -> None:
    (tmp_path / "set/frames").mkdir(parents=True)
    remove_folder(tmp_path / "set")
    assert list(tmp_path.iterdir()) == []


@contextmanager
def another_process_holding(lock: str, folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Let another process be in a block of `lock`, a line of Python, of a folder, until killed."""
    script = (
        "import sys, pathlib\n"
        "from kpop_assets.store.folders import atomic_folder\n"
        "from kpop_assets.store.sole_use import sole_use\n"
        "folder = pathlib.Path(sys.argv[1])\n"
        f"with {lock}:\n"
        "    print('in', flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == b"in\n"
        yield other
        other.kill()


def test_a_folder_in_use_is_refused_at_once_until_its_user_is_killed(tmp_path: Path) -> None:
    with another_process_holding("sole_use(folder, 'a training')", tmp_path / "set"):
        began = time.monotonic()
        with (
            pytest.raises(FolderBusyError, match="a training is going on already"),
            sole_use(tmp_path / "set", "a training"),
        ):
            pass
        assert time.monotonic() - began < 1
    with sole_use(tmp_path / "set", "a training"):
        pass


def test_a_folder_in_use_can_be_read_and_listed(tmp_path: Path) -> None:
    (tmp_path / "set").mkdir()
    (tmp_path / "set/old").touch()
    with another_process_holding("sole_use(folder, 'a training')", tmp_path / "set"):
        stored_folder(tmp_path / "set")
        assert names_in(tmp_path / "set") == ["old"]
        assert list(file_digests(tmp_path / "set")) == ["old"]
    with another_process_holding("atomic_folder(folder)", tmp_path / "set"):
        stored_folder(tmp_path / "set")
        assert names_in(tmp_path / "set") == ["old"]


def test_a_folder_whose_writer_was_killed_is_written_by_the_next_run(tmp_path: Path) -> None:
    with another_process_holding("atomic_folder(folder)", tmp_path / "set"):
        pass
    with atomic_folder(tmp_path / "set") as folder:
        (folder / "new").touch()
    assert names_in(tmp_path / "set") == ["new"]


def test_a_store_that_cannot_be_written_is_named_with_what_to_do(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(StoreWriteError, match="KPOP_STORE"):
        Store(tmp_path / "file").add_picture(b"bytes")
    with (
        pytest.raises(StoreWriteError, match="KPOP_STORE"),
        atomic_folder(tmp_path / "file" / "set"),
    ):
        pass


def limit_file_size() -> None:
    """Let the system refuse files over 64 KiB, as a full disk would."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))


def test_a_disk_that_fills_up_leaves_the_old_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"old")
    script = (
        "import sys, pathlib\n"
        "from kpop_assets.store.errors import StoreWriteError\n"
        "from kpop_assets.store.files import atomic_file\n"
        "try:\n"
        "    with atomic_file(pathlib.Path(sys.argv[1])) as file:\n"
        "        file.write(bytes(1_000_000))\n"
        "except StoreWriteError as error:\n"
        "    print(error)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path / "file")],
        preexec_fn=limit_file_size,
        capture_output=True,
        text=True,
        check=True,
    )
    assert "free disk space" in done.stdout
    assert (tmp_path / "file").read_bytes() == b"old"
    assert names_in(tmp_path) == ["file"]


def test_an_error_of_reading_is_not_said_to_be_one_of_writing(tmp_path: Path) -> None:
    (tmp_path / "a folder").mkdir()
    with pytest.raises(IsADirectoryError), atomic_file(tmp_path / "file") as file:
        file.write((tmp_path / "a folder").read_bytes())
    assert names_in(tmp_path) == ["a folder"]


def test_temporary_pictures_of_runs_killed_long_ago_are_removed(tmp_path: Path) -> None:
    store = Store(tmp_path)
    picture = store.picture(store.add_picture(b"bytes"))
    old, of_another, working = (
        picture.with_name(f".{name}.jpg.{'0' * 8}.tmp") for name in (picture.stem, "a", "b")
    )
    for path in (old, of_another, working):
        path.touch()
    for path in (old, of_another):
        os.utime(path, (0, time.time() - LEFTOVER_AFTER_S - 60))
    assert store.remove_leftover_pictures() == 2
    assert set(picture.parent.iterdir()) == {picture, working}
