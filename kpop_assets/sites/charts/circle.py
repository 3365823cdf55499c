"""The year-end album chart of circlechart.kr (Gaon chart until 2022).

All that this module relies on, as public collectors saw it work:

* ``POST https://circlechart.kr/data/api/chart/album``, a form with the keys of `year_end_form`;
  the headers of `HEADERS`. The human page ``CHART_PAGE`` holds no rows without a browser.
* The answer is UTF-8 JSON with ``ResultStatus`` "OK" and ``List``. For a year with empty
  ``targetTime`` it also carries an ``ErrorMsg`` about the missing time: to be ignored.
* ``List`` is an object keyed "0", "1", .. (not an array), at most 100 records, every value a
  string. For a period without a chart ``List`` is missing or empty.
* A record holds ``SERVICE_RANKING``, ``ARTIST_NAME``, ``ALBUM_NAME``, ``Album_CNT`` (units sold in
  the period, may be "" or carry commas), ``de_nm`` (distributor under its present name, may be "")
  and ``FILE_NAME`` (path of a cover thumbnail on the same host, may be ""). Apostrophes in names
  are printed as back-ticks, other signs as HTML entities at times.
* An answer that is not UTF-8 is read as CP949, the encoding of older Korean pages.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from kpop_assets.sites.charts.chart_rows import (
    ChartRow,
    by_rank,
    printed_name,
    printed_number,
    printed_rank,
)
from kpop_assets.sites.errors import PageFormatError
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.json_answers import MOST_ADDRESS_LETTERS, parsed_json
from kpop_assets.sites.records import LOST_LETTER, Note, good_records, ignored, shown

SITE = "https://circlechart.kr"
CHART_ADDRESS = f"{SITE}/data/api/chart/album"
CHART_PAGE = f"{SITE}/page_chart/album.circle"
HEADERS = {"X-Requested-With": "XMLHttpRequest", "Referer": CHART_PAGE}
ENCODINGS = ("utf-8-sig", "cp949")
MOST_LOST = 0.01
"""Share of letters that may be lost: a few broken names, but not a page in another encoding."""


@dataclass(frozen=True)
class ChartAnswer:
    """What the site answered for one year: the text, the address that was asked, and when."""

    text: str
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


def fetch_year_end_chart(session: SiteSession, year: int) -> list[ChartRow]:
    """The albums of a year-end chart, by rank; empty when the site has no chart for the year.

    Raises SiteUnreachableError when no answer comes, PageFormatError when it is of another form.
    """
    return parse_year_end_chart(fetch_year_end_answer(session, year), year)


def fetch_year_end_answer(session: SiteSession, year: int) -> ChartAnswer:
    """The site's answer for a year, not yet taken apart; raises as `fetch_year_end_chart`."""
    response = session.post(CHART_ADDRESS, data=year_end_form(year), headers=HEADERS).require_ok()
    address = session.source_address(CHART_ADDRESS)
    return ChartAnswer(decoded(response.content, _page(address, year)), address, datetime.now(UTC))


def decoded(content: bytes, page: str) -> str:
    """The text of an answer, which is UTF-8 or CP949; raises PageFormatError.

    Single bytes that are no UTF-8 are LOST_LETTER.
    """
    for encoding in ENCODINGS:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    text = content.decode(ENCODINGS[0], "replace")
    if text.count(LOST_LETTER) > MOST_LOST * len(text):
        raise PageFormatError(page, "text in UTF-8 or CP949", repr(content[:60]))
    return text


def parse_year_end_chart(answer: ChartAnswer, year: int, note: Note = ignored) -> list[ChartRow]:
    """The rows of one JSON answer, by rank, at most 100 ranks deep and MOST_ENTRIES.

    A rank may be missing or repeated. That, and records that were left out, goes to `note`. Raises
    PageFormatError where the answer is of another form, or has records and no good one.
    """
    page = _page(answer.source_address, year)
    content = parsed_json(answer.text, page)
    if not isinstance(content, dict) or content.get("ResultStatus") != "OK":
        raise PageFormatError(page, 'a JSON object with ResultStatus "OK"', shown(content))
    records = content.get("List") or {}
    if not isinstance(records, dict):
        raise PageFormatError(page, 'List as an object keyed "0", "1", ..', shown(records))
    rows = good_records(
        list(records.values()), lambda record: _row(page, record, answer, year), page, note
    )
    return by_rank(rows, page, note)


def _row(page: str, record: Any, answer: ChartAnswer, year: int) -> ChartRow:
    place = "{} of every record".format
    texts = {
        key: _text(page, record, key)
        for key in ("SERVICE_RANKING", "ARTIST_NAME", "ALBUM_NAME", "Album_CNT", "de_nm")
    }
    sales, distributor = texts["Album_CNT"], texts["de_nm"]
    return ChartRow(
        year=year,
        rank=printed_rank(page, place("SERVICE_RANKING"), texts["SERVICE_RANKING"]),
        artist=printed_name(page, place("ARTIST_NAME"), texts["ARTIST_NAME"]),
        album=printed_name(page, place("ALBUM_NAME"), texts["ALBUM_NAME"]),
        sales=printed_number(page, place("Album_CNT"), sales) if sales else None,
        distributor=printed_name(page, place("de_nm"), distributor) if distributor else None,
        source_address=answer.source_address,
        fetched_at=answer.fetched_at,
        thumbnail=_thumbnail(record.get("FILE_NAME")),
    )


def _thumbnail(path: Any) -> str | None:
    if not isinstance(path, str) or not path.startswith("/") or not path.isprintable():
        return None
    return SITE + path if len(path) <= MOST_ADDRESS_LETTERS else None


def _text(page: str, record: Any, key: str) -> str:
    value = record.get(key) if isinstance(record, dict) else None
    if not isinstance(value, str):
        raise PageFormatError(page, f"text at {key} of every record", shown(record))
    return value.strip()


def _page(address: str, year: int) -> str:
    return f"{address} (year {year})"
