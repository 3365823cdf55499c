"""What pictures are covers of."""

from collections import defaultdict
from collections.abc import Mapping

from kpop_assets.store.tables import Table
from kpop_assets.text import one_line


def cover_names(tables: Mapping[str, Table]) -> dict[str, str]:
    """Return by hash: artist, album and year of a chart cover, how another one was found.

    `tables` has those of melon_covers, crawled_covers and folder_covers that are there. A picture
    of several chart entries has the earliest, and how many more there are.
    """
    names: dict[str, str] = {}
    if "crawled_covers" in tables:
        found = tables["crawled_covers"]
        names |= {
            name: one_line(f"found by {engine} for “{keyword}”")
            for name, engine, keyword in zip(
                found["hash"], found["engine"], found["keyword"], strict=True
            )
        }
    if "folder_covers" in tables:
        names |= _files(tables["folder_covers"])
    if "melon_covers" in tables:
        names |= _albums(tables["melon_covers"])
    return names


def _files(covers: Table) -> dict[str, str]:
    years = covers["year"].astype("string").fillna("")
    return {
        name: one_line(f"{file}, {year}" if year else file)
        for name, file, year in zip(covers["hash"], covers["file"], years, strict=True)
    }


def _albums(covers: Table) -> dict[str, str]:
    entries: dict[str, list[str]] = defaultdict(list)
    for row in covers.dropna(subset="hash").sort_values(["year", "rank"]).to_dict("records"):
        entries[row["hash"]].append(one_line(f"{row['artist']}, {row['album']}, {row['year']}"))
    return {
        name: first if not others else f"{first} and {len(others)} more"
        for name, (first, *others) in entries.items()
    }
