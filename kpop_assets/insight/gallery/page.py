"""The gallery page: one HTML file with everything in it, which asks no network for anything."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.insight import sample_measures
from kpop_assets.insight.contrast.contrast_words import generator_differences
from kpop_assets.insight.contrast.set_contrasts import second_group
from kpop_assets.insight.contrast.worlds import covers_called, page_question, page_title
from kpop_assets.insight.gallery.content import GalleryContent, Sample, SetContent
from kpop_assets.insight.gallery.line_charts import training_charts
from kpop_assets.insight.gallery.live_values import live_values
from kpop_assets.insight.gallery.song_content import SongsContent
from kpop_assets.insight.gallery.song_words import (
    copied_words,
    in_words,
    is_copy,
    quality_words,
    rows_of_numbers,
    songs_called,
)
from kpop_assets.insight.measuring.measure import Measure
from kpop_assets.insight.measuring.measures import MEASURES
from kpop_assets.pages.rendering import rendered

_WORLDS = {
    "sample": "Sample world: these covers were drawn by kpop_assets. They are not real ones.",
    "folder": "Covers of your own folder.",
    "live": "Covers from the live sites.",
}


@dataclass(frozen=True)
class Pair:
    """The contrasts of two cover sets; `others` is what the second is called among real covers."""

    first: str
    second: str
    others: str
    rows: list[dict[str, Any]]
    measures: list[Measure]
    trained_differently: str | None


def gallery_page(content: GalleryContent) -> str:
    """Return the page as HTML. All text from outside is escaped; no address but of data is in it.

    A policy in its head forbids every request, and every script but its own.
    """
    covers = covers_called(content.sites)
    there = {one.name for one in content.sets}
    return rendered(
        "gallery.html",
        content=content,
        title=page_title(content.sites),
        question=page_question(content.sites),
        worlds=sorted({_WORLDS.get(world, world) for world in content.sites.split(", ")}),
        covers=covers,
        called={"real": covers.removesuffix(" covers"), "generated": "generated"},
        parts=_parts(content),
        walls={one.name: _wall(one.samples, covers) for one in content.sets},
        pairs=_pairs(content),
        titles={measure.name: measure.title for measure in MEASURES},
        other_sets=[name for name in COVER_SETS if name not in there],
        quality_columns=[one for one in sample_measures.MEASURES if one.title],
        charts={one.name: training_charts(one) for one in content.sets},
        trained={one.name: _about_training(one) for one in content.sets},
        provenance={one.name: _provenance(one) for one in content.sets},
        live=live_values(content.live) if content.live else None,
        **_songs(content.songs),
    )


def _parts(content: GalleryContent) -> list[tuple[str, str]]:
    """Return name and title of each part of the page that has something to show."""
    titles = {
        "samples": ("Samples", any(one.samples for one in content.sets)),
        "live": ("Draw one yourself", content.live is not None),
        "training": ("Training", any(one.training for one in content.sets)),
        "between": ("Between two noise vectors", any(one.interpolation for one in content.sets)),
        "contrasts": ("Do the sets differ?", True),
        "palettes": ("Palettes", any(one.palettes for one in content.sets)),
        "quality": ("How good are they?", True),
        "chart": ("Whose albums?", not content.diversity.empty),
        "songs": ("Songs", content.songs is not None),
    }
    return [(name, title) for name, (title, is_there) in titles.items() if is_there]


def _songs(songs: SongsContent | None) -> dict[str, Any]:
    """Return what the part of songs shows."""
    if songs is None:
        return {"songs": None}
    called = songs_called(songs.sites)
    bands = songs.quality.measures if songs.quality else {}
    return {
        "songs": songs,
        "songs_called": called,
        "song_findings": quality_words(songs.quality, called) if songs.quality else [],
        "song_words": [
            {
                "sentence": in_words(one.measures, bands, called),
                "copied": copied_words(one.copied),
                "is_copy": is_copy(one.copied),
                "rows": rows_of_numbers(one.measures, bands),
            }
            for one in songs.songs
        ],
    }


def _pairs(content: GalleryContent) -> list[Pair]:
    if content.contrasts.empty:
        return []
    differing = generator_differences({one.name: one.record["config"] for one in content.sets})
    return [
        _pair(str(first), str(second), rows, differing)
        for (first, second), rows in content.contrasts.groupby(["first", "second"], sort=False)
    ]


def _pair(
    first: str, second: str, rows: pd.DataFrame, differing: dict[tuple[str, str], str]
) -> Pair:
    has_generated = "generated" in set(rows["kind"])
    return Pair(
        first=first,
        second=second,
        others=second_group("real", first, second),
        rows=[{str(name): value for name, value in row.items()} for row in rows.to_dict("records")],
        measures=[measure for measure in MEASURES if measure.name in set(rows["measure"])],
        trained_differently=differing.get((first, second)) if has_generated else None,
    )


def _wall(samples: Sequence[Sample], covers: str) -> dict[str, Any]:
    """Return what the page's script shows of samples: each cover near one is in it once."""
    pictures = list(dict.fromkeys(near.picture for one in samples for near in one.nearest))
    places = {picture: place for place, picture in enumerate(pictures)}
    return {
        "pictures": pictures,
        "samples": [
            {
                "alt": sample.alt,
                "verdict": _verdict(sample, covers),
                "nearest": [
                    {
                        "picture": places[near.picture],
                        "alt": near.alt,
                        "caption": f"{near.alt}; distance {near.distance:.2f}",
                    }
                    for near in sample.nearest
                ],
            }
            for sample in samples
        ],
    }


def _verdict(sample: Sample, covers: str) -> str:
    if not sample.nearest:
        return "The nearest covers are known once originality is materialized."
    if sample.copied:
        return "A copy: it shows a training cover again."
    if sample.ratio is None:
        return "The set has one cover, so there is no distance between covers to compare with."
    return (
        f"{sample.ratio:.2f} times as far from {covers} as these are from each other; "
        "below 1 it is nearer."
    )


def _about_training(one: SetContent) -> str:
    config, provenance = one.record["config"], one.record["provenance"]
    return (
        f"recipe {config['recipe']}, step {provenance['best_step']:,} of {config['steps']:,}, "
        f"{provenance['covers']} covers ({one.record['sites']})"
    )


def _provenance(one: SetContent) -> str:
    return json.dumps({name: one.record[name] for name in ("provenance", "config")}, indent=1)
