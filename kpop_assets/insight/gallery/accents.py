"""The colours of the page, taken from the covers that it shows."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.insight.measuring.palettes import Palette, lab_of, rgb_of

Floats = NDArray[np.float64]

LEAST_CHROMA = 18.0
DEFAULT_HUES = (350.0, 265.0)
"""Degrees in CIELAB: pink and blue, where covers have no colours."""
SCHEMES = {"light": (42.0, 52.0), "dark": (76.0, 38.0)}
"""CIELAB lightness, read on white paper and on a dark ground with 4.5 to 1 and more; and chroma."""


@dataclass(frozen=True)
class Accents:
    """Three colours as #rrggbb: of covers, of generated ones and of what is neither."""

    real: str
    made: str
    third: str


def accents(palettes: Iterable[Palette]) -> dict[str, Accents]:
    """Return the accents for a light and a dark page.

    Their hues are the most vivid one of the palettes and, of the others, the one farthest from it;
    lightness and chroma are fixed, so that text in them is read.
    """
    first, second = _hues([colour for one in palettes for colour in one.colours])
    third = _between(first, second)
    return {
        scheme: Accents(*(_colour(lightness, chroma, hue) for hue in (first, second, third)))
        for scheme, (lightness, chroma) in SCHEMES.items()
    }


def _hues(colours: list[str]) -> tuple[float, float]:
    levels = np.array([list(bytes.fromhex(one[1:])) for one in colours], np.uint8).reshape(-1, 3)
    _, a, b = lab_of(levels).T
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a)) % 360
    hue, chroma = hue[chroma >= LEAST_CHROMA], chroma[chroma >= LEAST_CHROMA]
    if not len(hue):
        return DEFAULT_HUES
    first = float(hue[chroma.argmax()])
    away = np.abs((hue - first + 180) % 360 - 180)
    farthest = float(hue[away.argmax()])
    return first, farthest if away.max() > 60 else (first + 150) % 360


def _between(first: float, second: float) -> float:
    """Return the middle of the longer way from one hue to the other."""
    way = (second - first) % 360
    return (first + way / 2 + (0 if way >= 180 else 180)) % 360


def _colour(lightness: float, chroma: float, hue: float) -> str:
    angle = np.radians(hue)
    lab = np.array([[lightness, chroma * np.cos(angle), chroma * np.sin(angle)]])
    red, green, blue = rgb_of(lab)[0]
    return f"#{red:02x}{green:02x}{blue:02x}"
