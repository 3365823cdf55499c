import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from kpop_assets.insight.loss_figure import COLOURS, loss_figure

THREE = ("one", "of a new recipe", "no label known before")
STEPS = np.arange(1, 101)


def heights_in_figure(levels: dict[str, float]) -> list[float]:
    """Return the heights in pixels from the top at which a figure shows curves of one level."""
    columns = {name: level + 0 * STEPS for name, level in levels.items()}
    losses = pd.DataFrame({"step": STEPS, **columns})
    labels = {name: name.title() for name in levels}
    drawn = loss_figure(losses, labels, "nats", "popular")
    figure = Image.open(io.BytesIO(drawn)).convert("RGB")
    assert figure.size == (960, 480)
    column = np.asarray(figure)[:, 300]
    colours = [tuple(bytes.fromhex(colour[1:])) for colour in COLOURS[: len(levels)]]
    return [float(np.flatnonzero((column == colour).all(axis=1)).mean()) for colour in colours]


def test_the_figure_shows_each_of_the_three_curves_at_its_height() -> None:
    heights = heights_in_figure(dict(zip(THREE, (0.5, 1.5, 3.0), strict=True)))
    assert heights[0] - heights[1] == pytest.approx((heights[1] - heights[2]) / 1.5, rel=0.05)
    assert heights[2] < heights[1] < heights[0]


def test_a_recipe_without_a_discriminator_has_one_curve_that_fills_the_figure() -> None:
    [height] = heights_in_figure({"drift": 0.3})
    assert 40 < height < 140
