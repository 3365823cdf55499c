"""Year-end pages of the old gaonchart.co.kr, saved while it stood (it closed in 2022).

All that this module relies on, as public collectors saw it work on pages such as
``/main/section/chart/album.gaon?nationGbn=T&serviceGbn=&termGbn=year&hitYear=2013&targetTime=``:

* Each entry is a row of ``div.chart table``. Yearly charts reached rank 100, the earlier ones
  (before about 2015) rank 50.
* ``td.ranking`` holds the rank, for top ranks in a ``span``. The first ``p`` of ``td.subject`` is
  the album, ``p.singer`` is "artist | album"; ``td.count p`` are the units sold, with commas or
  empty; ``td.production p.dist`` is the distributor, which may be missing. A ``title`` attribute
  holds the whole text where the page shows a shortened one.
* Pages are UTF-8 or CP949, as their ``<meta>`` says; apostrophes are entities or back-ticks.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

from selectolax.lexbor import LexborNode

from kpop_assets.errors import KpopAssetsError
from kpop_assets.sites.charts.chart_rows import (
    ChartRow,
    by_rank,
    printed_name,
    printed_number,
    printed_rank,
)
from kpop_assets.sites.errors import PageFormatError
from kpop_assets.sites.html_pages import parsed_page
from kpop_assets.sites.records import Note, good_records, ignored, shown
from kpop_assets.user_files.regular_files import UnusableFileError, read_regular_file

CHART, RANK = "div.chart", "td.ranking"
ALBUM, SINGER = "td.subject p:not(.singer)", "td.subject p.singer"
SALES, DISTRIBUTOR = "td.count p", "td.production p.dist"
CHARSET = re.compile(
    rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([a-z0-9_-]{1,40})""", re.IGNORECASE
)
ENCODINGS = {
    "utf-8": "utf-8-sig",
    "utf8": "utf-8-sig",
    **dict.fromkeys(("euc-kr", "euckr", "cp949", "ms949", "ks_c_5601-1987", "uhc"), "cp949"),
}
HEAD_BYTES = 4096
MAX_PAGE_BYTES = 2 * 2**20
MOST_CHARTS, MOST_ROWS = 20, 1000
YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


class SavedPagesError(KpopAssetsError):
    """The folder of saved pages cannot be used."""


def saved_pages(folder: Path) -> dict[int, Path]:
    """The files of a folder by the one year that their name holds, such as ``album_2010.html``.

    Files whose name holds no year or several, and folders, are left out. Raises SavedPagesError
    when there is no such folder, no such file in it, or two for one year.
    """
    if not folder.is_dir():
        raise SavedPagesError(
            f"expected a folder of saved chart pages, but there is no folder {folder}; create it, "
            "or leave saved_pages empty"
        )
    pages: dict[int, Path] = {}
    for path in sorted(folder.iterdir()):
        years = YEAR.findall(path.name)
        if len(years) != 1 or not path.is_file():
            continue
        other = pages.setdefault(int(years[0]), path)
        if other != path:
            raise SavedPagesError(
                f"{folder}: expected one page for {years[0]}, but {other.name} and {path.name} "
                "came; take one of them away"
            )
    if not pages:
        raise SavedPagesError(
            f"{folder}: expected chart pages named by year, such as 2010.html, but none came"
        )
    return pages


def read_saved_page(path: Path, year: int, note: Note = ignored) -> list[ChartRow]:
    """The entries of a saved page, by rank; `fetched_at` is when the file was last written.

    `note` and errors are those of `parse_year_end_page`.
    """
    source_address = f"saved:{path.name}"
    try:
        content = read_regular_file(path, MAX_PAGE_BYTES)
        written = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except (OSError, UnusableFileError) as error:
        raise PageFormatError(
            source_address,
            f"a file that can be read, of at most {MAX_PAGE_BYTES:,} bytes",
            f"another ({error})",
        ) from error
    return parse_year_end_page(
        content, year, source_address=source_address, fetched_at=written, note=note
    )


def parse_year_end_page(
    content: bytes,
    year: int,
    *,
    source_address: str,
    fetched_at: datetime,
    note: Note = ignored,
) -> list[ChartRow]:
    """The entries of one page, by rank; those that were left out, and missing ranks, are noted.

    Raises PageFormatError, also when there are none.
    """
    page = f"{source_address} (year {year})"
    text = _decoded(content)
    ranks = _ranks(text, page)
    if not ranks:
        came = f"a page of {len(text):,} characters without one"
        raise PageFormatError(page, f"{RANK} in {CHART}", came)

    def row(cell: LexborNode) -> ChartRow:
        entry = cell.parent
        assert entry is not None
        album = _name(page, entry, ALBUM)
        sales, distributor = _text(entry.css_first(SALES)), _text(entry.css_first(DISTRIBUTOR))
        return ChartRow(
            year=year,
            rank=printed_rank(page, RANK, _text(cell.css_first("span")) or _text(cell)),
            artist=_artist(page, _name(page, entry, SINGER), album),
            album=album,
            sales=printed_number(page, SALES, sales) if sales else None,
            distributor=printed_name(page, DISTRIBUTOR, distributor) if distributor else None,
            source_address=source_address,
            fetched_at=fetched_at,
        )

    if len(ranks) > MOST_ROWS:
        note(f"{page}: {len(ranks) - MOST_ROWS:,} rows after the first {MOST_ROWS} were left out")
    return by_rank(good_records(ranks[:MOST_ROWS], row, page, note), page, note)


def _ranks(text: str, page: str) -> list[LexborNode]:
    for chart in parsed_page(text, page).css(CHART)[:MOST_CHARTS]:
        if ranks := chart.css(RANK):
            return ranks
    return []


def _decoded(content: bytes) -> str:
    declared = CHARSET.search(content[:HEAD_BYTES])
    named = ENCODINGS.get(declared.group(1).decode().lower()) if declared else None
    encodings = [*([named] if named else []), "utf-8-sig", "cp949"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode(encodings[0], "replace")


def _name(page: str, entry: LexborNode, selector: str) -> str:
    return printed_name(page, f"{selector} of every row", _text(entry.css_first(selector)))


def _artist(page: str, singer: str, album: str) -> str:
    """The artist of "artist | album"; either may hold a bar of its own."""
    before_album = singer.removesuffix(album).rstrip()
    if before_album != singer and before_album.endswith("|"):
        artist = before_album.removesuffix("|").rstrip()
    else:
        artist = (singer.rpartition(" | ")[0] or singer).strip()
    if not artist:
        raise PageFormatError(page, f'"artist | album" at {SINGER}', shown(singer))
    return artist


def _text(node: LexborNode | None) -> str:
    if node is None:
        return ""
    whole = (node.attributes.get("title") or "").strip()
    return whole or " ".join(node.text(separator=" ").split())
