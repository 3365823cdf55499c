"""The parts of the gallery page that show numbers: contrasts, palettes, quality and the chart."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.insight.contrast.contrast_words import generator_differences
from kpop_assets.insight.contrast.set_contrasts import second_group
from kpop_assets.insight.contrast.worlds import covers_called
from kpop_assets.insight.gallery.charts import interval_chart, line_chart, palette_bands
from kpop_assets.insight.gallery.content import GalleryContent, SetContent
from kpop_assets.insight.gallery.markup import Markup, element, joined
from kpop_assets.insight.measuring.measures import MEASURES

CURVE_POINTS = 200
MOST_COLUMNS = 8
"""Columns of a palette that fit a phone; more are scrolled to."""
QUALITY_COLUMNS = {
    "kid": ("KID × 1000", "{:.0f}"),
    "kid_spread": ("± standard error", "{:.0f}"),
    "coverage": ("coverage", "{:.2f}"),
    "density": ("density", "{:.2f}"),
    "used": ("used", "{:.2f}"),
    "diversity": ("diversity", "{:.2f}"),
    "copies": ("copies", "{:.1%}"),
    "told_apart": ("told apart", "{:.2f}"),
    "swd": ("SWD × 1000", "{:.0f}"),
    "fineness": ("fineness, dB", "{:+.1f}"),
    "peak": ("grid, dB", "{:.1f}"),
}


def contrasts_part(content: GalleryContent) -> Markup:
    """Return the contrasts of every pair as charts and sentences, or what to materialize."""
    covers = covers_called(content.sites)
    not_compared = [
        f"generated covers of {one.name} are not compared: {one.unfit}"
        for one in content.sets
        if one.unfit
    ]
    said = [*content.said, *not_compared]
    sentences = element("ul", *[element("li", one) for one in said], class_="said")
    if content.contrasts.empty:
        return joined([_nothing_to_compare(content.sets), sentences if said else Markup("")])
    told = element(
        "p",
        "Cliff's delta of each measure: right of 0 the first set has more of it. Lines are 95 % "
        "intervals. A filled dot is a difference beyond chance after correction for all measures "
        "of the pair; a hollow one is not distinguishable from chance. ",
        element("span", covers, class_="key real"),
        element("span", "generated covers", class_="key generated"),
    )
    called = {"real": covers.removesuffix(" covers"), "generated": "generated"}
    differing = generator_differences({one.name: one.record["config"] for one in content.sets})
    charts = [
        element(
            "figure",
            element("h3", f"{first} against {second}"),
            interval_chart(
                rows, f"differences of {first} and {second} covers, measure by measure", called
            ),
            element("figcaption", _about_pair(first, second, covers)),
            *[
                element("p", sentence, class_="banner", role="note")
                for pair, sentence in differing.items()
                if pair == (first, second) and "generated" in set(rows["kind"])
            ],
            _deltas(rows, called),
            class_="card",
        )
        for (first, second), rows in _by_pair(content.contrasts)
    ]
    return joined([told, element("div", *charts, class_="pairs"), sentences])


def _nothing_to_compare(sets: Sequence[SetContent]) -> Markup:
    others = [name for name in COVER_SETS if name not in {one.name for one in sets}]
    if len(sets) == 1:
        told = (
            f"There is only {sets[0].name} yet: materialize another set, such as "
            f"{others[-2]}, to compare it with."
        )
    else:
        told = "Materialize visual_profile of each set, then cover_set_contrast, to compare them."
    return element("p", told)


def _about_pair(first: str, second: str, covers: str) -> str:
    """Return who is compared in words where the sets' names do not say it."""
    others = second_group("real", first, second)
    return f"{covers}: {first} against {others}" if others != second else ""


def _deltas(rows: pd.DataFrame, called: Mapping[str, str]) -> Markup:
    """Return the numbers of a chart as a table to open."""
    titles = {measure.name: measure.title for measure in MEASURES}
    head = [element("th", one, scope="col") for one in ("measure", "covers", "δ", "95 %", "p")]
    lines = [
        element(
            "tr",
            element("th", titles[row["measure"]], scope="row"),
            element("td", called[row["kind"]], class_="text"),
            element("td", f"{row['delta']:+.2f}"),
            element("td", f"{row['low']:+.2f} to {row['high']:+.2f}"),
            element("td", f"{row['p_corrected']:.2g}"),
        )
        for row in rows.to_dict("records")
    ]
    table = element("div", element("table", element("tr", *head), *lines), class_="scroll")
    return element("details", element("summary", "the numbers"), table)


def palettes_part(sets: Sequence[SetContent]) -> Markup:
    """Return the palettes of each set by year; nothing when no set has one."""
    bands = [
        element(
            "figure",
            element("h3", one.name),
            element(
                "div",
                palette_bands(one.palettes, f"dominant colours of {one.name} covers by year"),
                class_="wide" if len(one.palettes) > MOST_COLUMNS else None,
            ),
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


def quality_part(sets: Sequence[SetContent], covers: str) -> Markup:
    """Return the quality of each generator as a table, with the curves of its training."""
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
                element("td", _measured((one.quality or {}).get(name), form))
                for name, (_, form) in QUALITY_COLUMNS.items()
            ],
            element("td", str((one.quality or {})["samples"])),
        )
        for one in judged
    ]
    table = element("div", element("table", head, *rows), class_="scroll") if rows else Markup("")
    told = element(
        "p",
        "On features of MobileNetV2, which no recipe trains with. KID: 0 is as near as "
        f"{covers} are to each other, noise has about 1,100; it does not compare with FID or KID "
        f"of papers. Coverage: share of {covers} with a sample near. Used: share of {covers} that "
        f"are the nearest one to some sample. Diversity: 1 is that of {covers}. "
        "Texture: SWD compares small patches, about 60 for other covers; fineness is 0 where there "
        "is as much fine detail; a grid, of stripes or woven, stands out by 0 to 1 dB in covers.",
        class_="soft",
    )
    curves = [
        element("figure", element("h3", one.name), *_curves(one), class_="card") for one in sets
    ]
    return joined([told, table, element("div", *curves, class_="sets")])


def _measured(value: float | None, form: str) -> str:
    return "not measurable" if value is None or value != value else form.format(value)


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


def chart_part(diversity: pd.DataFrame) -> Markup:
    """Return whose albums the chart has as a table; nothing without a chart."""
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


def _by_pair(rows: pd.DataFrame) -> list[tuple[tuple[str, str], pd.DataFrame]]:
    pairs = rows[["first", "second"]].drop_duplicates().to_dict("records")
    return [
        (
            (pair["first"], pair["second"]),
            rows[(rows["first"] == pair["first"]) & (rows["second"] == pair["second"])],
        )
        for pair in pairs
    ]
