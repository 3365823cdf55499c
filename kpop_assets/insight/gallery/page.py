"""The gallery page: one HTML file with everything in it, which asks no network for anything."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.insight import sample_measures
from kpop_assets.insight.contrast.plain_words import answer, average_cover
from kpop_assets.insight.contrast.worlds import covers_called, page_question, page_title
from kpop_assets.insight.gallery.accents import accents
from kpop_assets.insight.gallery.content import GalleryContent, Sample, SetContent
from kpop_assets.insight.gallery.generator_words import fails, learned
from kpop_assets.insight.gallery.line_charts import training_charts
from kpop_assets.insight.gallery.lineage import lineage, versions
from kpop_assets.insight.gallery.live_values import live_values
from kpop_assets.insight.gallery.pairs import Pair, pairs_of
from kpop_assets.insight.gallery.samples import closest, wall_of_samples
from kpop_assets.insight.gallery.song_content import SongsContent
from kpop_assets.insight.gallery.song_words import (
    copied_words,
    in_words,
    is_copy,
    quality_words,
    rows_of_numbers,
    songs_called,
)
from kpop_assets.insight.gallery.wall import wall_of_pairs
from kpop_assets.insight.measuring.measures import MEASURES
from kpop_assets.pages.rendering import rendered
from kpop_assets.pages.typeface import font_face

_WORLDS = {
    "sample": "Stand-in covers of a sample world: a program made them. They are not real ones.",
    "folder": "Covers of your own folder.",
    "live": "Covers from the live sites.",
}
_PAIR_TITLES = {
    ("boy", "girl"): ("Boy and girl, side by side", "Boy and girl"),
    ("popular", "general"): ("Popular against general", "Popular"),
}


@dataclass(frozen=True)
class Part:
    """A part of the page: the name by which it is reached, its title, in short, and its template.

    `pair` is the one that it is about, if any.
    """

    name: str
    title: str
    short: str
    template: str
    pair: Pair | None = None


def gallery_page(content: GalleryContent) -> str:
    """Return the page as HTML. All text from outside is escaped; no address but of data is in it.

    A policy in its head forbids every request, and every script but its own.
    """
    values = _values(content)
    text = rendered("gallery.html", font="", **values)
    return rendered("gallery.html", font=font_face(text), **values)


def _values(content: GalleryContent) -> dict[str, Any]:
    covers = covers_called(content.sites)
    pairs = pairs_of(content, covers)
    parts = _parts(content, pairs)
    there = {one.name for one in content.sets}
    return {
        "content": content,
        "title": page_title(content.sites),
        "question": page_question(content.sites),
        "answer": answer(content.contrasts, covers) or average_cover(content.means),
        "worlds": sorted({_WORLDS.get(world, world) for world in content.sites.split(", ")}),
        "covers": covers,
        "called": {"real": covers.removesuffix(" covers"), "generated": "generated"},
        "accents": accents(palette for one in content.sets for palette in one.palettes.values()),
        "wall": wall_of_pairs(content, covers),
        "filmed": _filmed(content),
        "parts": parts,
        "contents": [(f"#{part.name}", part.short) for part in parts],
        "years": _years(content),
        "walls": {one.name: wall_of_samples(one.samples, covers) for one in content.sets},
        "closest": _closest(content),
        "pairs": pairs,
        "titles": {measure.name: measure.title for measure in MEASURES},
        "other_sets": [name for name in COVER_SETS if name not in there],
        "quality_columns": [one for one in sample_measures.MEASURES if one.title],
        "learned": {one.name: learned(one.quality, covers) for one in content.sets if one.quality},
        "fails": {one.name: fails(one.quality, covers) for one in content.sets if one.quality},
        "charts": {one.name: training_charts(one) for one in content.sets},
        "trained": {one.name: _about_training(one) for one in content.sets},
        "provenance": {one.name: _provenance(one) for one in content.sets},
        "lineage": lineage(content),
        "versions": versions(content),
        "live": live_values(content.live) if content.live else None,
        **_songs(content.songs),
    }


def _parts(content: GalleryContent, pairs: list[Pair]) -> list[Part]:
    """Return the parts of the page that have something to show, in their order."""
    covers, sets = covers_called(content.sites), content.sets
    one = len(sets) == 1
    generators, come = ("generator", "it comes") if one else ("generators", "they come")
    leading = [
        Part(f"{pair.first}-{pair.second}", *_PAIR_TITLES[pair.first, pair.second], "pair", pair)
        for pair in pairs
        if pair.is_lead
    ]
    others = ("The other pairs", "Other pairs") if leading else ("Do the sets differ?", "Pairs")
    parts = [
        (Part("years", "How the look moved", "Years", "years"), bool(_years(content))),
        (Part("live", "Draw one yourself", "Draw", "live"), content.live is not None),
        *((part, True) for part in leading),
        (Part("contrasts", *others, "contrasts"), not leading or len(pairs) > len(leading)),
        (Part("learned", f"What the {generators} learned", "Generator", "learned"), True),
        (
            Part("between", "A walk between samples", "Walk", "between"),
            any(one.interpolation for one in sets),
        ),
        (
            Part("near", f"How near {come} to {covers}", "Near", "near"),
            bool(_closest(content)),
        ),
        (
            Part("chart", "Whose albums these are", "Albums", "chart"),
            not content.diversity.empty,
        ),
        (Part("songs", "Songs", "Songs", "songs"), content.songs is not None),
        (Part("made", "How this was made", "Making", "made"), True),
    ]
    return [part for part, has_something in parts if has_something]


def _closest(content: GalleryContent) -> dict[str, list[Sample]]:
    found = {one.name: closest(one.samples, len(content.sets)) for one in content.sets}
    return {name: samples for name, samples in found.items() if samples}


def _years(content: GalleryContent) -> SetContent | None:
    """Return the set whose palettes by year are shown: popular, or the one of most years."""

    def years(one: SetContent) -> tuple[int, bool]:
        return sum(map(str.isdecimal, one.palettes)), one.name == "popular"

    best = max(content.sets, key=years)
    return best if years(best)[0] > 1 else None


def _filmed(content: GalleryContent) -> SetContent | None:
    """Return the set whose training is on the first screen: popular, or another that has one."""
    films = [one for one in content.sets if one.training and one.unfit is None]
    return max(films, key=lambda one: one.name == "popular", default=None)


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


def _about_training(one: SetContent) -> str:
    config, provenance = one.record["config"], one.record["provenance"]
    return (
        f"recipe {config['recipe']}, step {provenance['best_step']:,} of {config['steps']:,}, "
        f"{provenance['covers']} covers ({one.record['sites']})"
    )


def _provenance(one: SetContent) -> str:
    kept: Mapping[str, Any] = {name: one.record[name] for name in ("provenance", "config")}
    return json.dumps(kept, indent=1)
