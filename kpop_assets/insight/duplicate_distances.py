"""How far apart the perceptual hashes of covers lie, as a figure."""

import numpy as np
from numpy.typing import NDArray

from kpop_assets.insight.figures import BLUE, PINK, dashed_line, new_figure, png_of, tidy

SAME, DIFFERENT = PINK, BLUE


def duplicate_distances_figure(counts: NDArray[np.int64], threshold: int, title: str) -> bytes:
    """Return the histogram of pair distances as PNG bytes, 960x480 pixels.

    `counts` is int64 (65,): how many pairs of covers lie 0, 1, .. 64 bits apart. Pairs up to
    `threshold` bits count as one picture and have another colour. The scale is logarithmic, since
    a few repeats stand against a great many pairs of strangers.
    """
    bits = np.arange(len(counts))
    same = bits <= threshold
    figure = new_figure()
    axes = figure.add_subplot()
    for chosen, colour, label in (
        (same, SAME, "count as the same picture"),
        (~same, DIFFERENT, "count as different pictures"),
    ):
        pairs = f"{counts[chosen].sum():,} pairs {label}"
        axes.bar(bits[chosen], counts[chosen], width=1.5, color=colour, label=pairs)
    dashed_line(axes, threshold + 1)
    axes.annotate(
        f"threshold {threshold} bits",
        (threshold + 1, 0.97),
        xycoords=("data", "axes fraction"),
        xytext=(6, 0),
        textcoords="offset points",
        va="top",
    )
    axes.set_yscale("symlog", linthresh=1)
    axes.set_ylim(0, max(10.0, 30.0 * float(counts.max(initial=1))))
    axes.set_xlim(-1.5, 64.5)
    axes.set_xticks(range(0, 65, 8))
    axes.set_xlabel("bits in which the perceptual hashes of a pair differ")
    axes.set_ylabel("pairs of covers")
    tidy(axes, title)
    axes.legend(frameon=False, loc="upper right")
    return png_of(figure)
