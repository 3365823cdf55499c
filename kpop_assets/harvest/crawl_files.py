"""Tables of the general crawl: the present one, and those of the other world, set aside."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets.store.files import atomic_file, read_file
from kpop_assets.store.tables import read_table

ASSET = "crawled_covers"
NEEDED = {"hash", "fetched_at", "sites"}


def crawl_folder(store: Store) -> Path:
    """The folder of the tables that are set aside."""
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
    """Copy the present table aside if it is of another world than `sites`."""
    path = store.table(ASSET)
    if path.exists() and (other := _sites_of(path)) not in (sites, None):
        content = read_file(path, ASSET)
        with atomic_file(_aside(store, other)) as file:
            file.write(content)


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
