"""How good a generator was along its training, as a figure."""

import io

import pandas as pd
from matplotlib.figure import Figure

KID_COLOUR = "#d6467f"
SHARE_COLOURS = {"coverage": "#3b6fb6", "used": "#5fb0a5", "copies": "#c98a1b"}


def quality_figure(evaluations: pd.DataFrame, best_step: int, title: str) -> bytes:
    """Return KID and shares over the steps as PNG bytes, 960x480 pixels.

    `evaluations` has a row per evaluation with step, kid (× 1000), coverage, used and copies (0 to
    1); `best_step` is marked.
    """
    figure = Figure(figsize=(8, 4), dpi=120, layout="constrained")
    distance, shares = figure.subplots(1, 2)
    distance.plot(evaluations["step"], evaluations["kid"], "o-", color=KID_COLOUR, markersize=4)
    distance.set_ylabel("KID × 1000, MobileNetV2 (lower is nearer)")
    distance.set_ylim(bottom=min(0, evaluations["kid"].min()))
    for name, colour in SHARE_COLOURS.items():
        shares.plot(
            evaluations["step"], evaluations[name], "o-", color=colour, markersize=4, label=name
        )
    shares.set_ylim(-0.02, 1.02)
    shares.set_ylabel("share")
    shares.legend(frameon=False)
    for axes in (distance, shares):
        axes.axvline(best_step, color="#888888", linewidth=0.8, linestyle="--")
        axes.set_xlabel("step (dashed: the generator that was kept)")
        axes.spines[["top", "right"]].set_visible(False)
        axes.grid(axis="y", alpha=0.25)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
