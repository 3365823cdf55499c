"""Whose albums the chart has: artist types, acts, and entries that share a picture."""

import pandas as pd

KINDS = ("boy", "girl", "mixed", "unknown")


def diversity_by_year(entries: pd.DataFrame) -> pd.DataFrame:
    """Return a row a year and a last one for all, with whose entries they are.

    `entries` has a row per chart entry with year, artist, artist_type (boy, girl, mixed or null)
    and representative (the picture its cover shows, null without a cover). In the result, `year` is
    a string, and the counts are entries, those of each of KINDS, acts (distinct artists), pictures
    (distinct ones), sharing (entries whose picture another entry of the same rows shows, too:
    reissues and versions) and without_cover. `top_act` has most entries, `top_share` is its share.
    """
    years = [(str(year), rows) for year, rows in entries.groupby("year")]
    return pd.DataFrame([_row(year, rows) for year, rows in [*years, ("all", entries)]])


def _row(year: str, entries: pd.DataFrame) -> dict[str, object]:
    kinds = entries["artist_type"].fillna("unknown")
    covers = entries["representative"].dropna()
    acts = entries["artist"].value_counts()
    return {
        "year": year,
        "entries": len(entries),
        **{kind: int((kinds == kind).sum()) for kind in KINDS},
        "acts": len(acts),
        "pictures": int(covers.nunique()),
        "sharing": int(covers.duplicated(keep=False).sum()),
        "without_cover": len(entries) - len(covers),
        "top_act": str(acts.index[0]),
        "top_share": round(float(acts.iloc[0]) / len(entries), 3),
    }
