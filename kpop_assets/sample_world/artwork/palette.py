"""Colours of a cover: a concept per style, then one harmonious palette drawn within it."""

import colorsys
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal

import numpy as np

Style = Literal["boy", "girl", "mixed", "general"]
Color = tuple[int, int, int]

PAPER: Color = (247, 246, 243)
INK: Color = (18, 18, 20)

CONCEPT_WEIGHTS: Mapping[Style, Mapping[str, float]] = MappingProxyType(
    {
        "girl": {"pastel": 0.31, "vivid": 0.22, "white": 0.25, "dusk": 0.08, "muted": 0.05}
        | {"dark": 0.05, "mono": 0.06},
        "boy": {"pastel": 0.06, "vivid": 0.19, "white": 0.20, "dusk": 0.04, "muted": 0.09}
        | {"dark": 0.22, "mono": 0.21},
        "mixed": {"pastel": 0.13, "vivid": 0.23, "white": 0.22, "dusk": 0.08, "muted": 0.07}
        | {"dark": 0.13, "mono": 0.14},
        "general": {"pastel": 0.13, "vivid": 0.28, "white": 0.21, "dusk": 0.09, "muted": 0.07}
        | {"dark": 0.12, "mono": 0.10},
    }
)
"""Share of each colour concept by style: girl leans pastel, boy dark and grey, modestly."""

_HUES: Mapping[Style, tuple[tuple[float, float, float], ...]] = MappingProxyType(
    {
        "girl": (
            (342, 20, 0.46),
            (275, 22, 0.13),
            (28, 16, 0.11),
            (165, 16, 0.07),
            (208, 16, 0.10),
        ),
        "boy": ((214, 22, 0.31), (3, 10, 0.19), (140, 28, 0.09), (42, 10, 0.12), (262, 18, 0.08)),
        "mixed": ((214, 30, 0.15), (345, 20, 0.18), (45, 14, 0.15), (165, 25, 0.12)),
        "general": ((350, 25, 0.20), (45, 14, 0.14), (205, 25, 0.18), (165, 25, 0.10)),
    }
)
"""Hue priors as (centre degrees, spread degrees, weight); the rest of the weight is any hue."""


VIVID_SCHEMES: tuple[tuple[str, ...], ...] = tuple(
    tuple(line.split())
    for line in (
        "FF4F8B FF8FB1 FFF3C9 2B2D7F FFFFFF",
        "F72585 7209B7 FDE74C 4CC9F0 FFFFFF",
        "FF6B6B FFD166 FFF8E7 1A535C 1A1A1A",
        "E63973 F9B4C8 1D1D3B FFD23F FFFFFF",
        "FF7EB6 FFB86B 3C2A8C FFF6D6 FFFFFF",
        "D7263D F46036 F5E9D3 1B1B3A FFFFFF",
        "C1121F 780000 FDF0D5 669BBC FFFFFF",
        "0A2463 3E92CC FFFAFF D8315B FFFFFF",
        "1446A0 3C91E6 F5D547 DB3069 FFFFFF",
        "2E31D9 6A5CFF FF5E5B F6F4EC FFFFFF",
        "0B6E4F 2FA36B F5F1E3 FA9F42 FFFFFF",
        "FFC700 FF9500 1D1D1F E4312B 1D1D1F",
        "FFD60A FFF3B0 003566 D00000 001D3D",
        "F77F00 FCBF49 003049 EAE2B7 FFFFFF",
        "00A6A6 7CDEDC F49F0A FFF0B3 0B2B33",
        "6A0DAD B388EB F7AEF8 8093F1 FFFFFF",
        "8A1253 C3203F FB8B24 F3D9B1 FFFFFF",
        "3A0CA3 4361EE F72585 4CC9F0 FFFFFF",
        "FF3D2E FFB199 FFFFFF 16161D FFFFFF",
        "1B87B5 7FD1D8 FFD166 EF476F FFFFFF",
        "264653 2A9D8F E9C46A E76F51 FFFFFF",
        "EE4266 FFD23F 3BCEAC 540D6E FFFFFF",
        "B5179E 7209B7 FFCAD4 F8F7FF FFFFFF",
        "1F7A5C A8C686 F4E285 F4F1DE FFFFFF",
        "FF9F1C FFBF69 1B998B FFFDF7 0B132B",
        "D6F04A F3F8D0 5B2EFF 1D1D1D 1D1D1D",
        "5BC0EB E3F6FF FDE74C E55934 0B2545",
        "8E2DE2 F54EA2 FFE29A 1C1140 FFFFFF",
        "FF5D8F FF97B7 FFF9FB 5DA9E9 FFFFFF",
        "00587A 008891 E7E7DE F6A43C FFFFFF",
    )
)
"""Ground, second ground, accent, spot and ink of hand-picked vivid colour schemes (RRGGBB)."""


def hsv(hue: float, saturation: float, value: float) -> Color:
    """RGB bytes of a hue in degrees with saturation and value in 0..1 (clipped).

    Limes and greens, which a screen shows harsher than print does, are toned down.
    """
    harsh = max(0.0, 1 - abs(hue % 360 - 118) / 52)
    saturation, value = saturation * (1 - 0.34 * harsh), value * (1 - 0.12 * harsh)
    red, green, blue = colorsys.hsv_to_rgb(
        (hue % 360) / 360, min(max(saturation, 0.0), 1.0), min(max(value, 0.0), 1.0)
    )
    return round(red * 255), round(green * 255), round(blue * 255)


def mix(first: Color, second: Color, share: float) -> Color:
    """The colour `share` (0..1) of the way from first to second."""
    return (
        round(first[0] + (second[0] - first[0]) * share),
        round(first[1] + (second[1] - first[1]) * share),
        round(first[2] + (second[2] - first[2]) * share),
    )


def luminance(color: Color) -> float:
    """Relative luminance 0..1 (WCAG 2.2 definition)."""
    linear = [
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
        for c in (v / 255 for v in color)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(first: Color, second: Color) -> float:
    """WCAG contrast ratio, 1..21."""
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def readable(preferred: Color, ground: Color, least: float = 3.0) -> Color:
    """The preferred ink if it stands out from the ground, else the better of paper and ink."""
    if contrast(preferred, ground) >= least:
        return preferred
    return max((PAPER, INK), key=lambda ink: contrast(ink, ground))


def distinct(color: Color, ground: Color, least: float = 2.0) -> Color:
    """The colour, made lighter or darker in steps until it stands out from the ground."""
    goal = PAPER if contrast(PAPER, ground) > contrast(INK, ground) else INK
    if luminance(ground) > 0.3 and luminance(color) < luminance(ground):
        goal = INK
    for step in range(9):
        moved = mix(color, goal, step / 8)
        if contrast(moved, ground) >= least:
            return moved
    return goal


@dataclass(frozen=True)
class Palette:
    """Two grounds that go together, two accents, an ink for type, and the concept's name."""

    concept: str
    ground: Color
    second: Color
    accent: Color
    spot: Color
    ink: Color

    @property
    def is_dark(self) -> bool:
        """Whether the ground is dark enough for light type."""
        return luminance(self.ground) < 0.18

    @property
    def stops(self) -> tuple[Color, Color, Color, Color]:
        """Four colours in an order that blends well."""
        return self.ground, self.second, self.spot, self.accent


def _hue_of(code: str) -> float:
    red, green, blue = bytes.fromhex(code)
    return colorsys.rgb_to_hsv(red / 255, green / 255, blue / 255)[0] * 360


def _turned(code: str, degrees: float, tone: float) -> Color:
    hue, saturation, value = colorsys.rgb_to_hsv(*(v / 255 for v in bytes.fromhex(code)))
    rgb = colorsys.hsv_to_rgb((hue + degrees / 360) % 1, saturation, min(1.0, value * tone))
    return round(rgb[0] * 255), round(rgb[1] * 255), round(rgb[2] * 255)


def _hue(style: Style, rng: np.random.Generator) -> float:
    draw = rng.random()
    for centre, spread, weight in _HUES[style]:
        if draw < weight:
            return float(rng.normal(centre, spread / 1.5)) % 360
        draw -= weight
    return float(rng.uniform(0, 360))


def _vivid(hue: float, rng: np.random.Generator) -> Palette:
    """A vivid scheme, rather one whose ground is near the hue, turned by a few degrees."""
    away = np.array([abs((_hue_of(s[0]) - hue + 180) % 360 - 180) for s in VIVID_SCHEMES])
    likely = np.exp(-away / 28)
    scheme = VIVID_SCHEMES[int(rng.choice(len(likely), p=likely / likely.sum()))]
    turn, tone = float(rng.normal(0, 6)), float(rng.uniform(0.92, 1.04))
    ground, second, accent, spot, ink = (_turned(color, turn, tone) for color in scheme)
    if rng.random() < 0.25:
        ground, second = second, ground
    return Palette("vivid", ground, second, accent, spot, ink)


def draw_palette(style: Style, rng: np.random.Generator) -> Palette:
    """One palette for the style, from its concept weights and hue priors."""
    weights = CONCEPT_WEIGHTS[style]
    probabilities = np.array(list(weights.values()))
    concept = str(rng.choice(list(weights), p=probabilities / probabilities.sum()))
    hue = _hue(style, rng)
    near = hue + float(rng.choice([-1, 1])) * float(rng.uniform(22, 60))
    far = hue + float(rng.choice([120, 150, 180, 210, 240])) + float(rng.uniform(-12, 12))
    u = rng.uniform
    if concept == "pastel":
        return Palette(
            concept,
            hsv(hue, u(0.16, 0.38), u(0.90, 0.99)),
            hsv(near, u(0.14, 0.40), u(0.88, 0.99)),
            hsv(far if rng.random() < 0.4 else hue, u(0.55, 0.85), u(0.35, 0.85)),
            PAPER if rng.random() < 0.35 else hsv(near + 30, u(0.35, 0.65), u(0.7, 0.97)),
            hsv(hue, u(0.5, 0.75), u(0.22, 0.42)),
        )
    if concept == "vivid":
        return _vivid(hue, rng)
    if concept == "dark":
        metal = hsv(u(36, 46), u(0.35, 0.55), u(0.75, 0.92))
        silver = hsv(215, u(0.02, 0.10), u(0.72, 0.92))
        neon = hsv(hue, u(0.7, 0.95), 1.0)
        accents = (metal, silver, neon)
        pick = int(rng.integers(3))
        return Palette(
            concept,
            hsv(hue, u(0.1, 0.6), u(0.04, 0.15)),
            hsv(near, u(0.3, 0.75), u(0.18, 0.42)),
            accents[pick],
            accents[(pick + 1) % 3],
            mix(PAPER, accents[pick], u(0, 0.5)),
        )
    if concept == "mono":
        grey = float(rng.choice([0.98, 0.98, 0.90, 0.55, 0.12, 0.06, 0.05]))
        flip = 0.08 if grey > 0.5 else 0.94
        spot = hsv(_hue(style, rng), u(0.75, 0.95), u(0.8, 0.98))
        return Palette(
            concept,
            hsv(hue, 0.03, grey),
            hsv(hue, 0.04, grey * 0.7 if grey > 0.5 else grey + 0.25),
            hsv(hue, 0.03, flip),
            spot if rng.random() < 0.4 else hsv(hue, 0.03, 0.5),
            hsv(hue, 0.03, flip),
        )
    if concept == "white":
        return Palette(
            concept,
            hsv(hue, u(0.0, 0.03), u(0.97, 1.0)),
            hsv(near, u(0.02, 0.22), u(0.92, 1.0)),
            hsv(hue, u(0.65, 0.95), u(0.55, 0.95)) if rng.random() < 0.55 else INK,
            hsv(far, u(0.5, 0.9), u(0.75, 0.97)),
            INK if rng.random() < 0.7 else hsv(hue, 0.7, 0.35),
        )
    if concept == "muted":
        return Palette(
            concept,
            hsv(hue, u(0.14, 0.42), u(0.45, 0.86)),
            hsv(near, u(0.20, 0.50), u(0.30, 0.75)),
            hsv(far, u(0.35, 0.7), u(0.6, 0.92)) if rng.random() < 0.6 else PAPER,
            hsv(near + 40, u(0.4, 0.7), u(0.35, 0.8)),
            PAPER if rng.random() < 0.55 else INK,
        )
    return Palette(
        "dusk",
        hsv(hue, u(0.35, 0.65), u(0.78, 0.97)),
        hsv(hue + float(rng.choice([-1, 1])) * u(60, 140), u(0.35, 0.7), u(0.60, 0.95)),
        hsv(far, u(0.2, 0.6), 0.98),
        hsv(near, u(0.4, 0.75), u(0.8, 0.98)),
        PAPER,
    )
