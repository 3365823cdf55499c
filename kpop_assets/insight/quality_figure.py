"""How good a generator was along its training, as a figure."""

import pandas as pd

from kpop_assets.insight.figures import (
    AMBER,
    BLUE,
    GREEN,
    PINK,
    dashed_line,
    new_figure,
    png_of,
    tidy,
)

SHARE_COLOURS = {"coverage": BLUE, "used": GREEN, "copies": AMBER}


def quality_figure(evaluations: pd.DataFrame, best_step: int, title: str) -> bytes:
    """Return KID and shares over the steps as PNG bytes, 960x480 pixels.

    `evaluations` has a row per evaluation with step, kid (× 1000), coverage, used and copies (0 to
    1); `best_step` is marked.
    """
    figure = new_figure()
    distance, shares = figure.subplots(1, 2)
    distance.plot(evaluations["step"], evaluations["kid"], "o-", color=PINK, markersize=4)
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
        dashed_line(axes, best_step)
        axes.set_xlabel("step (dashed: the generator that was kept)")
        tidy(axes)
    figure.suptitle(title, x=0.01, ha="left", fontweight="bold")
    return png_of(figure)
