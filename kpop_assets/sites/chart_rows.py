"""A chart entry, and what holds for every chart page: how names, ranks and sales are printed."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass
from datetime import datetime

from kpop_assets.sites.errors import PageFormatError

DEEPEST_RANK = 100
MOST_DIGITS = 10
SHOWN_CHARACTERS = 200


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

    Raises PageFormatError when nothing is left, or half of a surrogate pair.
    """
    try:
        name = html.unescape(text).replace("`", "'").strip()
    except ValueError as error:  # an entity with thousands of digits
        raise PageFormatError(page, f"a name at {place}", shown(text)) from error
    if not name or re.search("[\ud800-\udfff]", name):
        raise PageFormatError(page, f"a name at {place}", shown(text))
    return name


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


def shown(value: object) -> str:
    """A value from a page for an error message: JSON, cut at SHOWN_CHARACTERS, printable."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return f"a deeply nested {type(value).__name__}"
    text = text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "..."
    return text.encode("utf-8", "backslashreplace").decode()
