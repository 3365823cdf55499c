"""The loss curve of a training as a figure."""

import io

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

CURVES = {
    "discriminator_real": ("discriminator, real covers", "#3b6fb6"),
    "discriminator_fake": ("discriminator, generated covers", "#5fb0a5"),
    "generator": ("generator", "#d6467f"),
    "drift": ("drift: how far features were to move", "#d6467f"),
}


def loss_figure(losses: pd.DataFrame, title: str) -> bytes:
    """Return the loss curves as PNG bytes, 960x480 pixels, which fits the dialogs of the UI.

    `losses` has one row per step with the columns step and some of CURVES. Each curve is drawn
    pale, and its running mean over 2 % of the steps in full colour.
    """
    curves = {column: CURVES[column] for column in losses.columns if column in CURVES}
    window = max(1, len(losses) // 50)
    figure = Figure(figsize=(8, 4), dpi=120, layout="constrained")
    axes = figure.add_subplot()
    for column, (label, colour) in curves.items():
        values = losses[column]
        axes.plot(losses["step"], values, color=colour, alpha=0.2, linewidth=0.8)
        mean = values.rolling(window, min_periods=1).mean()
        axes.plot(losses["step"], mean, color=colour, linewidth=1.8, label=label)
    axes.set_xlabel("step")
    axes.set_xlim(0, len(losses))
    axes.set_ylabel("drift" if "drift" in curves else "binary cross-entropy (nats)")
    upper = np.nanquantile(losses[list(curves)].to_numpy(), 0.995) if len(losses) else 1.0
    axes.set_ylim(0, 1.1 * float(upper) + (0.02 if "drift" in curves else 0.1))
    axes.set_title(title, loc="left", fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis="y", alpha=0.25)
    axes.legend(frameon=False, ncols=3, loc="upper right")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
