"""A chart entry, and what holds for every chart page: how names, ranks and sales are printed."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from kpop_assets.sites.errors import PageFormatError
from kpop_assets.sites.records import Note, name_of, shown

DEEPEST_RANK = 100
MOST_ENTRIES = 200
MOST_AT_A_RANK = 10
"""Entries that sold equally share a rank, two or three of them."""
MOST_DIGITS = 10


@dataclass(frozen=True)
class ChartRow:
    """One entry of a year-end chart, as the chart prints it (back-ticks are apostrophes again).

    `sales` are units; `thumbnail` is the live address of the small cover that the chart shows.
    """

    year: int
    rank: int
    artist: str
    album: str
    sales: int | None
    distributor: str | None
    source_address: str
    fetched_at: datetime
    thumbnail: str | None = None


def printed_name(page: str, place: str, text: str) -> str:
    """A name without HTML entities, with apostrophes for back-ticks; markup in it stays text.

    Raises PageFormatError as `name_of` does.
    """
    try:
        name = html.unescape(text).replace("`", "'")
    except ValueError as error:  # an entity with thousands of digits
        raise PageFormatError(page, f"a name at {place}", shown(text)) from error
    return name_of(name, page, place)


def printed_rank(page: str, place: str, text: str) -> int:
    """A rank from 1 to DEEPEST_RANK; raises PageFormatError."""
    rank = printed_number(page, place, text)
    if not 1 <= rank <= DEEPEST_RANK:
        raise PageFormatError(page, f"a rank from 1 to {DEEPEST_RANK} at {place}", shown(text))
    return rank


def printed_number(page: str, place: str, text: str) -> int:
    """A whole number of at most MOST_DIGITS digits, with or without commas; raises PageFormatError.

    Sales and ranks are of that kind.
    """
    digits = text.strip().replace(",", "")
    if not re.fullmatch(rf"[0-9]{{1,{MOST_DIGITS}}}", digits):
        raise PageFormatError(page, f"a whole number at {place}", shown(text))
    return int(digits)


def by_rank(rows: Sequence[ChartRow], page: str, note: Note) -> list[ChartRow]:
    """The rows by rank: MOST_AT_A_RANK of each, MOST_ENTRIES in all.

    What was left out goes to `note`, and so do ranks that are missing before the last and that no
    tie explains (two at rank 2 leave out rank 3).
    """
    at_rank: Counter[int] = Counter()
    within: list[ChartRow] = []
    for row in sorted(rows, key=lambda row: row.rank):
        at_rank[row.rank] += 1
        if at_rank[row.rank] <= MOST_AT_A_RANK and len(within) < MOST_ENTRIES:
            within.append(row)
    if len(within) < len(rows):
        note(
            f"{page}: {len(rows) - len(within):,} of {len(rows):,} entries were left out: at most "
            f"{MOST_AT_A_RANK} at a rank and {MOST_ENTRIES} in all are taken"
        )
    taken = {place for rank, count in at_rank.items() for place in range(rank, rank + count)}
    missing = sorted(set(range(1, max(at_rank, default=0))) - taken)
    if missing:
        note(f"{page}: no entry came for rank {', '.join(map(str, missing))}")
    return within
