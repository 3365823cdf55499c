"""Folders replaced as a whole, so that a reader sees all of the old one or all of the new one.

On a disk a folder is written beside and takes the name in one rename. In an object store, which has
no rename, see `object_folders`: whoever reads asks `stored_folder` where the files lie.
"""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock

from kpop_assets.store.errors import StoreWriteError
from kpop_assets.store.files import beside, remove_leftovers, sync
from kpop_assets.store.paths import is_remote
from kpop_assets.store.s3 import object_folders


@contextmanager
def atomic_folder(path: Path) -> Iterator[Path]:
    """Give an empty folder of this machine that takes the place of `path` when the block ends.

    It does so only without an error. Raises `StoreWriteError` when the store refuses; `path` is
    then as it was. What the block reads from elsewhere has to raise errors of its own. A run killed
    between the two renames leaves the old folder under another name: `stored_folder` brings it
    back.
    """
    if is_remote(path):
        with object_folders.replaced(path) as temporary:
            yield temporary
        return
    temporary = beside(path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        remove_leftovers(path)
        temporary.mkdir()
        yield temporary
        for written in temporary.rglob("*"):
            sync(written)
        sync(temporary)
        with lock_of(path):
            _restore(path)
            if path.exists():
                path.rename(_old(path))
            try:
                temporary.rename(path)
            finally:
                _restore(path)
            sync(path.parent)
    except OSError as error:
        raise StoreWriteError(path, error) from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def stored_folder(path: Path) -> Path:
    """Return where the files of a folder lie that was written with `atomic_folder`.

    On a disk that is the folder; the previous one is brought back if a run was killed while it was
    being replaced. Raises `UnreadableArtifactError` when an object store does not answer.
    """
    if is_remote(path):
        return object_folders.current(path)
    if _old(path).exists():
        with lock_of(path):
            _restore(path)
    return path


def named_folder(path: Path) -> Path:
    """Return the folder whose files lie in `path`, as `stored_folder` gave it."""
    return object_folders.named(path) if is_remote(path) else path


def folders_in(parent: Path) -> list[Path]:
    """Return the folders in a folder that is there or not, the last written or marked one first."""
    if is_remote(parent):
        return object_folders.newest_first(parent)
    found = [path for path in parent.glob("[!.]*") if path.is_dir()]
    return sorted(found, key=lambda path: path.stat().st_mtime, reverse=True)


def mark_as_newest(path: Path) -> None:
    """Have `folders_in` name the folder first; raises OSError."""
    if is_remote(path):
        object_folders.mark_as_newest(path)
    else:
        os.utime(path)


def remove_folder(path: Path) -> None:
    """Remove the folder: a run killed meanwhile leaves all of it or nothing under its name.

    Raises `StoreWriteError` when the store refuses; the folder is then as it was.
    """
    if is_remote(path):
        object_folders.remove(path)
        return
    doomed = beside(path)
    try:
        path.rename(doomed)
    except OSError as error:
        raise StoreWriteError(path, error) from None
    shutil.rmtree(doomed, ignore_errors=True)


def remove_if_empty(path: Path) -> None:
    """Remove a folder with nothing in it; an object store has no such folders."""
    if not is_remote(path):
        with suppress(OSError):
            os.rmdir(path)


def lock_of(folder: Path) -> FileLock:
    """Return the lock of a folder: a file beside it, freed by the system when its holder dies."""
    return FileLock(folder.with_name(f".{folder.name}.lock"))


def _old(path: Path) -> Path:
    return path.with_name(f".{path.name}.old")


def _restore(path: Path) -> None:
    if path.exists():
        shutil.rmtree(_old(path), ignore_errors=True)
    elif _old(path).exists():
        _old(path).rename(path)
