"""Folders of an object store: versions of them, and a small object that says which one is current.

A folder `a/b` is written as `a/.versions/<version>/b`, and then `a/b/.current` is written, on the
condition that nobody else did meanwhile. A reader who has looked there keeps its version: that and
the one before stay until the folder is written twice more. A run killed before the last write
leaves a version that nothing names; it is removed when it is a day old.
"""

import glob
import json
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, cast

from kpop_assets.store.errors import StoreWriteError, UnreadableArtifactError
from kpop_assets.store.files import LEFTOVER_AFTER_S
from kpop_assets.store.s3 import content_and_etag, put_if

if TYPE_CHECKING:
    from upath import UPath


CURRENT, VERSIONS = ".current", ".versions"


@contextmanager
def replaced(path: "UPath") -> Iterator[Path]:
    """Give an empty folder of this machine that becomes the current version of `path`.

    Raises `StoreWriteError` when the store refuses; `path` is then as it was.
    """
    with tempfile.TemporaryDirectory() as temporary:
        yield Path(temporary)
        version = uuid.uuid4().hex
        try:
            place = _place(path, version)
            path.fs.put(f"{temporary}/", f"{place.path}/", recursive=True)
            for unnamed in _point(path, version):
                path.fs.rm(_place(path, unnamed).path, recursive=True)
            _remove_leftovers(path)
        except OSError as error:
            raise StoreWriteError(path, error) from None


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
    """
    versions: dict[Path, list[str]] = {}
    for path in root.rglob("*"):
        inside = Path(str(path.relative_to(root)))
        if VERSIONS in inside.parts and path.is_file():
            at = inside.parts.index(VERSIONS)
            version, name, *rest = inside.parts[at + 1 :]
            folder = Path(*inside.parts[:at], name)
            named_ones = versions.setdefault(folder, []) or _versions(root / folder)
            versions[folder] = named_ones
            if version not in named_ones[1:]:
                is_left = version not in named_ones
                yield cast(Path, path), inside if is_left else folder.joinpath(*rest), is_left
        elif not inside.name.startswith(".") and path.is_file():
            yield cast(Path, path), inside, False


def newest_first(parent: "UPath") -> list[Path]:
    """Return the folders in a folder, the one that an object was written in last first."""
    changed: dict[str, float] = {}
    for path in parent.rglob("*"):
        inside = path.relative_to(parent).parts
        if len(inside) > 1 and inside[0] != VERSIONS and path.is_file():
            changed[inside[0]] = max(changed.get(inside[0], 0.0), path.stat().st_mtime)
    newest = sorted(changed, key=lambda name: changed[name], reverse=True)
    return [cast(Path, parent / name) for name in newest]


def mark_as_newest(path: "UPath") -> None:
    """Write again which version is current; raises OSError."""
    (path / CURRENT).write_bytes((path / CURRENT).read_bytes())


def remove(path: "UPath") -> None:
    """Remove a folder, first what names its version; raises `StoreWriteError`."""
    try:
        versions = _versions(path)
        if versions:
            (path / CURRENT).unlink()
        if path.fs.exists(path.path):
            path.fs.rm(path.path, recursive=True)
        for version in versions:
            path.fs.rm(_place(path, version).path, recursive=True)
    except OSError as error:
        raise StoreWriteError(path, error) from None


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
        if before[:1] == [version]:  # written by a request whose answer was lost
            return []
        names = json.dumps([version, *before[:1]]).encode()
        if put_if(path / CURRENT, names, found[1] if found else None):
            return before[1:]


def _remove_leftovers(path: "UPath") -> None:
    """Remove versions that nothing names, once they are too old to be a run's that works."""
    named_ones = _versions(path)
    written: dict[str, float] = {}
    versions = path.parent / VERSIONS
    for file in versions.glob(f"*/{glob.escape(path.name)}/**"):
        version = file.relative_to(versions).parts[0]
        if version not in named_ones and file.is_file():
            written[version] = max(written.get(version, 0.0), file.stat().st_mtime)
    for version, at in written.items():
        if time.time() - at > LEFTOVER_AFTER_S:
            path.fs.rm(_place(path, version).path, recursive=True)
