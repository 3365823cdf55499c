"""Files under the store, written so that a reader sees the old value or the new one."""

import fcntl
import glob
import hashlib
import os
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kpop_assets.errors import KpopAssetsError

LEFTOVER_AFTER_S = 24 * 3600


class StoreWriteError(KpopAssetsError):
    """The store cannot be written."""

    def __init__(self, path: Path, error: OSError) -> None:
        super().__init__(
            f"expected to write {path}, but {error.strerror or error}; free disk space, check the "
            "permissions, or set KPOP_STORE to another folder (what stood there is untouched)"
        )


class MissingArtifactError(KpopAssetsError):
    """An artifact that a step reads does not exist (yet)."""

    def __init__(self, path: Path, asset: str) -> None:
        super().__init__(f"expected {path}, but it does not exist; materialize {asset} first")


class DamagedArtifactError(KpopAssetsError):
    """An artifact that a step reads is not as it was written."""

    def __init__(self, path: Path, asset: str, error: Exception) -> None:
        super().__init__(
            f"expected {path} as it was written, but it is damaged ({error}); "
            f"materialize {asset} again"
        )


class FolderBusyError(KpopAssetsError):
    """Another run works in a folder that one run at a time may use."""


class Store:
    """The folder under which every artifact lies, by asset and cover set."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def table(self, asset: str) -> Path:
        """Return where the table of an unpartitioned asset lies."""
        return self.root / f"{asset}.parquet"

    def chart_year(self, sites: str, year: int) -> Path:
        """Return where the chart's answer for a year lies, by the world that it comes from."""
        return self.root / "chart_years" / sites / f"{year}.json"

    def folder(self, asset: str, cover_set: str) -> Path:
        """Return where the files of an asset's cover set lie."""
        return self.root / asset / cover_set

    def picture(self, name: str) -> Path:
        """Return where the picture with that content hash lies."""
        return self.root / "pictures" / name[:2] / f"{name}.jpg"

    def add_picture(self, content: bytes) -> str:
        """Store JPEG bytes once, under the SHA-256 of their content, and return it.

        A file there that holds something else, damaged since, is replaced.
        """
        name = hashlib.sha256(content).hexdigest()
        path = self.picture(name)
        if not path.exists() or path.read_bytes() != content:
            with atomic_file(path) as file:
                file.write(content)
        return name


@contextmanager
def atomic_file(path: Path) -> Iterator[BinaryIO]:
    """Open a temporary file that takes the place of `path` when the block ends without an error.

    Raises `StoreWriteError` when the disk refuses; `path` is then as it was.
    """
    temporary = _beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_leftovers(path)
        with temporary.open("wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
        _sync(path.parent)
    except OSError as error:
        raise StoreWriteError(path, error) from error
    finally:
        with suppress(OSError):
            temporary.unlink()


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder that takes the place of `path` when the block ends without an error.

    Raises `StoreWriteError` when the disk refuses; `path` is then as it was. A run killed between
    the two renames leaves the old folder under another name: `restore_folder` brings it back.
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
        with _held(path.parent):
            _restore(path)
            if path.exists():
                path.rename(_old(path))
            try:
                temporary.rename(path)
            finally:
                _restore(path)
            _sync(path.parent)
    except OSError as error:
        raise StoreWriteError(path, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def restore_folder(path: Path) -> None:
    """Bring back the previous folder if a run was killed while `path` was being replaced."""
    if _old(path).exists():
        with _held(path.parent):
            _restore(path)


def remove_folder(path: Path) -> None:
    """Remove the folder: a run killed meanwhile leaves all of it or nothing under its name.

    Raises `StoreWriteError` when the disk refuses; the folder is then as it was.
    """
    doomed = _beside(path)
    try:
        path.rename(doomed)
    except OSError as error:
        raise StoreWriteError(path, error) from error
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
            _remove_leftovers(folder)
            held.enter_context(_held(folder, fcntl.LOCK_NB))
        except BlockingIOError as error:
            raise FolderBusyError(
                f"expected no other run, but {purpose} is going on already (in {folder}); "
                "wait until that run has ended, or terminate it"
            ) from error
        except OSError as error:
            raise StoreWriteError(folder, error) from error
        yield


@contextmanager
def _held(folder: Path, how: int = 0) -> Iterator[None]:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | how)
        yield
    finally:
        os.close(descriptor)


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
        with suppress(OSError):
            if time.time() - leftover.stat().st_mtime > LEFTOVER_AFTER_S:
                if leftover.is_dir():
                    shutil.rmtree(leftover)
                else:
                    leftover.unlink()
