import io

import numpy as np
import pandas as pd
from PIL import Image

from kpop_assets.insight.loss_figure import CURVES, loss_figure


def test_the_figure_shows_all_three_curves() -> None:
    steps = np.arange(1, 101)
    losses = pd.DataFrame({"step": steps, **dict.fromkeys(CURVES, 1 / steps)})
    figure = Image.open(io.BytesIO(loss_figure(losses, "popular"))).convert("RGB")
    assert figure.size == (1200, 600)
    colours = {colour for _, colour in figure.getcolors(1 << 20)}
    for _, curve in CURVES.values():
        assert tuple(bytes.fromhex(curve[1:])) in colours
