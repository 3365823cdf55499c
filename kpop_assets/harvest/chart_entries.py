"""The chart entries as a table, and what a deeper chart would add."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict

import pandas as pd

from kpop_assets.artist_names import ByArtist, artist_key
from kpop_assets.harvest.chart_years import ChartGapError
from kpop_assets.harvest.known_artists import known_artists
from kpop_assets.project import REFERENCE_FOLDER
from kpop_assets.sites.charts.circle import ChartRow
from kpop_assets.sites.matching.titles import split_version_remark
from kpop_assets.text import comparable

CONTENT = ["year", "rank", "artist", "album", "version", "sales", "distributor", "artist_type"]
DEPTHS = (10, 20, 50, 100)


def artist_types(note: Callable[[str], None] = lambda _: None) -> dict[str, str]:
    """Return boy, girl or mixed by artist, as data/reference/artist_types.csv has it.

    `note` gets what was assumed in reading it. Raises `ArtistTypesError`.
    """
    known = known_artists(REFERENCE_FOLDER / "artist_types.csv", note)
    return {each.artist: each.artist_type for each in known}


def chart_table(rows: Sequence[ChartRow], types: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Return chart rows as a table, with version remarks split off and artist types joined.

    The types are those of `artist_types` where none are given; an artist has its type in every
    spelling. Raises `ChartGapError` when there are no rows at all, `ContradictoryArtistError` when
    two spellings of an artist have different types.
    """
    if not rows:
        raise ChartGapError("expected chart entries, but the chart has none for any year asked for")
    table = pd.DataFrame([asdict(row) for row in rows]).rename(
        columns={"album": "album_printed", "thumbnail": "thumbnail_address"}
    )
    parts = [split_version_remark(title) for title in table["album_printed"]]
    known = ByArtist(artist_types() if types is None else types)
    return table.assign(
        album=[title for title, _ in parts],
        version=pd.array([remark for _, remark in parts], dtype="string"),
        sales=table["sales"].astype("Int64"),
        distributor=table["distributor"].astype("string"),
        artist_type=pd.array([known.get(artist) for artist in table["artist"]], dtype="string"),
        thumbnail_address=table["thumbnail_address"].astype("string"),
    )[[*CONTENT, "album_printed", "thumbnail_address", "source_address", "fetched_at"]]


def covers_by_depth(rows: Iterable[ChartRow], types: Mapping[str, str]) -> list[dict[str, int]]:
    """Return for each of `DEPTHS` how many covers boy, girl and popular would have.

    A cover is a distinct artist and title without version remark, in whatever spelling; `types` are
    found like those of `chart_table`. With it the years whose chart
    reaches that deep, and the artists without a type, whose covers are in popular only.
    """
    known = ByArtist(types)
    entries = [
        (row, artist_key(row.artist), comparable(split_version_remark(row.album)[0]))
        for row in rows
    ]
    type_of = {artist: known.get(row.artist) for row, artist, _ in entries}
    counts = []
    for depth in DEPTHS:
        within = [entry for entry in entries if entry[0].rank <= depth]
        covers = {(artist, title) for _, artist, title in within}
        covers_of = [type_of[artist] for artist, _ in covers]
        counts.append(
            {
                "depth": depth,
                "boy": covers_of.count("boy"),
                "girl": covers_of.count("girl"),
                "popular": len(covers),
                "years_that_deep": len({row.year for row, *_ in within if row.rank == depth}),
                "artists_without_type": sum(
                    type_of[artist] is None for artist in {artist for artist, _ in covers}
                ),
            }
        )
    return counts


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
