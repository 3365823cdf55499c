"""What the catalog says of reissues and of whose covers it holds."""

from typing import Any

from kpop_assets.store.tables import Table

ENTRY_COLUMNS = ["year", "rank", "artist", "album", "version"]
KINDS = ("boy", "girl", "other")
Record = dict[str, Any]


def reissues(chart_covers: Table, catalog: Table) -> list[Record]:
    """Return the chart entries that share one picture with another entry, group by group.

    `chart_covers` has a row per entry with a cover; without the columns year, rank, artist, album
    and version (a folder of one's own pictures) there are no records. Each record has these, the
    first 12 digits of the cover's hash, and the number of its group.
    """
    import pandas as pd

    if not set(ENTRY_COLUMNS) <= set(chart_covers):
        return []
    entries = _with_representative(chart_covers, catalog)
    shared = entries[entries.duplicated("representative", keep=False)]
    groups = {name: number for number, name in enumerate(shared["representative"].unique(), 1)}
    shared = shared.assign(group=shared["representative"].map(groups))
    return [
        {
            "group": int(entry["group"]),
            "year": int(entry["year"]),
            "rank": int(entry["rank"]),
            "artist": entry["artist"],
            "album": entry["album"],
            "version": "" if pd.isna(entry["version"]) else entry["version"],
            "cover": entry["hash"][:12],
        }
        for entry in shared.sort_values(["group", "year", "rank"]).to_dict("records")
    ]


def entries_by_artist_type(chart_covers: Table, catalog: Table) -> list[Record]:
    """Return, by year and in all, how many entries and distinct covers each artist type has.

    `other` is mixed or unknown. Covers that nearly equal each other count once, rejected ones not
    at all. Without a column year there is the line for all alone.
    """
    entries = _with_representative(chart_covers, catalog)
    kinds = entries["artist_type"].astype(object)
    entries["kind"] = kinds.where(kinds.isin(["boy", "girl"]), "other")
    years = sorted(entries["year"].dropna().unique().tolist()) if "year" in entries else []
    return [_counts(str(year), entries[entries["year"] == year]) for year in years] + [
        _counts("all", entries)
    ]


def acts_behind(catalog: Table, cover_set: str) -> list[str]:
    """Return the artists of the chart entries whose pictures a cover set shows, sorted.

    Pictures that nearly equal a member count too. Without known artists the list is empty.
    """
    member = [cover_set in sets for sets in catalog["cover_sets"]]
    groups = set(catalog.loc[member, "representative"])
    shown = catalog.loc[catalog["representative"].isin(groups), "acts"]
    return sorted({act for acts in shown for act in acts})


def share_of_girl_covers(catalog: Table) -> float | None:
    """Return the share of the girl set in the boy and girl sets, or None when both are empty."""
    girl = sum("girl" in sets for sets in catalog["cover_sets"])
    boy = sum("boy" in sets for sets in catalog["cover_sets"])
    return girl / (girl + boy) if girl + boy else None


def _with_representative(chart_covers: Table, catalog: Table) -> Table:
    wanted = catalog[catalog["rejected"].isna()]
    representative = dict(zip(wanted["hash"], wanted["representative"], strict=True))
    entries = chart_covers.assign(representative=chart_covers["hash"].map(representative))
    return entries[entries["representative"].notna()]


def _counts(year: str, entries: Table) -> Record:
    counts: Record = {"year": year}
    for kind in KINDS:
        of_kind = entries[entries["kind"] == kind]
        counts[f"{kind}_entries"] = len(of_kind)
        counts[f"{kind}_covers"] = int(of_kind["representative"].nunique())
    return counts
