"""The parts of the gallery page that show pictures: films to step through, and sample walls."""

import json
from collections.abc import Sequence
from typing import Any

from kpop_assets.insight.gallery.content import Film, Sample, SetContent
from kpop_assets.insight.gallery.markup import Markup, element


def player(film: Film, title: str, loops: bool = False) -> Markup:
    """Return a film as a picture with a slider through its frames and a button that plays it."""
    last = len(film.frames) - 1
    start = 0 if loops else last
    return element(
        "figure",
        element("img", src=film.frames[start], alt=title),
        element(
            "div",
            element("button", "Play", class_="play", type="button"),
            element(
                "input", type="range", min=0, max=last, value=start, aria_label=f"frame of {title}"
            ),
            element("output", film.captions[start]),
            class_="controls",
        ),
        element("figcaption", title),
        _values({"frames": list(film.frames), "captions": list(film.captions)}),
        class_="player card",
        data_loop="yes" if loops else None,
    )


def banner(one: SetContent) -> Markup:
    """Return a warning that a set's generated covers stand for nothing; nothing if they do not."""
    if one.unfit is None:
        return Markup("")
    return element(
        "p",
        element("strong", "No finding: "),
        f"this generator is {one.unfit}. What it draws says nothing about {one.name} covers and is "
        "not compared with other sets.",
        class_="banner",
        role="note",
    )


def sample_wall(samples: Sequence[Sample], title: str, covers: str) -> Markup:
    """Return the samples in rows of eight; a click shows the `covers` nearest to one."""
    buttons = [
        element(
            "button",
            element("img", src=sample.picture, alt=""),
            type="button",
            data_index=index,
            aria_label=f"{sample.alt}{', a copy' if sample.copied else ''}: show which "
            f"{covers} are nearest",
            class_="copied" if sample.copied else None,
        )
        for index, sample in enumerate(samples)
    ]
    pictures = list(dict.fromkeys(near.picture for one in samples for near in one.nearest))
    places = {picture: place for place, picture in enumerate(pictures)}
    values = [
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
    ]
    return element(
        "figure",
        element("div", *buttons, class_="wall"),
        _values({"pictures": pictures, "samples": values}),
        element("figcaption", title),
        class_="card",
    )


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


def _values(values: Any) -> Markup:
    """Return values for the page's script; nothing in them can end the element."""
    text = json.dumps(values, ensure_ascii=False).replace("<", "\\u003c")
    return Markup(f'<script type="application/json">{text}</script>')
