"""What all figures share: size, colours, axes, PNG."""

import io
from typing import Literal

from matplotlib.axes import Axes
from matplotlib.figure import Figure

PINK, BLUE, GREEN, AMBER, PURPLE, GREY = COLOURS = (
    *("#d6467f", "#3b6fb6", "#5fb0a5", "#c08a2d", "#7a5195", "#555555"),
)
PIXELS_PER_INCH = 120
WIDE = (960, 480)
"""Pixels that fit the dialogs of the UI."""


def new_figure(pixels: tuple[int, int] = WIDE) -> Figure:
    """Return an empty figure of this width and height."""
    width, height = pixels
    size = (width / PIXELS_PER_INCH, height / PIXELS_PER_INCH)
    return Figure(figsize=size, dpi=PIXELS_PER_INCH, layout="constrained")


def tidy(axes: Axes, title: str = "", grid: Literal["x", "y"] = "y") -> None:
    """Give axes a title, pale lines across, and no frame at the top and on the right."""
    axes.set_title(title, loc="left", fontweight="bold")
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(axis=grid, alpha=0.25)


def dashed_line(axes: Axes, place: float) -> None:
    """Mark a place on the horizontal axis."""
    axes.axvline(place, color=GREY, linewidth=0.9, linestyle="--")


def png_of(figure: Figure) -> bytes:
    """Return the figure as PNG."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png")
    return buffer.getvalue()
