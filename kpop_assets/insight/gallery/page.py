"""The gallery page: one HTML file with everything in it, which asks no network for anything."""

import base64
import hashlib
import json
from collections.abc import Sequence
from importlib.resources import files
from typing import Any

import pandas as pd

from kpop_assets.insight.gallery.charts import interval_chart, line_chart, palette_bands
from kpop_assets.insight.gallery.content import GalleryContent, SetContent
from kpop_assets.insight.gallery.markup import Markup, element, joined
from kpop_assets.insight.gallery.parts import player, sample_wall
from kpop_assets.insight.set_contrasts import second_group

CURVE_POINTS = 200
QUALITY_COLUMNS = {
    "kid": ("KID × 1000", "{:.0f}"),
    "kid_spread": ("± spread", "{:.0f}"),
    "coverage": ("coverage", "{:.2f}"),
    "density": ("density", "{:.2f}"),
    "used": ("used", "{:.2f}"),
    "diversity": ("diversity", "{:.2f}"),
    "copies": ("copies", "{:.1%}"),
}
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
    sections = {
        "samples": ("Samples", _samples(content.sets)),
        "training": ("Training", _training(content.sets)),
        "between": ("Between two noise vectors", _between(content.sets)),
        "contrasts": ("Do the sets differ?", _contrasts(content)),
        "palettes": ("Palettes", _palettes(content.sets)),
        "quality": ("How good are they?", _quality(content.sets)),
        "chart": ("Whose albums?", _chart(content.diversity)),
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
            element("title", "K-pop album covers, real and generated"),
            element("style", Markup(style)),
        ),
        element(
            "body",
            _header(content),
            element("main", element("nav", *links, aria_label="parts of the page"), *parts),
            _footer(content),
            _dialog(),
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
        element("h1", "What does a popular Korean album look like?"),
        element(
            "p",
            f"Covers by set: {counts}. Below: what generators made of them, and what the "
            "covers say in numbers.",
        ),
        element("p", element("span", " ".join(worlds), class_="badge")),
    )


def _samples(sets: Sequence[SetContent]) -> Markup:
    walls = [
        element("div", element("h3", one.name), sample_wall(one.samples, _about_training(one)))
        for one in sets
        if one.samples
    ]
    if not walls:
        return Markup("")
    told = element(
        "p",
        "Generated covers. Choose one to see the real covers nearest to it; copies "
        "of a real cover have a frame.",
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


def _contrasts(content: GalleryContent) -> Markup:
    if content.contrasts.empty:
        return Markup("")
    told = element(
        "p",
        "Cliff's delta of each measure: right of 0 the first set has more of it. Lines are 95 % "
        "intervals. A filled dot is a difference beyond chance after correction for all measures "
        "of the pair; a hollow one is not distinguishable from chance. ",
        element("span", "real covers", class_="key real"),
        element("span", "generated covers", class_="key generated"),
    )
    charts = [
        element(
            "figure",
            element("h3", f"{first} against {second}"),
            interval_chart(rows, f"differences of {first} and {second} covers, measure by measure"),
            element("figcaption", _about_pair(first, second)),
            class_="card",
        )
        for (first, second), rows in _by_pair(content.contrasts)
    ]
    sentences = element("ul", *[element("li", one) for one in content.said], class_="said")
    return joined([told, element("div", *charts, class_="pairs"), sentences])


def _about_pair(first: str, second: str) -> str:
    real = second_group("real", first, second)
    return f"real covers: {first} against {real}" if real != second else ""


def _palettes(sets: Sequence[SetContent]) -> Markup:
    bands = [
        element(
            "figure",
            element("h3", one.name),
            palette_bands(one.palettes, f"dominant colours of {one.name} covers by year"),
            class_="card",
        )
        for one in sets
        if one.palettes
    ]
    if not bands:
        return Markup("")
    told = element(
        "p",
        "The dominant colours of all covers of a year (k-means in CIELAB), the "
        "commonest on top; “all” is the whole set, “made” its samples.",
        class_="soft",
    )
    return joined([told, element("div", *bands, class_="sets")])


def _quality(sets: Sequence[SetContent]) -> Markup:
    judged = [one for one in sets if one.quality]
    head = element(
        "tr",
        element("th", "set", scope="col"),
        *[element("th", title, scope="col") for title, _ in QUALITY_COLUMNS.values()],
        element("th", "samples", scope="col"),
    )
    rows = [
        element(
            "tr",
            element("th", one.name, scope="row"),
            *[
                element("td", form.format((one.quality or {})[name]))
                for name, (_, form) in QUALITY_COLUMNS.items()
            ],
            element("td", str((one.quality or {})["samples"])),
        )
        for one in judged
    ]
    table = element("div", element("table", head, *rows), class_="scroll") if rows else Markup("")
    told = element(
        "p",
        "On features of MobileNetV2, which no recipe trains with. KID: 0 is as near as another "
        "sample of real covers, noise has about 1,100; it does not compare with FID or KID of "
        "papers. Coverage: real covers with a sample near. Used: real covers that are the nearest "
        "one to some sample. Diversity: 1 is that of the real covers.",
        class_="soft",
    )
    curves = [
        element("figure", element("h3", one.name), *_curves(one), class_="card") for one in sets
    ]
    return joined([told, table, element("div", *curves, class_="sets")])


def _curves(one: SetContent) -> list[Markup]:
    losses, evaluations = dict(one.record["losses"]), dict(one.record["evaluations"])
    steps = losses.pop("step")
    thinned = _thinned(steps, losses)
    parts = [line_chart(*thinned, f"losses of {one.name} over the steps", "loss"), _key(thinned[1])]
    if evaluations.get("step"):
        shares = {name: evaluations[name] for name in ("coverage", "used", "copies")}
        parts += [
            line_chart(
                evaluations["step"], {"KID": evaluations["kid"]}, f"KID of {one.name}", "KID × 1000"
            ),
            line_chart(evaluations["step"], shares, f"coverage of {one.name}", "shares"),
            _key(shares),
        ]
    return parts


def _thinned(
    steps: Sequence[float], curves: dict[str, Sequence[float]]
) -> tuple[list[float], dict[str, list[float]]]:
    """Return the curves as means of up to CURVE_POINTS stretches."""
    table = pd.DataFrame({"step": steps, **curves})
    stretch = table.groupby((table.index * CURVE_POINTS) // max(len(table), CURVE_POINTS))
    means = stretch.mean()
    return stretch["step"].max().tolist(), {name: means[name].tolist() for name in curves}


def _key(curves: dict[str, Any]) -> Markup:
    names = zip("abc", curves, strict=False)
    return element(
        "figcaption",
        *[element("span", name.replace("_", " "), class_=f"key {style}") for style, name in names],
    )


def _chart(diversity: pd.DataFrame) -> Markup:
    if diversity.empty:
        return Markup("")
    titles = [name.replace("_", " ") for name in diversity.columns]
    head = element("tr", *[element("th", title, scope="col") for title in titles])
    rows = [
        element(
            "tr",
            *[
                element(
                    "td",
                    f"{value:.0%}" if name == "top_share" else str(value),
                    class_="text" if isinstance(value, str) else None,
                )
                for name, value in row.items()
            ],
        )
        for row in diversity.to_dict("records")
    ]
    told = element(
        "p",
        "Entries of the year-end chart by artist type, distinct acts, and entries "
        "that share a picture with another (reissues and versions). What the generators "
        "learn is this sample, not all of K-pop.",
    )
    return joined([told, element("div", element("table", head, *rows), class_="scroll card")])


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
        *details,
    )


def _about_training(one: SetContent) -> str:
    config, provenance = one.record["config"], one.record["provenance"]
    return (
        f"recipe {config['recipe']}, step {provenance['best_step']:,} of {config['steps']:,}, "
        f"{provenance['covers']} covers ({one.record['sites']})"
    )


def _dialog() -> Markup:
    return element(
        "dialog",
        element("h3", "sample"),
        element("p", "", class_="verdict"),
        element("div", class_="near"),
        element("p", element("button", "Close", type="button", class_="play")),
        aria_label="a sample and the real covers nearest to it",
    )


def _by_pair(rows: pd.DataFrame) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    pairs = rows[["first", "second"]].drop_duplicates().to_dict("records")
    return [
        (
            (pair["first"], pair["second"]),
            rows[(rows["first"] == pair["first"]) & (rows["second"] == pair["second"])],
        )
        for pair in pairs
    ]
