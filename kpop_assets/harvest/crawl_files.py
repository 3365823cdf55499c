"""Files of the general crawl beside its table: its last attempt, and tables of the other world."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from kpop_assets.sites.search.image_search import Search
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.files import atomic_file, read_file
from kpop_assets.store.records import read_record, record_bytes
from kpop_assets.store.tables import read_table

ASSET = "crawled_covers"
NEEDED = {"hash", "fetched_at", "sites"}
NOT_ENDED = "it has not ended: it is still going on, or was killed"


@dataclass(frozen=True)
class CrawlAttempt:
    """How the latest crawl went: when, in which world, pictures by engine asked, what failed.

    `why_nothing` has the notes of an engine that brought no picture; `failure` says why a crawl
    changed nothing, which is so until it has ended.
    """

    started_at: str
    sites: str
    pictures: dict[str, int] = field(default_factory=dict)
    why_nothing: dict[str, str] = field(default_factory=dict)
    failure: str | None = NOT_ENDED

    def with_searches(self, searches: Sequence[Search[Any]]) -> CrawlAttempt:
        """The attempt with what its searches brought."""
        pictures: Counter[str] = Counter()
        notes: dict[str, list[str]] = {}
        for search in searches:
            pictures[search.engine] += len(search.found)
            notes.setdefault(search.engine, []).append(f"{search.keyword!r}: {search.notes}")
        why_nothing = {
            engine: "; ".join(notes[engine]) for engine, count in pictures.items() if count == 0
        }
        return replace(self, pictures=dict(pictures), why_nothing=why_nothing)

    def ended(self, error: Exception | None = None) -> CrawlAttempt:
        """The attempt as one that ended, with the error that ended it if there was one."""
        return replace(self, failure=f"{type(error).__name__}: {error}" if error else None)

    def save(self, store: Store) -> None:
        """Take the place of the attempt before; raises `StoreWriteError`."""
        with atomic_file(_attempt_file(store)) as file:
            file.write(record_bytes(asdict(self), ASSET))

    @classmethod
    def latest(cls, store: Store) -> CrawlAttempt | None:
        """The latest attempt, None before the first or if its file cannot be read."""
        try:
            return cls.recorded(store)
        except (MissingArtifactError, DamagedArtifactError):
            return None

    @classmethod
    def recorded(cls, store: Store) -> CrawlAttempt:
        """The latest attempt; raises `MissingArtifactError` and `DamagedArtifactError`."""
        return read_record(_attempt_file(store), ASSET, cls)


def crawl_folder(store: Store) -> Path:
    """The folder of these files, which one crawl at a time may use."""
    return store.root / ASSET


def earlier_table(store: Store, sites: str) -> pd.DataFrame | None:
    """The table of the crawls of this world so far, None before the first.

    Raises `DamagedArtifactError` for one that cannot be read: a crawl must not replace it.
    """
    for path in (store.table(ASSET), _aside(store, sites)):
        if path.exists() and _sites_of(path) == sites:
            return _read(path)
    return None


def set_other_world_aside(store: Store, sites: str) -> None:
    """Keep a copy of the present table if it is of another world than `sites`."""
    path = store.table(ASSET)
    if path.exists() and (other := _sites_of(path)) not in (sites, None):
        content = read_file(path, ASSET)
        with atomic_file(_aside(store, other)) as file:
            file.write(content)


def latest_sighting(store: Store) -> datetime | None:
    """When a search last found one of the covers in the table, None without a table.

    Raises `DamagedArtifactError`.
    """
    path = store.table(ASSET)
    if not path.exists():
        return None
    table = _read(path)
    column = "last_seen_at" if "last_seen_at" in table else "fetched_at"
    latest = table[column].max()
    return None if pd.isna(latest) else latest.to_pydatetime()


def _sites_of(path: Path) -> str | None:
    worlds = _read(path)["sites"].unique().tolist()
    return worlds[0] if worlds else None


def _read(path: Path) -> pd.DataFrame:
    try:
        table = read_table(path, ASSET)
        if missing := NEEDED - set(table):
            raise DamagedArtifactError(path, ASSET, f"without {', '.join(sorted(missing))}")
    except DamagedArtifactError as error:
        why = f"{error.reason}; a crawl adds to it and does not replace it: move it away first"
        raise DamagedArtifactError(path, ASSET, why) from error
    return table


def _aside(store: Store, sites: str) -> Path:
    return crawl_folder(store) / f"{sites}.parquet"


def _attempt_file(store: Store) -> Path:
    return crawl_folder(store) / "latest_attempt.json"
