"""The chart entries: fetched year by year, and as a table."""

from dataclasses import asdict

import pandas as pd

from kpop_assets.errors import KpopAssetsError
from kpop_assets.settings import REFERENCE_FOLDER
from kpop_assets.sites.circle import ChartRow, fetch_year_end_top10
from kpop_assets.sites.session import SiteSession
from kpop_assets.sites.titles import split_version_remark

CONTENT = ["year", "rank", "artist", "album", "version", "sales", "distributor", "artist_type"]


class ChartGapError(KpopAssetsError):
    """The chart has no entries for a year that lies before a year with entries."""


def fetched_rows(
    session: SiteSession, first_year: int, last_year: int
) -> tuple[list[ChartRow], list[int]]:
    """Return the entries of the years, and the years at the end that are not on the chart yet.

    Raises `ChartGapError` when a year without entries lies before a year with entries.
    """
    rows: list[ChartRow] = []
    empty_years: list[int] = []
    for year in range(first_year, last_year + 1):
        entries = fetch_year_end_top10(session, year)
        if entries and empty_years:
            raise ChartGapError(
                f"expected entries for every year up to {year}, but the chart has none for "
                f"{', '.join(map(str, empty_years))}; try again later, or set first_year"
            )
        if not entries:
            empty_years.append(year)
        rows += entries
    return rows, empty_years


def chart_table(rows: list[ChartRow]) -> pd.DataFrame:
    """Return chart rows as a table, with version remarks split off and artist types joined.

    Raises `ChartGapError` when there are no rows at all.
    """
    if not rows:
        raise ChartGapError("expected chart entries, but the chart has none for any year asked for")
    table = pd.DataFrame([asdict(row) for row in rows]).rename(columns={"album": "album_printed"})
    parts = [split_version_remark(title) for title in table["album_printed"]]
    types = pd.read_csv(REFERENCE_FOLDER / "artist_types.csv").set_index("artist")["artist_type"]
    return table.assign(
        album=[title for title, _ in parts],
        version=pd.array([remark for _, remark in parts], dtype="string"),
        sales=table["sales"].astype("Int64"),
        distributor=table["distributor"].astype("string"),
        artist_type=table["artist"].map(types).astype("string"),
    )[[*CONTENT, "album_printed", "source_address", "fetched_at"]]


def newest_year(chart: pd.DataFrame) -> list[dict[str, str | int]]:
    """Return the newest year's entries as records for a person to read."""
    newest = chart[chart["year"] == chart["year"].max()]
    return [
        {
            "rank": int(row["rank"]),
            "artist": row["artist"],
            "album": row["album_printed"],
            "sales": "" if pd.isna(row["sales"]) else f"{row['sales']:,}",
            "artist_type": "" if pd.isna(row["artist_type"]) else row["artist_type"],
        }
        for row in newest.to_dict("records")
    ]
