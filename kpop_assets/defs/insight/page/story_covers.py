"""Which covers of the store stand for what the gallery page says."""

from collections.abc import Mapping, Sequence
from itertools import chain, zip_longest

import pandas as pd

from kpop_assets.defs.insight.page.cover_pictures import CoverPictures
from kpop_assets.defs.previews import evenly
from kpop_assets.insight.contrast.set_contrasts import LEAD_PAIRS
from kpop_assets.insight.gallery.content import CoversByMeasure, SetContent, ShownCover, WallPair

WALL_PAIRS = 16
COVER_PIXELS = 200
NUMBER_ONE_PIXELS = 160
MEASURES_SHOWN = 3
COVERS_OF_A_MEASURE = 8


def wall_pairs(
    sets: Sequence[SetContent], profiles: Mapping[str, pd.DataFrame], pictures: CoverPictures
) -> list[WallPair]:
    """Return up to WALL_PAIRS pairs, the sets by turns; generators that are unfit have none.

    A cover of several sets is there once. `profiles` has those of the sets. Which covers, chance
    says, the same for the same covers.
    """
    by_set = []
    for one in sets:
        if one.unfit is not None or one.name not in profiles:
            continue
        hashes = _real(profiles[one.name])["picture"].sort_values()
        names = hashes.sample(frac=1, random_state=0)[:WALL_PAIRS].tolist()
        by_set.append(
            [
                WallPair(one.name, cover, small, sample, pixels)
                for name, sample in zip(names, one.samples, strict=False)
                if not sample.copied
                and (pixels := int(one.record["config"]["image_size"]))
                and (cover := pictures.shown(name, COVER_PIXELS))
                and (small := pictures.address(name, pixels))
            ]
        )
    by_turns = chain.from_iterable(zip_longest(*by_set))
    once = {pair.cover.picture: pair for pair in by_turns if pair is not None}
    return [*once.values()][:WALL_PAIRS]


def measured_pairs(
    contrast_rows: pd.DataFrame, profiles: Mapping[str, pd.DataFrame], pictures: CoverPictures
) -> dict[tuple[str, str], list[CoversByMeasure]]:
    """Return for each of LEAD_PAIRS covers with less and more of what differs most.

    Where no measure differs beyond chance it is the one with the largest difference alone.
    """
    found: dict[tuple[str, str], list[CoversByMeasure]] = {}
    for first, second in LEAD_PAIRS:
        if contrast_rows.empty or not {first, second} <= profiles.keys():
            continue
        rows = contrast_rows[
            (contrast_rows["kind"] == "real")
            & (contrast_rows["first"] == first)
            & (contrast_rows["second"] == second)
        ]
        largest = rows.reindex(rows["delta"].abs().sort_values(ascending=False).index)
        different = largest[largest["different"]]
        measures = (different if len(different) else largest[:1])["measure"][:MEASURES_SHOWN]
        found[first, second] = [
            _by_measure(measure, (first, second), profiles, pictures)
            for measure in map(str, measures)
            if all(measure in profiles[name] for name in (first, second))
        ]
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


def _by_measure(
    measure: str,
    cover_sets: Sequence[str],
    profiles: Mapping[str, pd.DataFrame],
    pictures: CoverPictures,
) -> CoversByMeasure:
    covers: dict[str, list[ShownCover]] = {}
    for name in cover_sets:
        ordered = _real(profiles[name]).sort_values([measure, "picture"])["picture"].tolist()
        chosen = [ordered[place] for place in evenly(len(ordered), COVERS_OF_A_MEASURE)]
        shown = (pictures.shown(one, COVER_PIXELS) for one in chosen)
        covers[name] = [cover for cover in shown if cover is not None]
    return CoversByMeasure(measure, covers)


def _real(profile: pd.DataFrame) -> pd.DataFrame:
    return profile[profile["kind"] == "real"]
