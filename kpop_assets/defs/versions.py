"""Data versions: hashes of what an asset says, not of when or where it was fetched."""

import hashlib
from collections.abc import Sequence

import dagster as dg

from kpop_assets.store.tables import Table


def table_version(table: Table, columns: Sequence[str]) -> dg.DataVersion:
    """Return the SHA-256 of these columns, as JSON records in the order of the rows."""
    records = table[list(columns)].to_json(orient="records", force_ascii=False)
    return dg.DataVersion(hashlib.sha256(records.encode()).hexdigest())


def catalog_version(catalog: Table) -> dg.DataVersion:
    """Return the version of cover_catalog: which picture belongs to which sets, and its year."""
    return table_version(catalog, ["hash", "cover_sets", "year"])
