"""Which picture belongs to which cover set."""

from collections import defaultdict

import pandas as pd

from kpop_assets.covers.fingerprint import nearest_earlier
from kpop_assets.covers.sets import (
    COVER_SETS,
    CoverSet,
    EmptyCoverSetError,
    UnknownCoverSetError,
)

PICTURE_COLUMNS = ["hash", "path", "width", "height", "perceptual_hash"]
CATALOG_COLUMNS = [*PICTURE_COLUMNS, "origin", "cover_sets", "near_duplicate_of", "sites"]


def catalog_table(chart_covers: pd.DataFrame, general_covers: pd.DataFrame) -> pd.DataFrame:
    """Return the catalog: one row per distinct picture, chart covers first.

    Both tables have the columns hash, path (below the store), width, height (pixels),
    perceptual_hash (16 hexadecimal digits) and sites. `chart_covers` has a row per chart entry with
    a cover, and the column artist_type (boy, girl, mixed or null). In the result, `origin` is chart
    or general, and `cover_sets` a list:

    * popular: every chart cover; boy, girl: those whose entries are all of this artist type;
    * general: other pictures that are near-duplicates neither of a chart cover nor of a larger
      general one. Those that are have no set; `near_duplicate_of` names the picture they repeat.
    """
    types: dict[str, set[str]] = defaultdict(set)
    for name, artist_type in zip(chart_covers["hash"], chart_covers["artist_type"], strict=True):
        if pd.notna(artist_type):
            types[name].add(artist_type)
    chart = chart_covers.drop_duplicates("hash")
    general = general_covers.drop_duplicates("hash")
    general = general[~general["hash"].isin(chart["hash"])]
    general = general.assign(pixels=general["width"] * general["height"]).sort_values(
        ["pixels", "hash"], ascending=[False, True]
    )
    pictures = pd.concat(
        [chart.assign(origin="chart"), general.assign(origin="general")], ignore_index=True
    )
    is_chart = pictures["origin"] == "chart"
    earlier = nearest_earlier(pictures["perceptual_hash"].tolist(), always_kept=len(chart))
    pictures["near_duplicate_of"] = [
        None if index is None else pictures["hash"][index] for index in earlier
    ]
    pictures["cover_sets"] = [
        _chart_sets(types[name]) if chart else ([] if repeats else ["general"])
        for name, chart, repeats in zip(
            pictures["hash"], is_chart, pictures["near_duplicate_of"].notna(), strict=True
        )
    ]
    return pictures[CATALOG_COLUMNS]


def _chart_sets(artist_types: set[str]) -> list[CoverSet]:
    if artist_types == {"boy"}:
        return ["boy", "popular"]
    if artist_types == {"girl"}:
        return ["girl", "popular"]
    return ["popular"]


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
