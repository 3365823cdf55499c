"""The curves of a training as places on a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import isfinite
from typing import ClassVar

import pandas as pd

from kpop_assets.insight.gallery.content import SetContent
from kpop_assets.models.recipes import RECIPES

CURVE_POINTS = 200
SHARES = ("coverage", "used", "copies")

Place = tuple[float, float]


@dataclass(frozen=True)
class LineChart:
    """Curves over the training steps, each its stretches between gaps.

    A stretch is places in pixels from the left and from the top; `labels` are of the highest, the
    middle and the lowest level.
    """

    LEFT: ClassVar[int] = 44
    WIDTH: ClassVar[int] = 300
    TALL: ClassVar[int] = 130

    title: str
    unit: str
    last: float
    labels: Sequence[str]
    curves: Mapping[str, list[list[Place]]]


def training_charts(one: SetContent) -> list[LineChart]:
    """Return the charts of a set's losses and, where it was evaluated, of its KID and shares."""
    losses, evaluations = _thinned(pd.DataFrame(one.record["losses"])), one.record["evaluations"]
    steps = losses.pop("step")
    recipe = RECIPES[one.record["config"]["recipe"]]
    named = {recipe.losses[name]: curve for name, curve in losses.items()}
    title = f"losses of {one.name} over the steps"
    charts = [_line_chart(steps, named, title, recipe.loss_unit)]
    if evaluations.get("step"):
        kid, shares = {"KID": evaluations["kid"]}, {name: evaluations[name] for name in SHARES}
        charts += [
            _line_chart(evaluations["step"], kid, f"KID of {one.name}", "KID × 1000"),
            _line_chart(evaluations["step"], shares, f"coverage of {one.name}", "shares"),
        ]
    return charts


def _thinned(losses: pd.DataFrame) -> dict[str, list[float]]:
    """Return the columns as means of up to CURVE_POINTS stretches, of the steps the last."""
    stretch = losses.groupby((losses.index * CURVE_POINTS) // max(len(losses), CURVE_POINTS))
    means = stretch.mean().assign(step=stretch["step"].max())
    return {str(name): column.tolist() for name, column in means.items()}


def _line_chart(
    steps: Sequence[float], curves: Mapping[str, Sequence[float | None]], title: str, unit: str
) -> LineChart:
    """Return a chart of values by step; None and NaN are gaps."""
    parts = {name: _stretches(steps, curve) for name, curve in curves.items()}
    values = [value for part in parts.values() for stretch in part for _, value in stretch]
    low, high = min([0.0, *values]), max([*values, 1.0 if unit == "shares" else 1e-9])
    last = max([*steps, 1])

    def placed(step: float, value: float) -> Place:
        share = (value - low) / (high - low)
        return LineChart.LEFT + LineChart.WIDTH * step / last, 8 + LineChart.TALL * (1 - share)

    return LineChart(
        title=title,
        unit=unit,
        last=last,
        labels=[f"{value:.3g}" for value in (high, (low + high) / 2, low)],
        curves={
            name: [[placed(*one) for one in stretch] for stretch in part]
            for name, part in parts.items()
        },
    )


def _stretches(steps: Sequence[float], curve: Sequence[float | None]) -> list[list[Place]]:
    """Return the parts of a curve between its gaps."""
    pairs = zip(steps, curve, strict=True)
    parts = groupby(pairs, key=lambda pair: pair[1] is not None and isfinite(pair[1]))
    return [list(pair) for is_known, pair in parts if is_known]  # type: ignore[arg-type]
