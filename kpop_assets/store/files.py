"""Files written so that a reader sees the old value or the new one."""

import glob
import os
import shutil
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedWriter
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from kpop_assets.store.errors import (
    MissingArtifactError,
    StoreWriteError,
    UnreadableArtifactError,
)
from kpop_assets.store.paths import is_remote

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from upath import UPath

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

    def __init__(self, path: Path, target: "AnyPath") -> None:
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

    In an object store it is written to this machine first and then sent as one object.
    Raises `StoreWriteError` when disk or store refuses; `path` is then as it was. Other errors
    of the block, those of reading among them, pass as they are.
    """
    if is_remote(path):
        with _uploaded(path) as file:
            yield file
        return
    temporary = beside(path)
    try:
        with _write_errors_named(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            remove_leftovers(path)
            file = _StoreFile(temporary, path)
        with file:
            yield file
            file.flush()
            with _write_errors_named(path):
                os.fsync(file.fileno())
        with _write_errors_named(path):
            temporary.replace(path)
            sync(path.parent)
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def local_file(path: Path, content: bytes) -> Iterator[Path]:
    """Give a file of the store as one of this machine, for readers that can only open such.

    `content` is what was read of it.
    """
    if not is_remote(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        copy.write_bytes(content)
        yield copy


@contextmanager
def local_folder(path: Path) -> Iterator[Path]:
    """Give a folder of the store for files that only this machine needs.

    For an object store it is an empty one of this machine, which goes when the block ends.
    """
    if not is_remote(path):
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        yield Path(folder)


@contextmanager
def _uploaded(path: "UPath") -> Iterator[BinaryIO]:
    with tempfile.TemporaryDirectory() as folder:
        temporary = Path(folder) / path.name
        with _StoreFile(temporary, path) as file:
            yield file
        with _write_errors_named(path):
            path.fs.put_file(str(temporary), path.path)


def replace_durably(partial: Path, path: Path) -> None:
    """Flush `partial` to disk and rename it to `path` in the same folder, both to survive a crash.

    Raises OSError.
    """
    sync(partial)
    partial.replace(path)
    sync(path.parent)


def is_lock(name: str) -> bool:
    """Return whether a file of that name is a lock: it stays empty, and stays where it is."""
    return name.startswith(".") and name.endswith(".lock")


def sync(path: Path) -> None:
    """Flush a file or a folder to disk; raises OSError."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def beside(path: Path) -> Path:
    """Return a path for what is written before it takes the name of `path`."""
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")


def remove_leftovers(path: Path) -> None:
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
def _write_errors_named(path: "AnyPath") -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StoreWriteError(path, error) from None
