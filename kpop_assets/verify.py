"""Checks every file of the store against its record: `python -m kpop_assets.verify`."""

import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import load_dotenv

from kpop_assets.covers.resized import read_header
from kpop_assets.covers.tensors import CoverTensorsError, cover_set_of_tensors
from kpop_assets.dagster_home import NAME as DAGSTER
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import LOCKS, Store
from kpop_assets.store.errors import (
    DamagedArtifactError,
    MissingArtifactError,
    StoredPictureError,
    UnreadableArtifactError,
)
from kpop_assets.store.files import is_lock, read_file
from kpop_assets.store.paths import is_remote
from kpop_assets.store.records import file_as_written, read_record
from kpop_assets.store.s3 import object_folders
from kpop_assets.store.tables import read_table
from kpop_assets.training.checkpoint_seal import is_sealed

SHOWN = 20
"""So many files of one kind the report names."""
PICTURE_TABLES = ("melon_covers", "crawled_covers", "folder_covers")
NOT_READ_BACK = ("tensorboard", "gallery.html", "review.html")


@dataclass
class Report:
    """What was found in a store, by path in it.

    `damaged` has the reason and what to materialize again. `leftovers` are of killed runs,
    `unnamed` pictures that no table names, `unrecorded` files that no record names: not read back,
    or of an earlier version.
    """

    root: Path
    files: int = 0
    bytes: int = 0
    damaged: dict[Path, tuple[str, str]] = field(default_factory=dict)
    leftovers: list[Path] = field(default_factory=list)
    unnamed: list[Path] = field(default_factory=list)
    unrecorded: list[Path] = field(default_factory=list)

    def lines(self, seconds: float) -> Iterator[str]:
        """The report for a person to read."""
        yield (
            f"{self.root}: {self.files:,} files, {self.bytes / 1e6:,.1f} MB read in {seconds:.1f} s"
        )
        if not self.files:
            yield "nothing is there yet"
        by_mending: dict[str, list[tuple[Path, str]]] = defaultdict(list)
        for path, (why, mending) in sorted(self.damaged.items()):
            by_mending[mending].append((path, why))
        for mending, found in by_mending.items():
            yield f"\ndamaged: {mending}"
            yield from _shown([f"{path}  {why}" for path, why in found])
        for title, paths in {
            "left by killed runs, to be deleted if no run is going on": self.leftovers,
            "pictures that no table names": self.unnamed,
            "without a record: pages, logs, or files of an earlier version": self.unrecorded,
        }.items():
            if paths:
                yield f"\n{title}"
                yield from _shown([str(path) for path in sorted(paths)])
        if self.files and not self.damaged:
            yield "\neverything else is as it was written"


def verified(store: Store) -> Report:
    """Read every file of the store and return what was found."""
    report = Report(store.root)
    recorded: set[Path] = set()
    named = _named_pictures(store, report)
    for path, inside in _paths(store.root, report):
        with suppress(OSError):
            report.bytes += path.stat().st_size
        report.files += 1
        if inside.parts[0] == "pictures":
            _look_at_picture(store, inside, named, report)
            continue
        look = _look_for(inside)
        if look is None:
            if inside not in recorded:
                report.unrecorded.append(inside)
            continue
        with _noted(report, inside):
            recorded |= look(path, inside, report)
    for name, asset in named.items():
        inside = store.picture(name).relative_to(store.root)
        if inside not in report.damaged and not store.picture(name).exists():
            report.damaged[inside] = ("it is no longer in the store", _again(asset))
    report.unrecorded = [path for path in report.unrecorded if path not in recorded]
    return report


def _paths(root: Path, report: Report) -> Iterator[tuple[Path, Path]]:
    """Yield the files that runs have finished, and where they lie in the store.

    The leftovers of killed runs go to the report. Dagster's history and locks are none of theirs.
    """
    if is_remote(root):
        for path, inside, is_left in object_folders.files_of(root):
            if is_left:
                report.leftovers.append(inside)
            else:
                yield path, inside
        return
    for folder, folders, files in os.walk(root, followlinks=True):
        if folder == str(root):
            folders[:] = sorted({*folders} - {DAGSTER, LOCKS})
        for name in sorted([*folders, *files]):
            path = Path(folder, name)
            if is_lock(name):
                continue
            if name.startswith(".") or ".partial" in name:
                report.leftovers.append(path.relative_to(root))
                if name in folders:
                    folders.remove(name)
            elif name in files:
                yield path, path.relative_to(root)
            elif path.suffix in (".parquet", ".json", ".jpg"):
                folders.remove(name)
                yield path, path.relative_to(root)


def _asset_of(inside: Path) -> str:
    """Return the asset, with its cover set, that writes a file of the store."""
    top = inside.parts[0]
    match top:
        case _ if len(inside.parts) == 1:
            return inside.stem
        case "chart_years":
            return "gaon_year_end_top10"
        case "cover_set_contrast":
            return f"{top} ({inside.stem})"
        case "base_generator" | "conditional_generator" | "conditional_samples" | "crawled_covers":
            return top
        case "song_model" | "generated_songs" | "song_quality":
            return top
        case "checkpoints" if inside.parts[1] == "songs":
            return "song_model"
        case "checkpoints" if inside.parts[1] in ("base", "conditional"):
            return f"{inside.parts[1]}_generator"
        case "checkpoints":
            return f"cover_generator [{inside.parts[1]}]"
    return f"{top} [{inside.parts[1]}]"


def _again(asset: str) -> str:
    return f"materialize {asset} again"


Look = Callable[[Path, Path, Report], set[Path]]
"""Checks a file, of that path in the store; returns the files that it is a record of."""


def _look_for(inside: Path) -> Look | None:
    if inside.parts[0] in NOT_READ_BACK:
        return None
    if inside.name == "covers.parquet":
        return _look_at_tensors
    if inside.parts[0] == "checkpoints":
        return {".npz": _look_at_checkpoint, ".raw": _look_at_covers}.get(inside.suffix)
    return {".parquet": _look_at_table, ".json": _look_at_record}.get(inside.suffix)


def _look_at_table(path: Path, inside: Path, report: Report) -> set[Path]:
    from kpop_assets.store.sealed_parquet import MARK

    read_table(path, _asset_of(inside))
    if MARK not in read_file(path, _asset_of(inside))[: 2 * len(MARK)]:
        report.unrecorded.append(inside)
    return set()


def _look_at_tensors(path: Path, inside: Path, report: Report) -> set[Path]:
    asset = _asset_of(inside)
    try:
        with path.open("rb") as file:
            cover_set = cover_set_of_tensors(file)
    except CoverTensorsError as error:
        raise DamagedArtifactError(path, asset, str(error.__cause__ or error)) from error
    except OSError as error:
        raise UnreadableArtifactError(path, asset, error) from error
    if not cover_set:
        report.unrecorded.append(inside)
    elif cover_set != inside.parts[1]:
        raise DamagedArtifactError(path, asset, f"it is that of the set {cover_set}")
    return set()


def _look_at_record(path: Path, inside: Path, report: Report) -> set[Path]:
    asset = _asset_of(inside)
    record: dict[str, Any] = read_record(path, asset, dict)
    if b'"sha256"' not in read_file(path, asset):
        report.unrecorded.append(inside)
    files = record.get("files", {})
    for name in files:
        with _noted(report, inside.parent / name):
            file_as_written(path.parent / name, path.parent, files, asset)
    return {inside.parent / name for name in files}


def _look_at_checkpoint(path: Path, inside: Path, report: Report) -> set[Path]:
    del report
    if not is_sealed(read_file(path, _asset_of(inside))):
        raise DamagedArtifactError(path, _asset_of(inside), "its SHA-256 is not that of its end")
    return set()


def _look_at_covers(path: Path, inside: Path, report: Report) -> set[Path]:
    del report
    try:
        with path.open("rb") as file:
            header = read_header(file)
    except OSError as error:
        raise UnreadableArtifactError(path, _asset_of(inside), error) from error
    if header is None:
        raise DamagedArtifactError(path, _asset_of(inside), "it is torn or altered")
    return set()


def _named_pictures(store: Store, report: Report) -> dict[str, str]:
    """Return the asset whose table names a picture, by its hash."""
    named: dict[str, str] = {}
    for asset in PICTURE_TABLES:
        for path in (store.table(asset), *sorted((store.root / asset).glob("*.parquet"))):
            if path.exists():
                with _noted(report, path.relative_to(store.root)):
                    hashes = read_table(path, asset)["hash"].dropna()
                    named = {**dict.fromkeys(hashes, asset), **named}
    return named


def _look_at_picture(store: Store, inside: Path, named: dict[str, str], report: Report) -> None:
    name = inside.stem
    if store.picture(name) != store.root / inside:
        report.unrecorded.append(inside)
        return
    try:
        store.picture_content(name)
    except StoredPictureError as error:
        mending = _again(named[name]) if name in named else "delete it: no table names it"
        report.damaged[inside] = (error.reason, mending)
    else:
        if name not in named:
            report.unnamed.append(inside)


@contextmanager
def _noted(report: Report, inside: Path) -> Iterator[None]:
    """Enter a named error of the block into the report as damage of a file."""
    try:
        yield
    except DamagedArtifactError as error:
        report.damaged[inside] = (error.reason, _again(error.asset))
    except MissingArtifactError:
        report.damaged[inside] = ("it is missing", _again(_asset_of(inside)))


def _shown(found: list[str]) -> Iterator[str]:
    yield from (f"  {line}" for line in found[:SHOWN])
    if len(found) > SHOWN:
        yield f"  … and {len(found) - SHOWN:,} more"


def main(store: Store) -> int:
    """Print the report; 1 when something is damaged."""
    began = time.perf_counter()
    report = verified(store)
    for line in report.lines(time.perf_counter() - began):
        print(line)
    return 1 if report.damaged else 0


if __name__ == "__main__":
    load_dotenv(PROJECT_FOLDER / ".env", override=True)
    sys.exit(main(Store(Settings.from_environment().store)))
