"""Which covers of the store stand for what the gallery page says."""

from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest

import pandas as pd

from kpop_assets.defs.insight.page.cover_pictures import CoverPictures
from kpop_assets.insight.contrast.set_contrasts import LEAD_PAIRS
from kpop_assets.insight.gallery.content import Extremes, SetContent, ShownCover, WallPair

WALL_PAIRS = 16
COVER_PIXELS = 200
NUMBER_ONE_PIXELS = 160
MEASURES_SHOWN = 3
COVERS_OF_A_MEASURE = 6


def wall_pairs(
    sets: Sequence[SetContent], profiles: Mapping[str, pd.DataFrame], pictures: CoverPictures
) -> list[WallPair]:
    """Return up to WALL_PAIRS pairs, the sets by turns; generators that are unfit have none.

    `profiles` has those of the sets. Which covers, chance says, the same for the same covers.
    """
    by_set = []
    for one in sets:
        if one.unfit is not None or one.name not in profiles:
            continue
        hashes = _real(profiles[one.name])["picture"].sort_values()
        names = hashes.sample(frac=1, random_state=0)[:WALL_PAIRS].tolist()
        by_set.append(
            [
                WallPair(cover, small, sample, pixels)
                for name, sample in zip(names, one.samples, strict=False)
                if not sample.copied
                and (pixels := int(one.record["config"]["image_size"]))
                and (cover := pictures.shown(name, COVER_PIXELS, one.name))
                and (small := pictures.address(name, pixels))
            ]
        )
    by_turns = chain.from_iterable(zip_longest(*by_set))
    return [pair for pair in by_turns if pair is not None][:WALL_PAIRS]


def pair_extremes(
    contrast_rows: pd.DataFrame, profiles: Mapping[str, pd.DataFrame], pictures: CoverPictures
) -> dict[tuple[str, str], list[Extremes]]:
    """Return for each of LEAD_PAIRS the covers that have least and most of what differs most.

    Where no measure differs beyond chance it is the one with the largest difference alone.
    """
    found: dict[tuple[str, str], list[Extremes]] = {}
    if contrast_rows.empty:
        return found
    for first, second in LEAD_PAIRS:
        rows = contrast_rows[
            (contrast_rows["kind"] == "real")
            & (contrast_rows["first"] == first)
            & (contrast_rows["second"] == second)
        ]
        largest = rows.reindex(rows["delta"].abs().sort_values(ascending=False).index)
        different = largest[largest["different"]]
        measures = (different if len(different) else largest[:1])["measure"][:MEASURES_SHOWN]
        covers = _of_either({name: profiles[name] for name in (first, second) if name in profiles})
        shown = [_extremes(str(measure), covers, pictures) for measure in measures]
        found[first, second] = [one for one in shown if one.most]
    return found


def number_ones(chart_covers: pd.DataFrame, pictures: CoverPictures) -> dict[str, ShownCover]:
    """Return by year the cover of the highest rank that has one; takes that of melon_covers."""
    if chart_covers.empty:
        return {}
    best = chart_covers.dropna(subset="hash").sort_values(["year", "rank"])
    shown = {
        str(row["year"]): pictures.shown(str(row["hash"]), NUMBER_ONE_PIXELS)
        for row in best.drop_duplicates("year").to_dict("records")
    }
    return {year: cover for year, cover in shown.items() if cover is not None}


def _of_either(profiles: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return the covers of the sets, with the smaller set where one is in both."""
    tables = [_real(one).assign(cover_set=name) for name, one in profiles.items()]
    tables.sort(key=len)
    return pd.concat(tables).drop_duplicates("picture") if tables else pd.DataFrame()


def _extremes(measure: str, covers: pd.DataFrame, pictures: CoverPictures) -> Extremes:
    if measure not in covers:
        return Extremes(measure, (), ())
    ordered = covers.sort_values([measure, "picture"])
    count = min(COVERS_OF_A_MEASURE, len(ordered) // 2)
    return Extremes(
        measure,
        _shown(ordered[:count], pictures),
        _shown(ordered[len(ordered) - count :], pictures),
    )


def _shown(rows: pd.DataFrame, pictures: CoverPictures) -> list[ShownCover]:
    covers = (
        pictures.shown(row["picture"], COVER_PIXELS, row["cover_set"])
        for row in rows.to_dict("records")
    )
    return [cover for cover in covers if cover is not None]


def _real(profile: pd.DataFrame) -> pd.DataFrame:
    return profile[profile["kind"] == "real"]
