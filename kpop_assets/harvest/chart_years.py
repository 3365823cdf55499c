"""The chart year by year: an answer is fetched once, stored, and outlives the site."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from typing_extensions import TypedDict

from kpop_assets.errors import KpopAssetsError
from kpop_assets.sites.charts.circle import (
    ChartAnswer,
    ChartRow,
    fetch_year_end_answer,
    parse_year_end_chart,
)
from kpop_assets.sites.charts.gaon_pages import read_saved_page
from kpop_assets.sites.http.session import SiteError, SiteSession
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets.store.files import atomic_file
from kpop_assets.store.records import read_record, record_bytes

ASSET = "gaon_year_end_top10"


class StoredAnswer(TypedDict):
    """The chart's answer for a year, as it came."""

    fetched_at: str
    source_address: str
    answer: str


class ChartGapError(KpopAssetsError):
    """The chart has no entries for a year that lies before a year with entries."""


class ChartYearMissingError(KpopAssetsError):
    """A year that was never fetched before cannot be fetched."""


@dataclass
class ChartYears:
    """Every entry that the chart has for the years asked for, by year, and how it went.

    `empty` are years at the end that are not on the chart yet; `not_refreshed` has by year why the
    stored answer was taken although it was due; `fetched` came from the site.
    `left_out` has by year which records could not be taken, and which ranks are missing.
    """

    rows: dict[int, list[ChartRow]] = field(default_factory=dict)
    empty: list[int] = field(default_factory=list)
    fetched: list[int] = field(default_factory=list)
    not_refreshed: dict[int, str] = field(default_factory=dict)
    left_out: dict[int, list[str]] = field(default_factory=dict)

    def down_to(self, depth: int) -> list[ChartRow]:
        """Return the entries with a rank of at most `depth`."""
        return [row for rows in self.rows.values() for row in rows if row.rank <= depth]


def chart_years(
    session: SiteSession,
    store: Store,
    first_year: int,
    last_year: int,
    *,
    refetch: bool = False,
    saved_pages: Mapping[int, Path] | None = None,
    warn: Callable[[str], None] = lambda _text: None,
) -> ChartYears:
    """Return the entries of the years, from saved pages, from stored answers and from the site.

    A year is due to be fetched when no answer is stored, when that came before the year had
    ended, when records of it were left out or ranks are missing, when it is the last year asked for
    (the site corrects late), or with `refetch`. A stored answer is used on when nothing comes,
    nothing that can be read, or less than before.

    Raises `ChartYearMissingError` when a year that was never stored cannot be fetched,
    `ChartGapError` when a year without entries lies before a year with entries, `PageFormatError`
    for a saved page that cannot be read, `StoreWriteError`.
    """
    years = ChartYears()
    pages = saved_pages or {}
    for year in range(first_year, last_year + 1):
        left_out: list[str] = []
        if year in pages:
            rows = read_saved_page(pages[year], year, left_out.append)
        else:
            due = refetch or year == last_year
            rows, left_out = _year(session, store, year, due, years, warn)
            if year in years.not_refreshed:
                warn(f"the chart of {year} is the stored one: {years.not_refreshed[year]}")
        if left_out:
            years.left_out[year] = left_out
            warn("; ".join(left_out))
        if not rows:
            years.empty.append(year)
        elif years.empty:
            raise ChartGapError(
                f"expected entries for every year up to {year}, but the chart has none for "
                f"{', '.join(map(str, years.empty))}; try again later, or set first_year"
            )
        else:
            years.rows[year] = rows
    return years


def _year(
    session: SiteSession,
    store: Store,
    year: int,
    due: bool,
    years: ChartYears,
    warn: Callable[[str], None],
) -> tuple[list[ChartRow], list[str]]:
    """The entries of a year, and what of its chart was left out."""
    path = store.chart_year(session.sites, year)
    stored: list[ChartRow] = []
    stored_left_out: list[str] = []
    before = "was never fetched before"
    try:
        stored, stored_left_out = _stored_rows(path, year)
    except DamagedArtifactError as error:
        before = f"was fetched before, but the stored answer {path} is damaged ({error.reason})"
        warn(f"the chart of {year} is fetched again: {error}")
    if stored and not due and not stored_left_out and stored[0].fetched_at.year > year:
        return stored, []
    left_out: list[str] = []
    try:
        answer = fetch_year_end_answer(session, year)
        rows = parse_year_end_chart(answer, year, left_out.append)
    except SiteError as error:
        if stored:
            years.not_refreshed[year] = str(error)
            return stored, stored_left_out
        missing = ChartYearMissingError(
            f"expected the chart of {year}, which {before}, but: {error} "
            "The previous chart stays; try again later, or set first_year and last_year"
        )
        missing.may_pass = error.may_pass
        raise missing from error
    if len(rows) < len(stored):
        years.not_refreshed[year] = (
            f"{len(rows)} entries came, where {len(stored)} came before; to take the shorter chart "
            f"delete {path}"
        )
        return stored, stored_left_out
    if rows:
        _store(path, answer)
        years.fetched.append(year)
    return rows, left_out


def _store(path: Path, answer: ChartAnswer) -> None:
    record = {
        "fetched_at": answer.fetched_at.isoformat(),
        "source_address": answer.source_address,
        "answer": answer.text,
    }
    with atomic_file(path) as file:
        file.write(record_bytes(record, ASSET))


def _stored_rows(path: Path, year: int) -> tuple[list[ChartRow], list[str]]:
    """The entries of the stored answer, none when nothing is stored, and what of it is left out.

    Raises DamagedArtifactError.
    """
    if not path.exists():
        return [], []
    record = read_record(path, ASSET, StoredAnswer)
    left_out: list[str] = []
    try:
        answer = ChartAnswer(
            text=record["answer"],
            source_address=record["source_address"],
            fetched_at=datetime.fromisoformat(record["fetched_at"]).astimezone(UTC),
        )
        return parse_year_end_chart(answer, year, left_out.append), left_out
    except (ValueError, OverflowError, SiteError) as error:
        raise DamagedArtifactError(path, ASSET, error) from error
