"""Folders of an object store: versions of them, and a small object that says which one is current.

A folder `a/b` is written as `a/.versions/<version>/b`, and then `a/b/.current` is written, on the
condition that nobody else did meanwhile. A reader who has looked there keeps its version: that and
the one before stay until the folder is written twice more. A run killed before the last write
leaves a version that nothing names; it is removed when it is a day old.
"""

import json
import random
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kpop_assets.store.errors import StoreWriteError, UnreadableArtifactError
from kpop_assets.store.files import LEFTOVER_AFTER_S
from kpop_assets.store.s3.requests import content_and_etag, put_if

if TYPE_CHECKING:
    from upath import UPath


CURRENT, VERSIONS = ".current", ".versions"


@contextmanager
def replaced(path: "UPath") -> Iterator[Path]:
    """Give an empty folder of this machine that becomes the current version of `path`.

    Raises `StoreWriteError` when the store, or this machine's disk, refuses; `path` is then as it
    was.
    """
    with tempfile.TemporaryDirectory() as temporary:
        try:
            yield Path(temporary)
            version = uuid.uuid4().hex
            _send(Path(temporary), _place(path, version))
            unnamed = _point(path, version)
        except OSError as error:
            raise StoreWriteError(path, error) from None
        with suppress(OSError):  # a later write removes what stays
            for old in unnamed:
                path.fs.rm(_place(path, old).path, recursive=True)
            _remove_leftovers(path)


def current(path: "UPath") -> Path:
    """Return where the files of a folder lie; the folder itself if it has no versions.

    Raises `UnreadableArtifactError`.
    """
    if path.parent.parent.name == VERSIONS:
        return cast(Path, path)
    try:
        versions = _versions(path)
    except OSError as error:
        raise UnreadableArtifactError(path, path.name, error) from error
    return cast(Path, _place(path, versions[0]) if versions else path)


def named(path: "UPath") -> Path:
    """Return the folder that a version is of."""
    versions = path.parent.parent
    return cast(Path, versions.parent / path.name if versions.name == VERSIONS else path)


def files_of(root: "UPath") -> Iterator[tuple[Path, Path, bool]]:
    """Yield the objects of a store, where they lie in it, and whether a killed run left them.

    Those of a folder's current version lie where the folder does; the version before is left out.
    Raises OSError.
    """
    versions: dict[Path, list[str]] = {}
    for inside in map(Path, _written(root)):
        if VERSIONS in inside.parts:
            at = inside.parts.index(VERSIONS)
            version, name, *rest = inside.parts[at + 1 :]
            folder = Path(*inside.parts[:at], name)
            if folder not in versions:
                versions[folder] = _versions(root / folder)
            if version not in versions[folder][1:]:
                is_left = version not in versions[folder]
                where = inside if is_left else folder.joinpath(*rest)
                yield cast(Path, root / inside), where, is_left
        elif not inside.name.startswith("."):
            yield cast(Path, root / inside), inside, False


def newest_first(parent: "UPath") -> list[Path]:
    """Return the folders in a folder, the one that an object was written in last first.

    Raises `UnreadableArtifactError`.
    """
    changed: dict[str, datetime] = {}
    try:
        for inside, at in _written(parent).items():
            name, _, rest = inside.partition("/")
            if rest and name != VERSIONS:
                changed[name] = max(changed.get(name, at), at)
    except OSError as error:
        raise UnreadableArtifactError(parent, parent.name, error) from error
    newest = sorted(changed, key=lambda name: changed[name], reverse=True)
    return [cast(Path, parent / name) for name in newest]


def mark_as_newest(path: "UPath") -> None:
    """Write again which version is current, unless it changed; raises `StoreWriteError`."""
    try:
        found = content_and_etag(path / CURRENT)
        if found is not None:
            put_if(path / CURRENT, *found)
    except OSError as error:
        raise StoreWriteError(path, error) from None


def remove(path: "UPath") -> None:
    """Remove a folder, first what names its version; raises `StoreWriteError`."""
    try:
        versions = _versions(path)
        if versions:
            path.fs.rm_file((path / CURRENT).path)
        if path.fs.exists(path.path):
            path.fs.rm(path.path, recursive=True)
        for version in versions:
            path.fs.rm(_place(path, version).path, recursive=True)
    except OSError as error:
        raise StoreWriteError(path, error) from None


def _send(folder: Path, place: "UPath") -> None:
    """Write the files of a folder of this machine to a place; raises OSError.

    They are named one by one: for folders s3fs asks for the bucket, and would make it.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    places = [(place / file.relative_to(folder).as_posix()).path for file in files]
    place.fs.put([str(file) for file in files], places)


def _written(folder: "UPath") -> dict[str, datetime]:
    """Return when the objects in a folder were written, by their place in it; raises OSError."""
    found = folder.fs.find(folder.path, detail=True)
    start = len(folder.path.rstrip("/")) + 1
    return {name[start:]: about["LastModified"] for name, about in found.items()}


def _place(path: "UPath", version: str) -> "UPath":
    return path.parent / VERSIONS / version / path.name


def _versions(path: "UPath") -> list[str]:
    """Return the current version of a folder and the one before; none if it was never written."""
    found = content_and_etag(path / CURRENT)
    return json.loads(found[0]) if found else []


def _point(path: "UPath", version: str) -> list[str]:
    """Make a version the current one, and return those that are not named any more."""
    while True:
        found = content_and_etag(path / CURRENT)
        before = json.loads(found[0]) if found else []
        names = json.dumps([version, *before[:1]]).encode()
        if put_if(path / CURRENT, names, found[1] if found else None):
            return before[1:]
        if version in _versions(path) or not path.fs.exists(_place(path, version).path):
            return []  # it was written, its answer was lost, and others may have written since
        time.sleep(random.uniform(0.0, 0.2))


def _remove_leftovers(path: "UPath") -> None:
    """Remove versions that nothing names, once they are too old to be a run's that works."""
    named_ones = _versions(path)
    written: dict[str, datetime] = {}
    for inside, at in _written(path.parent / VERSIONS).items():
        version, name, *_ = inside.split("/")
        if name == path.name and version not in named_ones:
            written[version] = max(written.get(version, at), at)
    for version, at in written.items():
        if time.time() - at.timestamp() > LEFTOVER_AFTER_S:
            path.fs.rm(_place(path, version).path, recursive=True)
