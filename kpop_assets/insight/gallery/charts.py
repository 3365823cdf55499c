"""Charts as SVG, coloured by the page's style sheet in light and dark."""

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

import pandas as pd

from kpop_assets.insight.gallery.markup import Markup, element
from kpop_assets.insight.measuring.measures import MEASURES
from kpop_assets.insight.measuring.palettes import Palette

_LABELS, _PLOT, _ROW = 116, 224, 22
_SHORT = {"generated": "made"}
_GRID = ("tick", "tick", "zero", "tick", "tick")
_LINES = ("a", "b", "c")


def interval_chart(rows: pd.DataFrame, title: str, called: Mapping[str, str]) -> Markup:
    """Return Cliff's deltas with intervals, a line a measure; `rows` are of one pair of sets.

    `called` names the kinds, real and generated. The former have a dot above the line, generated
    covers one below; filled where the difference is distinguishable from chance.
    """
    shown = [measure for measure in MEASURES if measure.name in set(rows["measure"])]
    top, height = 8, 34 + _ROW * len(shown)
    places = {measure.name: top + _ROW * (n + 0.5) for n, measure in enumerate(shown)}
    bottom = top + _ROW * len(shown)
    parts = [
        element("line", x1=_at(tick), x2=_at(tick), y1=top, y2=bottom, class_=style)
        for tick, style in zip((-1, -0.5, 0, 0.5, 1), _GRID, strict=True)
    ]
    parts += [
        element("text", f"{tick:+g}" if tick else "0", x=_at(tick), y=bottom + 16, class_="mid")
        for tick in (-1, 0, 1)
    ]
    parts += [
        element("text", measure.title, x=_LABELS - 8, y=places[measure.name] + 4, class_="end")
        for measure in shown
    ]
    for row in rows.to_dict("records"):
        y = places[row["measure"]] + (-4 if row["kind"] == "real" else 4)
        state = f"{row['kind']} {'beyond' if row['different'] else 'chance'}"
        interval = f"{row['low']:+.2f} to {row['high']:+.2f}"
        tip = element(
            "title",
            f"{called[row['kind']]}: δ {row['delta']:+.2f} ({interval}), "
            f"p {row['p_corrected']:.2g}",
        )
        line = element("line", x1=_at(row["low"]), x2=_at(row["high"]), y1=y, y2=y)
        dot = element("circle", cx=_at(row["delta"]), cy=y, r=3.6)
        parts.append(element("g", tip, line, dot, class_=state))
    return _svg(parts, _LABELS + _PLOT + 12, height, title, "intervals")


def palette_bands(palettes: Mapping[str, Palette], title: str) -> Markup:
    """Return a column a year, filled with its dominant colours by share."""
    wide = max(22.0, min(76.0, 640 / max(len(palettes), 1)))
    parts: list[Markup] = []
    for column, (year, found) in enumerate(palettes.items()):
        top = 0.0
        for colour, weight in zip(found.colours, found.weights, strict=True):
            tip = element("title", f"{year}: {colour}, {weight:.0%}")
            tall = 120 * weight
            box = Markup(
                f'<rect x="{column * wide:.1f}" y="{top:.1f}" width="{wide - 1:.1f}" '
                f'height="{tall:.1f}" fill="{colour}">{tip}</rect>'
            )
            parts.append(box)
            top += tall
        label = f"’{year[2:]}" if year.isdecimal() and len(palettes) > 8 else _SHORT.get(year, year)
        parts.append(element("text", label, x=(column + 0.5) * wide, y=136, class_="mid"))
    return _svg(parts, wide * len(palettes), 142, title, "bands")


def line_chart(
    steps: Sequence[float], curves: Mapping[str, Sequence[float]], title: str, unit: str
) -> Markup:
    """Return up to three curves over the training steps; None and NaN are gaps.

    A value between two gaps is a point, and so is the only one.
    """
    left, width, tall = 44, 300, 130
    values = [value for curve in curves.values() for value in curve if _is_number(value)]
    low, high = min([0.0, *values]), max([*values, 1.0 if unit == "shares" else 1e-9])
    last = max([*steps, 1])

    def point(step: float, value: float) -> str:
        x = left + width * step / last
        return f"{x:.1f},{8 + tall * (1 - (value - low) / (high - low)):.1f}"

    parts = [
        element("line", x1=left, x2=left + width, y1=y, y2=y, class_="tick")
        for y in (8, 8 + tall / 2, 8 + tall)
    ]
    for value, y in ((high, 8), ((low + high) / 2, 8 + tall / 2), (low, 8 + tall)):
        parts.append(element("text", f"{value:.3g}", x=left - 6, y=y + 4, class_="end"))
    for style, (name, curve) in zip(_LINES, curves.items(), strict=False):
        told = element("title", name)
        for stretch in _stretches(zip(steps, curve, strict=True)):
            places = [point(step, value) for step, value in stretch]
            if len(places) > 1:
                parts.append(element("polyline", told, points=" ".join(places), class_=style))
            else:
                across, _, down = places[0].partition(",")
                parts.append(element("circle", told, cx=across, cy=down, r=3.5, class_=style))
    parts.append(element("text", "0", x=left, y=tall + 26, class_="mid"))
    parts.append(element("text", f"{last:,.0f} steps", x=left + width, y=tall + 26, class_="end"))
    parts.append(element("text", unit, x=left + width / 2, y=tall + 26, class_="mid"))
    return _svg(parts, left + width + 8, tall + 34, title, "lines")


def _stretches(curve: Iterable[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Return the parts of a curve of steps and values between its gaps."""
    parts = groupby(curve, key=lambda place: _is_number(place[1]))
    return [list(places) for is_there, places in parts if is_there]


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _at(delta: float) -> float:
    return round(_LABELS + _PLOT * (delta + 1) / 2, 1)


def _svg(parts: Sequence[Markup], width: float, height: float, title: str, style: str) -> Markup:
    return element(
        "svg",
        *parts,
        viewBox=f"0 0 {width:.0f} {height:.0f}",
        role="img",
        aria_label=title,
        class_=style,
        style=f"max-width:{width * 1.5:.0f}px",
    )
