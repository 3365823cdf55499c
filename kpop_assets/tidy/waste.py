"""What of a store nothing needs any more: leftovers, unnamed pictures, forgotten trainings."""

import io
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from kpop_assets.dagster_home import NAME as DAGSTER
from kpop_assets.store.artifacts import LOCKS, Store
from kpop_assets.store.errors import DamagedArtifactError, FolderBusyError
from kpop_assets.store.files import LEFTOVER_AFTER_S, is_lock, read_file, removed_if_old
from kpop_assets.store.folders import remove_folder
from kpop_assets.store.paths import is_remote
from kpop_assets.store.s3.object_folders import files_of
from kpop_assets.store.sole_use import sole_use

if TYPE_CHECKING:
    from pathlib import Path

PICTURES, CHECKPOINTS, TENSORS = "pictures", "checkpoints", "cover_tensors"
NAMING_PICTURES = ("melon_covers", "crawled_covers", "folder_covers", "cover_catalog")
TRAINED_BY = {
    "base": "base_generator",
    "conditional": "conditional_generator",
    "songs": "song_model",
}
"""The asset whose unfinished trainings lie under a name that is no cover set."""
DAY_S = 24 * 3600
_NAMES = re.compile(rb"[0-9a-f]{64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
Say = Callable[[str], object]


@dataclass(frozen=True)
class Waste:
    """Something that can go: what it is called, its bytes, and how it is removed."""

    name: str
    bytes: int
    remove: Callable[[], object]


@dataclass(frozen=True)
class WasteOfKind:
    """All that can go for one reason."""

    kind: str
    why: str
    found: Sequence[Waste]

    @property
    def bytes(self) -> int:
        """Return the bytes of all of it."""
        return sum(one.bytes for one in self.found)


def waste_of_store(store: Store, keep_days: float, say: Say) -> Iterator[WasteOfKind]:
    """Yield what can go, kind by kind; while one is looked at, no run can begin to use it.

    What runs use at the time is left out, and said.
    """
    yield WasteOfKind(
        "leftovers of killed runs",
        "unfinished files and folders, older than a day",
        [
            Waste(str(path), size_of(path), lambda path=path: _remove_leftover(path))  # type: ignore[misc]
            for path in _leftovers(store.root)
        ],
    )
    with ExitStack() as held:
        try:
            for table in NAMING_PICTURES:
                held.enter_context(sole_use(store.lock(table), f"the making of {table}"))
            yield WasteOfKind("pictures", "no table and no record names them", _unnamed(store))
        except FolderBusyError as error:
            say(f"pictures stay: {error}")
        except DamagedArtifactError as error:
            say(f"pictures stay, since a table may name them: {error}")
    for folder in _folders(store.root / CHECKPOINTS):
        asset = TRAINED_BY.get(folder.name)
        lock = store.lock(asset) if asset else store.lock("cover_generator", folder.name)
        try:
            with sole_use(lock, f"a training of {folder.name}"):
                yield WasteOfKind(
                    f"unfinished trainings of {folder.name}",
                    f"not resumed for {keep_days:g} days",
                    [
                        Waste(str(one), size_of(one), lambda one=one: remove_folder(one))  # type: ignore[misc]
                        for one in _folders(folder)
                        if _age_s(one) > keep_days * DAY_S
                    ],
                )
        except FolderBusyError as error:
            say(f"unfinished trainings of {folder.name} stay: {error}")


def names_in_use(store: Store) -> frozenset[str]:
    """Return the pictures and runs that tables and records name, by hash and id.

    Raises DamagedArtifactError where one cannot be read.
    """
    named: set[bytes] = set()
    for path in _files(store.root, {PICTURES, CHECKPOINTS, TENSORS, DAGSTER, LOCKS}):
        if path.suffix == ".json":
            named.update(_NAMES.findall(read_file(path, path.stem)))
        elif path.suffix == ".parquet":
            named.update(_NAMES.findall(_texts_of_table(path)))
    return frozenset(one.decode() for one in named)


def size_of(path: "Path") -> int:
    """Return the bytes of a file, or of all files in a folder."""
    return sum(one.stat().st_size for one in _files(path)) if path.is_dir() else path.stat().st_size


def _texts_of_table(path: "Path") -> bytes:
    """Return all texts of a table, one after another."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    content = io.BytesIO(read_file(path, path.stem))
    try:
        schema = pq.read_schema(content)
        texts = [field.name for field in schema if _has_texts(field.type)]
        columns = pq.read_table(content, columns=texts).columns
    except (pa.ArrowException, OSError) as error:
        raise DamagedArtifactError(path, path.stem, error) from error
    return "\n".join(str(cell) for column in columns for cell in column.to_pylist()).encode()


def _has_texts(kind: object) -> bool:
    return "string" in str(kind)


def _unnamed(store: Store) -> list[Waste]:
    named = names_in_use(store)
    pictures = (path for folder in _folders(store.root / PICTURES) for path in folder.iterdir())
    return [
        Waste(path.name, path.stat().st_size, lambda path=path: path.unlink())  # type: ignore[misc]
        for path in pictures
        if not path.name.startswith(".") and path.stem not in named
    ]


def _leftovers(folder: "Path") -> Iterator["Path"]:
    """Yield what killed runs left; a folder of before stays where the new one did not come."""
    if is_remote(folder):
        for path, _, is_left in files_of(folder):
            if is_left and time.time() - path.stat().st_mtime > LEFTOVER_AFTER_S:
                yield path
        return
    for path in folder.iterdir() if folder.exists() else ():
        name = path.name
        if is_lock(name) or name in (DAGSTER, LOCKS):
            continue
        of_before = name.startswith(".") and name.endswith(".old")
        if (name.startswith(".") and name.endswith(".tmp")) or of_before or ".partial" in name:
            needed = of_before and not path.with_name(name[1:-4]).exists()
            if not needed and time.time() - path.stat().st_mtime > LEFTOVER_AFTER_S:
                yield path
        elif path.is_dir():
            yield from _leftovers(path)


def _remove_leftover(path: "Path") -> None:
    if is_remote(path):
        path.unlink()
    else:
        removed_if_old(path)


def _files(folder: "Path", without: frozenset[str] | set[str] = frozenset()) -> Iterator["Path"]:
    for path in folder.iterdir() if folder.exists() else ():
        if path.is_dir():
            if path.name not in without:
                yield from _files(path)
        else:
            yield path


def _folders(folder: "Path") -> list["Path"]:
    if not folder.exists():
        return []
    return sorted(path for path in folder.iterdir() if path.is_dir() and path.name[0] != ".")


def _age_s(folder: "Path") -> float:
    """Return the seconds since anything in the folder was written."""
    return time.time() - max((one.stat().st_mtime for one in _files(folder)), default=0.0)
