"""Files and folders written so that a reader sees the old value or the new one."""

import glob
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from io import BufferedWriter
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from filelock import FileLock, Timeout

from kpop_assets.store.errors import (
    FolderBusyError,
    MissingArtifactError,
    StoreWriteError,
    UnreadableArtifactError,
)

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

    from kpop_assets.store.paths import AnyPath

LEFTOVER_AFTER_S = 24 * 3600


def read_file(path: "AnyPath", asset: str) -> bytes:
    """Return the content of a file of an asset.

    Raises `MissingArtifactError` and `UnreadableArtifactError`.
    """
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise MissingArtifactError(path, asset) from error
    except OSError as error:
        raise UnreadableArtifactError(path, asset, error) from error


class _StoreFile(BufferedWriter):
    """A file of the store whose own errors are `StoreWriteError`, to tell them from a reader's."""

    def __init__(self, path: Path, target: Path) -> None:
        super().__init__(path.open("wb", buffering=0))
        self._target = target

    def write(self, content: "ReadableBuffer") -> int:
        with _write_errors_named(self._target):
            return super().write(content)

    def flush(self) -> None:
        with _write_errors_named(self._target):
            super().flush()

    def seek(self, place: int, whence: int = 0) -> int:
        with _write_errors_named(self._target):
            return super().seek(place, whence)


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the place of `path` when the block ends without an error.

    Raises `StoreWriteError` when the disk refuses; `path` is then as it was. Other errors of the
    block, those of reading among them, pass as they are.
    """
    temporary = _beside(path)
    try:
        with _write_errors_named(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            _remove_leftovers(path)
            file = _StoreFile(temporary, path)
        with file:
            yield file
            file.flush()
            with _write_errors_named(path):
                os.fsync(file.fileno())
        with _write_errors_named(path):
            temporary.replace(path)
            _sync(path.parent)
    finally:
        with suppress(OSError):
            temporary.unlink()


def replace_durably(partial: Path, path: Path) -> None:
    """Flush `partial` to disk and rename it to `path` in the same folder, both to survive a crash.

    Raises OSError.
    """
    _sync(partial)
    partial.replace(path)
    _sync(path.parent)


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of `path` when the block ends without an error.

    Raises `StoreWriteError` when the disk refuses; `path` is then as it was. What the block reads
    from elsewhere has to raise errors of its own. A run killed between the two renames leaves the
    old folder under another name: `restore_folder` brings it back.
    """
    temporary = _beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        temporary.mkdir()
        yield temporary
        for written in temporary.rglob("*"):
            _sync(written)
        _sync(temporary)
        with _lock_of(path):
            _restore(path)
            if path.exists():
                path.rename(_old(path))
            try:
                temporary.rename(path)
            finally:
                _restore(path)
            _sync(path.parent)
    except OSError as error:
        raise StoreWriteError(path, error) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def restore_folder(path: Path) -> None:
    """Bring back the previous folder if a run was killed while `path` was being replaced."""
    if _old(path).exists():
        with _lock_of(path):
            _restore(path)


def remove_folder(path: Path) -> None:
    """Remove the folder: a run killed meanwhile leaves all of it or nothing under its name.

    Raises `StoreWriteError` when the disk refuses; the folder is then as it was.
    """
    doomed = _beside(path)
    try:
        path.rename(doomed)
    except OSError as error:
        raise StoreWriteError(path, error) from None
    shutil.rmtree(doomed, ignore_errors=True)


@contextmanager
def sole_use(folder: Path, purpose: str) -> Iterator[None]:
    """Keep other runs out of the folder, which is made if need be, until the block or process ends.

    Raises `FolderBusyError` at once when another run is in it, `StoreWriteError` when it cannot be
    made.
    """
    with ExitStack() as held:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            held.enter_context(_lock_of(folder).acquire(blocking=False))
        except Timeout:
            raise FolderBusyError(
                f"expected no other run, but {purpose} is going on already (in {folder}); "
                "wait until that run has ended, or terminate it"
            ) from None
        except OSError as error:
            raise StoreWriteError(folder, error) from error
        yield


def is_lock(name: str) -> bool:
    """Return whether a file of that name is a lock: it stays empty, and stays where it is."""
    return name.startswith(".") and name.endswith(".lock")


def _lock_of(folder: Path) -> FileLock:
    """Return the lock of a folder: a file beside it, freed by the system when its holder dies."""
    return FileLock(folder.with_name(f".{folder.name}.lock"))


def _old(path: Path) -> Path:
    return path.with_name(f".{path.name}.old")


def _restore(path: Path) -> None:
    if path.exists():
        shutil.rmtree(_old(path), ignore_errors=True)
    elif _old(path).exists():
        _old(path).rename(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")


def _remove_leftovers(path: Path) -> None:
    """Remove what killed runs left beside `path`, once it is too old to be a run's that works."""
    for leftover in path.parent.glob(f".{glob.escape(path.name)}.*.tmp"):
        removed_if_old(leftover)


def removed_if_old(leftover: Path) -> bool:
    """Remove what a killed run left if it is too old to be a working run's; say whether it was."""
    try:
        if time.time() - leftover.lstat().st_mtime <= LEFTOVER_AFTER_S:
            return False
        if leftover.is_dir() and not leftover.is_symlink():
            shutil.rmtree(leftover)
        else:
            leftover.unlink()
    except OSError:
        return False
    return True


@contextmanager
def _write_errors_named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreWriteError(path, error) from None
