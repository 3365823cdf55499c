"""The loss curve of a training as a figure."""

import itertools
from collections.abc import Mapping

import numpy as np
import pandas as pd

from kpop_assets.insight.figures import COLOURS, new_figure, png_of, tidy


def loss_figure(losses: pd.DataFrame, labels: Mapping[str, str], unit: str, title: str) -> bytes:
    """Return the loss curves as PNG bytes, 960x480 pixels, which fits the dialogs of the UI.

    `losses` has one row per step with the columns step and those that have `labels`; `unit` is what
    they are measured in. Each curve is drawn pale, and its running mean over 2 % of the steps in
    full colour.
    """
    window = max(1, len(losses) // 50)
    figure = new_figure()
    axes = figure.add_subplot()
    for (column, label), colour in zip(labels.items(), itertools.cycle(COLOURS), strict=False):
        values = losses[column]
        axes.plot(losses["step"], values, color=colour, alpha=0.2, linewidth=0.8)
        mean = values.rolling(window, min_periods=1).mean()
        axes.plot(losses["step"], mean, color=colour, linewidth=1.8, label=label)
    axes.set_xlabel("step")
    axes.set_xlim(0, len(losses))
    axes.set_ylabel(unit)
    upper = np.nanquantile(losses[list(labels)].to_numpy(), 0.995) if len(losses) else 1.0
    axes.set_ylim(0, 1.12 * float(upper))
    tidy(axes, title)
    axes.legend(frameon=False, ncols=3, loc="upper right")
    return png_of(figure)
