"""The year-end album chart of circlechart.kr (Gaon chart until 2022).

All that this module relies on, as public collectors saw it work:

* ``POST https://circlechart.kr/data/api/chart/album``, a form with the keys of `year_end_form`;
  the headers of `HEADERS`. The human page ``CHART_PAGE`` holds no rows without a browser.
* The answer is UTF-8 JSON with ``ResultStatus`` "OK" and ``List``. For a year with empty
  ``targetTime`` it also carries an ``ErrorMsg`` about the missing time: to be ignored.
* ``List`` is an object keyed "0", "1", .. (not an array), at most 100 records, every value a
  string. For a period without a chart ``List`` is missing or empty.
* A record holds ``SERVICE_RANKING``, ``ARTIST_NAME``, ``ALBUM_NAME``, ``Album_CNT`` (units sold in
  the period, may be "" or carry commas) and ``de_nm`` (distributor under its present name, may
  be ""). Apostrophes in names are printed as back-ticks.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kpop_assets.sites.session import PageFormatError, SiteSession

CHART_ADDRESS = "https://circlechart.kr/data/api/chart/album"
CHART_PAGE = "https://circlechart.kr/page_chart/album.circle"
HEADERS = {"X-Requested-With": "XMLHttpRequest", "Referer": CHART_PAGE}
TOP = 10


@dataclass(frozen=True)
class ChartRow:
    """One entry of a year-end top 10, as the chart prints it (back-ticks are apostrophes again)."""

    year: int
    rank: int
    artist: str
    album: str
    sales: int | None
    distributor: str | None
    source_address: str
    fetched_at: datetime


def year_end_form(year: int) -> dict[str, str]:
    """The form that asks for the total (domestic and overseas) album chart of one whole year."""
    return {
        "nationGbn": "T",
        "termGbn": "year",
        "hitYear": str(year),
        "targetTime": "",
        "yearTime": "3",
        "curUrl": "circlechart.kr/page_chart/album.circle",
    }


def fetch_year_end_top10(session: SiteSession, year: int) -> list[ChartRow]:
    """The ten best sold albums of a year, by rank; empty when the site has no chart for the year.

    Raises SiteUnreachableError when no answer comes, PageFormatError when it is of another form.
    """
    answer = session.post(CHART_ADDRESS, data=year_end_form(year), headers=HEADERS).require_ok()
    return parse_year_end_top10(
        answer.content,
        year,
        source_address=session.source_address(CHART_ADDRESS),
        fetched_at=datetime.now(UTC),
    )


def parse_year_end_top10(
    content: bytes, year: int, *, source_address: str, fetched_at: datetime
) -> list[ChartRow]:
    """The rows of one JSON answer, top 10 by rank; raises PageFormatError."""
    page = f"{source_address} (year {year})"
    try:
        answer = json.loads(content)
    except ValueError as error:
        raise PageFormatError(page, "JSON", f"{content[:60]!r}") from error
    if not isinstance(answer, dict) or answer.get("ResultStatus") != "OK":
        raise PageFormatError(page, 'a JSON object with ResultStatus "OK"', _shortened(answer))
    records = answer.get("List") or {}
    if not isinstance(records, dict):
        raise PageFormatError(page, 'List as an object keyed "0", "1", ..', _shortened(records))
    rows = [
        ChartRow(
            year=year,
            rank=_number(page, record, "SERVICE_RANKING"),
            artist=_name(page, record, "ARTIST_NAME"),
            album=_name(page, record, "ALBUM_NAME"),
            sales=_number(page, record, "Album_CNT") if _text(page, record, "Album_CNT") else None,
            distributor=_text(page, record, "de_nm") or None,
            source_address=source_address,
            fetched_at=fetched_at,
        )
        for record in records.values()
    ]
    return sorted((row for row in rows if row.rank <= TOP), key=lambda row: row.rank)


def _text(page: str, record: Any, key: str) -> str:
    value = record.get(key) if isinstance(record, Mapping) else None
    if not isinstance(value, str):
        raise PageFormatError(page, f"text at {key} of every record", _shortened(record))
    return value.strip()


def _name(page: str, record: Any, key: str) -> str:
    name = _text(page, record, key).replace("`", "'")
    if not name:
        raise PageFormatError(page, f"a name at {key} of every record", _shortened(record))
    return name


def _number(page: str, record: Any, key: str) -> int:
    text = _text(page, record, key).replace(",", "")
    if not text.isascii() or not text.isdigit():
        raise PageFormatError(page, f"a whole number at {key} of every record", repr(text))
    return int(text)


def _shortened(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:200] + "..."
