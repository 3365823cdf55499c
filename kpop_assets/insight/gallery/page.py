"""The gallery page: one HTML file with everything in it, which asks no network for anything."""

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files

from kpop_assets.insight.contrast.worlds import covers_called, page_question, page_title
from kpop_assets.insight.gallery.content import GalleryContent, SetContent
from kpop_assets.insight.gallery.markup import Markup, element, joined
from kpop_assets.insight.gallery.numbers import (
    chart_part,
    contrasts_part,
    palettes_part,
    quality_part,
)
from kpop_assets.insight.gallery.parts import banner, player, sample_wall

_WORLDS = {
    "sample": "Sample world: these covers were drawn by kpop_assets. They are not real ones.",
    "folder": "Covers of your own folder.",
    "live": "Covers from the live sites.",
}


def gallery_page(content: GalleryContent) -> str:
    """Return the page as HTML. All text from outside is escaped; no address but of data is in it.

    A policy in its head forbids every request, and every script but its own.
    """
    place = files("kpop_assets.insight.gallery")
    style, script = ((place / name).read_text("utf-8") for name in ("gallery.css", "gallery.js"))
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    policy = (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; "
        f"script-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )
    covers = covers_called(content.sites)
    sections = {
        "samples": ("Samples", _samples(content.sets, covers)),
        "training": ("Training", _training(content.sets)),
        "between": ("Between two noise vectors", _between(content.sets)),
        "contrasts": ("Do the sets differ?", contrasts_part(content)),
        "palettes": ("Palettes", palettes_part(content.sets)),
        "quality": ("How good are they?", quality_part(content.sets, covers)),
        "chart": ("Whose albums?", chart_part(content.diversity)),
    }
    shown = {name: part for name, part in sections.items() if part[1]}
    links = [element("a", title, href=f"#{name}") for name, (title, _) in shown.items()]
    parts = [
        element("section", element("h2", title), body, id=name)
        for name, (title, body) in shown.items()
    ]
    page = element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", http_equiv="Content-Security-Policy", content=policy),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="referrer", content="no-referrer"),
            element("title", page_title(content.sites)),
            element("style", Markup(style)),
        ),
        element(
            "body",
            _header(content),
            element("main", element("nav", *links, aria_label="parts of the page"), *parts),
            _footer(content),
            _dialog(covers),
            element("script", Markup(script)),
        ),
        lang="en",
    )
    return f"<!doctype html>\n{page}\n"


def _header(content: GalleryContent) -> Markup:
    counts = ", ".join(f"{one.name} {one.covers}" for one in content.sets)
    worlds = sorted({_WORLDS.get(world, world) for world in content.sites.split(", ")})
    return element(
        "header",
        element("h1", page_question(content.sites)),
        element(
            "p",
            f"Covers by set: {counts}. Below: what generators made of them, and what the "
            "covers say in numbers.",
        ),
        element("p", element("span", " ".join(worlds), class_="badge")),
    )


def _samples(sets: Sequence[SetContent], covers: str) -> Markup:
    walls = [
        element(
            "div",
            element("h3", one.name),
            banner(one),
            sample_wall(one.samples, _about_training(one), covers),
        )
        for one in sets
        if one.samples
    ]
    if not walls:
        return Markup("")
    told = element(
        "p",
        f"Generated covers. Choose one to see which {covers} are nearest, or to save it; "
        f"copies of {covers} have a frame.",
        class_="soft",
    )
    return joined([told, element("div", *walls, class_="sets")])


def _training(sets: Sequence[SetContent]) -> Markup:
    films = [
        player(one.training, f"{one.name} while the generator trains")
        for one in sets
        if one.training
    ]
    return element("div", *films, class_="sets") if films else Markup("")


def _between(sets: Sequence[SetContent]) -> Markup:
    films = [
        player(one.interpolation, f"{one.name} from one noise vector to the next", loops=True)
        for one in sets
        if one.interpolation
    ]
    return element("div", *films, class_="sets") if films else Markup("")


def _footer(content: GalleryContent) -> Markup:
    details = [
        element(
            "details",
            element("summary", f"{one.name}: {_about_training(one)}"),
            element(
                "pre",
                json.dumps(
                    {"provenance": one.record["provenance"], "config": one.record["config"]},
                    indent=1,
                ),
            ),
        )
        for one in content.sets
    ]
    return element(
        "footer",
        element("h3", "Where this comes from"),
        element(
            "p",
            f"Made by kpop_assets at {content.made_at}; covers: {content.sites}. Album "
            "covers are works of their makers: ask before you publish them or what a model "
            "made of them.",
            class_="soft",
        ),
        *[element("p", f"Not shown: {one}", class_="soft") for one in content.left_out],
        *details,
    )


def _about_training(one: SetContent) -> str:
    config, provenance = one.record["config"], one.record["provenance"]
    return (
        f"recipe {config['recipe']}, step {provenance['best_step']:,} of {config['steps']:,}, "
        f"{provenance['covers']} covers ({one.record['sites']})"
    )


def _dialog(covers: str) -> Markup:
    buttons = {"before": "← Before", "next": "Next →", "save": "Save, 512 pixels", "close": "Close"}
    return element(
        "dialog",
        element("h3", "sample", aria_live="polite"),
        element("p", "", class_="verdict"),
        element("div", class_="near"),
        element(
            "p",
            *[
                element("button", title, type="button", class_=f"play {name}")
                for name, title in buttons.items()
            ],
            class_="buttons",
        ),
        aria_label=f"a sample beside {covers} near it",
    )
