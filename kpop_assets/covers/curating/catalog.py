"""Which picture belongs to which cover set."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

import pandas as pd

from kpop_assets.artist_names import artist_key
from kpop_assets.covers.curating.duplicates import nearest_among, representatives
from kpop_assets.covers.curating.looks import Look
from kpop_assets.covers.sets import (
    COVER_SETS,
    CoverSet,
    EmptyCoverSetError,
    TrainingUses,
    UnknownCoverSetError,
)

PICTURE_COLUMNS = ["hash", "path", "width", "height", "perceptual_hash"]
CATALOG_COLUMNS = [
    *PICTURE_COLUMNS,
    "origin",
    "cover_sets",
    "near_duplicate_of",
    "representative",
    "group_size",
    "acts",
    "year",
    "gone_since",
    "rejected",
    "not_cover_reasons",
    "sites",
]
LIKE_REJECTED = "nearly equal to a rejected picture"


def catalog_table(
    chart_covers: pd.DataFrame,
    general_covers: pd.DataFrame,
    *,
    training_uses: TrainingUses = TrainingUses.one,
    rejected: Mapping[str, str] | None = None,
    not_cover_reasons: Mapping[str, Sequence[str]] | None = None,
    looks: Mapping[str, Look] | None = None,
) -> pd.DataFrame:
    """Return the catalog: one row per distinct picture, chart covers first, then by size.

    Both tables have the columns hash, path (below the store), width, height (pixels),
    perceptual_hash (16 hexadecimal digits) and sites, and may have gone_since (UTC or null).
    `chart_covers` has a row per chart entry with a cover, with artist_type (boy, girl, mixed or
    null) and, if known, artist and year; `general_covers` may have first_seen_at. `rejected` has
    the reasons of rejected pictures by hash, `not_cover_reasons` those of pictures that may be no
    covers, and `looks` those of pictures that their perceptual hash says little about.

    Pictures that nearly equal each other are a group. Its `representative` is a chart cover if one
    is in it, of several the one with the most pixels, then the earliest; rejected pictures come
    last. In the result, `origin` is chart or general, and `cover_sets` a list:

    * popular: chart covers; boy, girl: those of groups with entries of this artist type alone;
    * general: the other pictures that do not nearly equal a chart cover.

    With `training_uses` "one" each set holds one picture of a group, the first in the order above.
    Rejected pictures have no set, and general ones that they nearly equal may be no covers either,
    which `not_cover_reasons` then say. `year` is the first chart year of a picture, null where none
    is known. `near_duplicate_of` names the chart cover that a general
    picture nearly equals, for others their representative if it is another picture.
    """
    pictures = _distinct_pictures(chart_covers, general_covers)
    pictures["rejected"] = pictures["hash"].map(rejected or {}).astype("string")
    best_first = _best_first(pictures)
    looks = looks or {}
    chosen = representatives(
        best_first["perceptual_hash"].tolist(),
        looks=[looks.get(name) for name in best_first["hash"]],
    )
    representative = dict(zip(best_first["hash"], best_first["hash"].iloc[chosen], strict=True))
    pictures["representative"] = pictures["hash"].map(representative)
    pictures["group_size"] = pictures.groupby("representative")["hash"].transform("size")

    is_wanted = pictures["rejected"].isna()
    chart = pictures[is_wanted & (pictures["origin"] == "chart")]
    repeated = _repeated_chart_covers(pictures[pictures["origin"] == "general"], chart, looks)
    types = _artist_types(chart_covers, set(chart["hash"]), representative)
    sets: dict[str, list[CoverSet]] = {name: [] for name in pictures["hash"]}
    sets |= {name: _chart_sets(types[representative[name]]) for name in chart["hash"]}
    for name in pictures.loc[is_wanted & (pictures["origin"] == "general"), "hash"]:
        sets[name] = [] if name in repeated else ["general"]
    if training_uses == "one":
        sets = _one_of_each_group(sets, best_first["hash"].tolist(), representative)
    pictures["cover_sets"] = [sets[name] for name in pictures["hash"]]

    others = pictures["representative"].where(pictures["representative"] != pictures["hash"])
    pictures["near_duplicate_of"] = pictures["hash"].map(repeated).fillna(others)
    acts = _acts(chart_covers)
    pictures["acts"] = [acts.get(name, []) for name in pictures["hash"]]
    pictures["year"] = pictures["hash"].map(_first_years(chart_covers)).astype("Int64")
    pictures["not_cover_reasons"] = _reasons(pictures, not_cover_reasons or {})
    return pictures[CATALOG_COLUMNS]


def covers_of_set(catalog: pd.DataFrame, cover_set: str) -> pd.DataFrame:
    """Return the catalog rows of a cover set, in catalog order.

    Raises `UnknownCoverSetError` for another name and `EmptyCoverSetError` when there are none.
    """
    if cover_set not in COVER_SETS:
        raise UnknownCoverSetError(
            f"expected one of the cover sets {', '.join(COVER_SETS)}, got {cover_set!r}"
        )
    members = catalog[[cover_set in sets for sets in catalog["cover_sets"]]]
    if members.empty:
        raise EmptyCoverSetError(
            f"expected at least one cover in the set {cover_set!r}, but the catalog of "
            f"{len(catalog)} pictures has none; see the metadata of the assets upstream of "
            "cover_catalog for why, or add pictures of this set to covers.csv"
        )
    return members


def _distinct_pictures(chart_covers: pd.DataFrame, general_covers: pd.DataFrame) -> pd.DataFrame:
    chart = chart_covers.drop_duplicates("hash").assign(origin="chart")
    general = general_covers.drop_duplicates("hash").assign(origin="general")
    general = general[~general["hash"].isin(chart["hash"])]
    seen = general["first_seen_at"].rank() if "first_seen_at" in general else general.index
    general = general.assign(pixels=general["width"] * general["height"], seen=seen)
    chart = chart.assign(pixels=chart["width"] * chart["height"], seen=range(len(chart)))
    general = general.sort_values(["pixels", "hash"], ascending=[False, True])
    columns = [*PICTURE_COLUMNS, "origin", "sites", "pixels", "seen"]
    pictures = pd.concat([chart[columns], general[columns]], ignore_index=True)
    gone_since = pictures["hash"].map(_gone_since(chart_covers, general_covers))
    return pictures.assign(gone_since=_moments(gone_since))


def _gone_since(*tables: pd.DataFrame) -> dict[str, pd.Timestamp]:
    """Return since when the pictures are gone that stand nowhere any more."""
    moments = pd.concat(
        [table.reindex(columns=["hash", "gone_since"]) for table in tables], ignore_index=True
    )
    by_picture = moments.assign(gone_since=_moments(moments["gone_since"])).groupby("hash")
    gone = by_picture["gone_since"].max()[by_picture["gone_since"].count() == by_picture.size()]
    return {str(name): moment for name, moment in gone.items()}


def _moments(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, utc=True).astype("datetime64[us, UTC]")


def _best_first(pictures: pd.DataFrame) -> pd.DataFrame:
    """Return the pictures in the order in which they may represent a group."""
    order = pictures.assign(
        is_rejected=pictures["rejected"].notna(), is_general=pictures["origin"] == "general"
    )
    return order.sort_values(
        ["is_rejected", "is_general", "pixels", "seen", "hash"],
        ascending=[True, True, False, True, True],
    )


def _repeated_chart_covers(
    general: pd.DataFrame, chart: pd.DataFrame, looks: Mapping[str, Look]
) -> dict[str, str]:
    """Return, by hash, the chart cover that each general picture nearly equals, if one does."""
    nearest = nearest_among(
        general["perceptual_hash"].tolist(),
        chart["perceptual_hash"].tolist(),
        looks=[looks.get(name) for name in general["hash"]],
        other_looks=[looks.get(name) for name in chart["hash"]],
    )
    names = chart["hash"].tolist()
    return {
        name: names[index]
        for name, index in zip(general["hash"], nearest, strict=True)
        if index is not None
    }


def _artist_types(
    chart_covers: pd.DataFrame, wanted: set[str], representative: Mapping[str, str]
) -> dict[str, set[str]]:
    """Return the artist types of the entries behind each group, by representative."""
    types: dict[str, set[str]] = defaultdict(set)
    for name, kind in zip(chart_covers["hash"], chart_covers["artist_type"], strict=True):
        if name in wanted and pd.notna(kind):
            types[representative[name]].add(kind)
    return types


def _chart_sets(artist_types: set[str]) -> list[CoverSet]:
    if artist_types == {"boy"}:
        return ["boy", "popular"]
    if artist_types == {"girl"}:
        return ["girl", "popular"]
    return ["popular"]


def _one_of_each_group(
    sets: Mapping[str, Sequence[CoverSet]],
    best_first: Sequence[str],
    representative: Mapping[str, str],
) -> dict[str, list[CoverSet]]:
    taken: set[tuple[CoverSet, str]] = set()
    chosen: dict[str, list[CoverSet]] = {}
    for name in best_first:
        places = [(cover_set, representative[name]) for cover_set in sets[name]]
        chosen[name] = [place[0] for place in places if place not in taken]
        taken.update(places)
    return chosen


def _reasons(pictures: pd.DataFrame, measured: Mapping[str, Sequence[str]]) -> list[list[str]]:
    is_rejected = pictures["rejected"].notna()
    like_rejected = (
        pictures["representative"].isin(pictures.loc[is_rejected, "representative"])
        & ~is_rejected
        & (pictures["origin"] == "general")
    )
    return [
        [*measured.get(name, []), *([LIKE_REJECTED] if like else [])]
        for name, like in zip(pictures["hash"], like_rejected, strict=True)
    ]


def _acts(chart_covers: pd.DataFrame) -> dict[str, list[str]]:
    """Return the artists whose entries show each picture; none without a column artist.

    An artist who is printed in several ways has the first of them everywhere.
    """
    if "artist" not in chart_covers:
        return {}
    keys = chart_covers["artist"].map(artist_key)
    artists = chart_covers.groupby(keys)["artist"].first()
    acts = keys.map(artists).groupby(chart_covers["hash"]).unique()
    return {str(name): sorted(artists) for name, artists in acts.items()}


def _first_years(chart_covers: pd.DataFrame) -> dict[str, int]:
    """Return the first year of the entries that show each picture, where a year is known."""
    if "year" not in chart_covers:
        return {}
    years = chart_covers.dropna(subset="year").groupby("hash")["year"].min()
    return {str(name): int(year) for name, year in years.items()}
