"""Pictures that may be no album cover, by plain measures; a person decides.

Each rule names a reason. Its limits were set by looking at every picture it flags among 300 crawled
ones: docs/not-covers.md has the counts.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Reason = Literal[
    "aspect far from square",
    "small",
    "almost one colour",
    "page of text",
    "bars at two sides",
    "frame around it",
    "several pictures in a grid",
]

MEASURED_PIXELS = 256
LEAST_ASPECT = 0.85
"""Short side by long side; between 0.83 and 0.87 there was a gap in the crawled pictures."""
LEAST_SIDE = 256
"""Pixels; what is smaller would be enlarged more than twice for the cover tensors."""
LEAST_INK = 0.01
"""Share of pixels that differ from the middle colour; the plainest true covers had 0.04."""
MOST_INK_OF_TEXT = 0.2
LEAST_LINES = 5
LEAST_LETTERS = 5
MOST_LINE_HEIGHT = 0.06
LEAST_BAR = 0.035
"""Share of the picture's side."""
MOST_BAR_DIFFERENCE = 0.02
LEAST_BAR_EDGE = 0.6
"""Share of the pixels beside a bar that differ from it: less is a plain ground, no bar."""
LEAST_FRAME_EDGE = 0.65
MOST_GROUND_IN_FRAME = 0.5
LEAST_SEAM = 0.85
"""Share of a line across the picture at which neighbours differ."""
DIFFERENT = 24
"""Levels of 255 in the channel that differs most."""
UNIFORM = 0.02
"""Share of a row that may differ in a plain margin."""

Pixels = NDArray[np.int16]


def not_cover_reasons(picture: Image.Image, size: tuple[int, int]) -> list[Reason]:
    """Return why the picture may be no cover, in a fixed order; an empty list for most covers.

    `picture` is a picture of any size and mode, `size` its width and height in pixels before it was
    shrunk, if it was. The measures are taken at 256 pixels on the long side.
    """
    scale = MEASURED_PIXELS / max(picture.size)
    width, height = (max(1, round(side * scale)) for side in picture.size)
    measured = picture.convert("RGB").resize((width, height), Image.Resampling.BOX)
    pixels = np.asarray(measured, dtype=np.int16)
    ink = _differs(pixels, _median(pixels))
    margins = _margins(pixels)
    holds: dict[Reason, bool] = {
        "aspect far from square": min(size) < LEAST_ASPECT * max(size),
        "small": min(size) < LEAST_SIDE,
        "almost one colour": bool(ink.mean() < LEAST_INK),
        "page of text": _is_page_of_text(ink),
        "bars at two sides": _has_bars(margins),
        "frame around it": _is_framed(pixels, margins),
        "several pictures in a grid": _is_grid(pixels),
    }
    return [reason for reason, flagged in holds.items() if flagged]


def _differs(left: Pixels, right: Pixels) -> NDArray[np.bool_]:
    red, green, blue = (np.abs(left[..., c] - right[..., c]) > DIFFERENT for c in range(3))
    return np.asarray(red | green | blue)


def _median(pixels: Pixels) -> Pixels:
    return np.median(pixels.reshape(-1, 3), axis=0).astype(np.int16)


def _is_page_of_text(ink: NDArray[np.bool_]) -> bool:
    """Many low lines of many separate letters on a plain ground."""
    if ink.mean() > MOST_INK_OF_TEXT:
        return False
    starts = np.count_nonzero(ink[:, 1:] & ~ink[:, :-1], axis=1)
    rows = np.concatenate([[0], ink.any(axis=1).astype(np.int8), [0]])
    tops, ends = np.flatnonzero(np.diff(rows) == 1), np.flatnonzero(np.diff(rows) == -1)
    lines = [
        top
        for top, end in zip(tops, ends, strict=True)
        if end - top <= MOST_LINE_HEIGHT * len(ink) and starts[top:end].max() >= LEAST_LETTERS
    ]
    return len(lines) >= LEAST_LINES


@dataclass(frozen=True)
class _Margin:
    """The plain rows at one side: their share of the picture, and how sharply they end."""

    share: float
    sharpness: float
    colour: Pixels

    @property
    def is_black_or_white(self) -> bool:
        return bool((self.colour >= 255 - DIFFERENT).all() or (self.colour <= DIFFERENT).all())


Margins = tuple[_Margin, _Margin, _Margin, _Margin]


def _margins(pixels: Pixels) -> Margins:
    """Return the margins at top, bottom, left and right."""
    across = pixels.transpose(1, 0, 2)
    return _margin(pixels), _margin(pixels[::-1]), _margin(across), _margin(across[::-1])


def _margin(pixels: Pixels) -> _Margin:
    """Return the margin at the top."""
    colour = _median(pixels[0])
    other = _differs(pixels, colour).mean(axis=1)
    plain = int(np.argmax(other > UNIFORM)) if (other > UNIFORM).any() else len(pixels)
    sharpness = float(other[plain : plain + 3].max(initial=0))
    return _Margin(plain / len(pixels), sharpness, colour)


def _has_bars(margins: Margins) -> bool:
    """Black or white bars of one size at two opposite sides, the picture reaching the others."""
    top, bottom, left, right = margins
    for one, other, beside in ((top, bottom, (left, right)), (left, right, (top, bottom))):
        thin, thick = sorted((one.share, other.share))
        if (
            one.is_black_or_white
            and other.is_black_or_white
            and thin >= LEAST_BAR
            and thick - thin <= MOST_BAR_DIFFERENCE
            and min(one.sharpness, other.sharpness) >= LEAST_BAR_EDGE
            and all(margin.share < LEAST_BAR / 2 for margin in beside)
        ):
            return True
    return False


def _is_framed(pixels: Pixels, margins: Margins) -> bool:
    """A black or white margin around a box whose inside is mostly of other colours."""
    if not all(
        margin.is_black_or_white
        and margin.share >= LEAST_BAR
        and margin.sharpness >= LEAST_FRAME_EDGE
        for margin in margins
    ):
        return False
    height, width = pixels.shape[:2]
    top, bottom, left, right = (margin.share for margin in margins)
    inside = pixels[
        round(top * height) : round((1 - bottom) * height),
        round(left * width) : round((1 - right) * width),
    ]
    return bool(_differs(inside, margins[0].colour).mean() >= 1 - MOST_GROUND_IN_FRAME)


def _is_grid(pixels: Pixels) -> bool:
    """At least one seam from side to side and one from top to bottom, away from the edges."""
    return _has_seam(pixels) and _has_seam(pixels.transpose(1, 0, 2))


def _has_seam(pixels: Pixels) -> bool:
    seams = _differs(pixels[2:], pixels[:-2]).mean(axis=1)
    fifth = len(pixels) // 5
    return bool((seams[fifth : len(seams) - fifth] >= LEAST_SEAM).any())
