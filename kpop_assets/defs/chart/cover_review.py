"""What a person reviews of the covers of the chart, and which are from before, with the reason."""

import json
from typing import Any

import dagster as dg

from kpop_assets.sites.matching.settled_albums import settling_line
from kpop_assets.sites.shops.sources import LAST_RESORTS
from kpop_assets.store.tables import Table


def needs_review(covers: Table) -> list[dict[str, Any]]:
    """Return a record for each album of Melon that may be an entry's, best first, with its line.

    These are the entries that Melon offered albums for, none of them close enough, and that no
    other source but a last resort has a cover of. `line` is to be copied to
    data/reference/melon_albums.csv, with "none" in place of the id where Melon has no cover.
    """
    open_entries = covers[
        covers["candidates"].notna() & (covers["hash"].isna() | covers["source"].isin(LAST_RESORTS))
    ].drop_duplicates(["artist", "album"])
    return [
        {
            "year": int(entry["year"]),
            "rank": int(entry["rank"]),
            "artist": entry["artist"],
            "album": entry["album"],
            "album_id": str(candidate["album_id"]),
            "candidate_artist": candidate["artist"],
            "candidate_title": candidate["title"],
            "score": float(candidate["score"]),
            "reason": candidate["reason"],
            "line": settling_line(entry["artist"], entry["album"], str(candidate["album_id"])),
        }
        for entry in open_entries.to_dict("records")
        for candidate in json.loads(entry["candidates"])
    ]


def kept_from_before(covers: Table) -> list[dict[str, Any]]:
    """Return a record for each entry whose cover is an earlier run's, with the reason."""
    import pandas as pd

    kept = covers[covers["kept_because"].notna() | covers["gone_since"].notna()]
    return [
        {
            "year": int(entry["year"]),
            "rank": int(entry["rank"]),
            "artist": entry["artist"],
            "album": entry["album"],
            "because": entry["kept_because"]
            if pd.notna(entry["kept_because"])
            else f"its picture is gone since {entry['gone_since']:%Y-%m-%d}",
        }
        for entry in kept.to_dict("records")
    ]


def review_metadata(covers: Table) -> dict[str, Any]:
    """Return the metadata of the covers for a person: what to decide, what is from before."""
    records = {"needs_review": needs_review(covers), "kept_from_before": kept_from_before(covers)}
    return {
        **{
            name: dg.MetadataValue.table([dg.TableRecord(record) for record in rows])
            for name, rows in records.items()
            if rows
        },
        **{f"entries_{name}": len(rows) for name, rows in records.items()},
        "covers_by_source": covers["source"].value_counts().to_dict(),
        "gone_from_the_web": int(covers["gone_since"].notna().sum()),
        "notes": [
            f"{row.year} #{row.rank} {row.artist}, {row.album}: {row.note}"
            for row in covers[covers["note"].notna()].itertuples()
        ],
    }
