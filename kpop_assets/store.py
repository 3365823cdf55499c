"""Files under the store, written so that a reader sees the old value or the new one."""

import hashlib
import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from kpop_assets.errors import KpopAssetsError


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


class Store:
    """The folder under which every artifact lies, by asset and cover set."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def table(self, asset: str) -> Path:
        """Return where the table of an unpartitioned asset lies."""
        return self.root / f"{asset}.parquet"

    def folder(self, asset: str, cover_set: str) -> Path:
        """Return where the files of an asset's cover set lie."""
        return self.root / asset / cover_set

    def picture(self, name: str) -> Path:
        """Return where the picture with that content hash lies."""
        return self.root / "pictures" / name[:2] / f"{name}.jpg"

    def add_picture(self, content: bytes) -> str:
        """Store JPEG bytes once, under the SHA-256 of their content, and return it."""
        name = hashlib.sha256(content).hexdigest()
        path = self.picture(name)
        if not path.exists():
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
    old = path.with_name(f".{path.name}.old")
    temporary = _beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        restore_folder(path)
        temporary.mkdir()
        yield temporary
        for written in temporary.rglob("*"):
            _sync(written)
        _sync(temporary)
        if path.exists():
            path.rename(old)
        temporary.rename(path)
        _sync(path.parent)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise StoreWriteError(path, error) from error
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def restore_folder(path: Path) -> None:
    """Bring back the previous folder if a run was killed while `path` was being replaced."""
    old = path.with_name(f".{path.name}.old")
    if old.exists():
        if path.exists():
            shutil.rmtree(old)
        else:
            old.rename(path)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{uuid.uuid4().hex[:8]}.tmp")
