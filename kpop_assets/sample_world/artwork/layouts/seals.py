"""Seals: words set around the rim of a coin."""

import math

from kpop_assets.sample_world.artwork import captions
from kpop_assets.sample_world.artwork.canvas import Canvas, Point, circle_points
from kpop_assets.sample_world.artwork.layouts.grounds import bold_ground
from kpop_assets.sample_world.artwork.palette import Color, distinct, mix, readable


def seal(canvas: Canvas) -> None:
    """A coin with the words around its rim and one letter inside."""
    bold_ground(canvas)
    cx, cy, r = (
        0.5 + canvas.between(-0.1, 0.1),
        0.46 + canvas.between(-0.06, 0.06),
        canvas.between(0.28, 0.38),
    )
    color, p = distinct(canvas.palette.accent, canvas.palette.ground, 3.0), canvas.palette
    inner = mix(color, p.ground, canvas.pick((0.0, 0.12, 1.0)))
    with canvas.pen() as pen:
        pen.disc(cx, cy, r, color)
        pen.disc(cx, cy, r * 0.965, inner)
        pen.ring(cx, cy, r * 0.72, p.ground if inner != p.ground else color, 0.006)
        teeth = int(canvas.rng.integers(24, 60))
        if canvas.chance(0.5):
            for x, y in circle_points(cx, cy, r * 0.965, teeth):
                pen.disc(x, y, r * 0.03, p.spot)
    ink = readable(p.ground if inner != p.ground else color, inner)
    _around(
        canvas,
        f"{canvas.words.artist} ★ {canvas.words.title} ★ ",
        (cx, cy),
        r * 0.84,
        r * 0.13,
        ink,
    )
    letter = canvas.words.title[:1].upper() if canvas.chance(0.5) else canvas.words.artist[:1]
    canvas.text(
        letter,
        canvas.pick(("display", "serif", "techno")),
        (cx, cy),
        height=r * 0.75,
        width=r * 0.95,
        anchor="mm",
        color=ink,
    )
    captions.caption(canvas, ("foot_centre", "foot_line", "corners"))


def _around(canvas: Canvas, text: str, centre: Point, radius: float, em: float, ink: Color) -> None:
    count = max(1, round(2 * math.pi * radius / (em * 0.8) / len(text)))
    letters = text * count
    for i, letter in enumerate(letters):
        a = 2 * math.pi * i / len(letters)
        at = (centre[0] + radius * math.sin(a), centre[1] - radius * math.cos(a))
        canvas.text(
            letter, "bold", at, em=em, anchor="mm", color=ink, angle=-math.degrees(a), legible=False
        )
