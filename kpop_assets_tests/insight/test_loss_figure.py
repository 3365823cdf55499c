import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from kpop_assets.insight.loss_figure import CURVES, loss_figure


def test_the_figure_shows_each_of_the_three_curves_at_its_height() -> None:
    steps = np.arange(1, 101)
    levels = dict(zip(CURVES, (0.5, 1.5, 3.0), strict=True))
    losses = pd.DataFrame({"step": steps, **{name: levels[name] + 0 * steps for name in CURVES}})
    figure = Image.open(io.BytesIO(loss_figure(losses, "popular"))).convert("RGB")
    assert figure.size == (960, 480)
    column = np.asarray(figure)[:, 300]
    heights = [
        np.flatnonzero((column == tuple(bytes.fromhex(curve[1:]))).all(axis=1)).mean()
        for _, curve in CURVES.values()
    ]
    assert heights[0] - heights[1] == pytest.approx((heights[1] - heights[2]) / 1.5, rel=0.05)
    assert heights[2] < heights[1] < heights[0]
