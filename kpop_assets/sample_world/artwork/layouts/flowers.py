"""Flowers from Bezier petals: one large blossom, scattered petals, stems."""

import math

from kpop_assets.sample_world.artwork import captions
from kpop_assets.sample_world.artwork.canvas import Canvas, Pen, Point
from kpop_assets.sample_world.artwork.layouts.grounds import soft_ground
from kpop_assets.sample_world.artwork.palette import INK, PAPER, Color, distinct, mix, readable


def petal(
    x: float, y: float, length: float, width: float, angle: float, notch: float = 0.0
) -> list[Point]:
    """The outline of a petal rooted at (x, y): two cubic curves, with a notch 0..0.3 at the tip."""
    half = []
    controls = ((0.0, 0.0), (0.18, width * 1.05), (0.80, width * 1.15), (1.0, notch * width * 1.6))
    for step in range(15):
        t = step / 14
        w = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        half.append(
            (
                sum(a * c[0] for a, c in zip(w, controls, strict=True)),
                sum(a * c[1] for a, c in zip(w, controls, strict=True)),
            )
        )
    tip = [(1.0 - notch * 0.4, 0.0)] if notch else []
    outline = [*half, *tip, *[(u, -v) for u, v in reversed(half)]]
    c, s = math.cos(angle), math.sin(angle)
    return [(x + length * (u * c - v * s), y + length * (u * s + v * c)) for u, v in outline]


def _bloom(
    pen: Pen, canvas: Canvas, x: float, y: float, r: float, colors: tuple[Color, Color, Color]
) -> None:
    count = int(canvas.rng.integers(5, 14))
    width = canvas.between(0.20, 0.36) if count > 7 else canvas.between(0.34, 0.5)
    notch = canvas.pick((0.0, 0.0, 0.25))
    turn = canvas.between(0, 6.28)
    outer, inner, heart = colors
    for ring, (reach, color) in enumerate(
        ((1.0, outer), (0.72, mix(outer, inner, 0.5)), (0.46, inner))
    ):
        for i in range(count):
            angle = turn + ring * math.pi / count + 2 * math.pi * i / count
            shade = mix(color, INK if i % 2 else PAPER, 0.06)
            pen.polygon(
                petal(x, y, r * reach * canvas.between(0.94, 1.05), width, angle, notch), shade
            )
            pen.line(
                [
                    (x, y),
                    (x + r * reach * 0.7 * math.cos(angle), y + r * reach * 0.7 * math.sin(angle)),
                ],
                mix(shade, inner, 0.35),
                r * 0.012,
            )
    pen.disc(x, y, r * 0.15, heart)
    for i in range(14):
        a = 2 * math.pi * i / 14
        pen.disc(x + r * 0.2 * math.cos(a), y + r * 0.2 * math.sin(a), r * 0.018, heart)


def _flower_colors(canvas: Canvas) -> tuple[Color, Color, Color]:
    p = canvas.palette
    outer = distinct(canvas.pick((p.accent, p.spot, p.second)), p.ground, 1.5)
    return (
        outer,
        mix(outer, canvas.pick((PAPER, p.ink, p.spot)), 0.55),
        distinct(p.spot, outer, 2.4),
    )


def blossom(canvas: Canvas) -> None:
    """One blossom, huge, cropped or centred."""
    soft_ground(canvas)
    centred = canvas.chance(0.4)
    x, y = (0.5, 0.46) if centred else (canvas.between(0.0, 1.0), canvas.between(0.05, 0.8))
    r = canvas.between(0.27, 0.4) if centred else canvas.between(0.45, 0.85)
    with canvas.pen() as pen:
        _bloom(pen, canvas, x, y, r, _flower_colors(canvas))
    captions.caption(
        canvas,
        ("corners", "foot_line", "foot_centre", "foot_left")
        if centred or y < 0.5
        else ("head_left", "head_centre"),
    )


def scattered_petals(canvas: Canvas) -> None:
    """Petals or blossoms adrift across the cover, thick on one side."""
    p = canvas.palette
    soft_ground(canvas)
    lean = canvas.between(0, 6.28)
    colors = _flower_colors(canvas)
    whole = canvas.chance(0.45)
    with canvas.pen() as pen:
        for _ in range(
            int(canvas.rng.integers(9, 20)) if whole else int(canvas.rng.integers(30, 80))
        ):
            x, y = canvas.between(0, 1), canvas.between(0, 1)
            side = (x - 0.5) * math.cos(lean) + (y - 0.5) * math.sin(lean)
            if canvas.chance(0.5 - side * 1.4):
                continue
            if whole:
                _bloom(pen, canvas, x, y, canvas.between(0.06, 0.17), colors)
            else:
                pen.polygon(
                    petal(
                        x,
                        y,
                        canvas.between(0.05, 0.14),
                        canvas.between(0.25, 0.45),
                        canvas.between(0, 6.28),
                        canvas.pick((0.0, 0.25)),
                    ),
                    mix(colors[0], colors[1], canvas.between(0, 1)),
                )
    if canvas.chance(0.4):
        with canvas.pen() as pen:
            pen.rectangle((0.05, 0.05, 0.95, 0.95), line=readable(p.ink, p.ground), width=0.004)
        captions.block(
            canvas,
            canvas.words.title,
            captions.head_face(canvas),
            (0.5, 0.42),
            0.7,
            0.2,
            "mt",
            p.ink,
            2,
            0.2,
        )
        captions.caption(canvas, ("foot_line",), margin=0.09, shown=canvas.words.title)
    else:
        dense_low = math.sin(lean) > 0
        captions.caption(
            canvas,
            ("head_left", "head_centre")
            if dense_low
            else ("foot_left", "foot_centre", "foot_right"),
        )


def stems(canvas: Canvas) -> None:
    """Flowers on stems rising from the lower edge, botanical and flat."""
    p = canvas.palette
    soft_ground(canvas, 0.7)
    colors = _flower_colors(canvas)
    green = mix(p.ink, colors[0], 0.3) if canvas.chance(0.5) else mix((40, 96, 66), p.ground, 0.25)
    green = distinct(green, p.ground, 2.4)
    count = int(canvas.rng.integers(1, 7))
    with canvas.pen() as pen:
        for i in range(count):
            foot = 0.5 + (i - (count - 1) / 2) * canvas.between(0.02, 0.12)
            head = (
                0.5 + (i - (count - 1) / 2) * 0.78 / max(count, 2) + canvas.between(-0.05, 0.05),
                canvas.between(0.33, 0.6),
            )
            bend = (head[0] + canvas.between(-0.12, 0.12), 0.75)
            curve = [
                (
                    (1 - t) ** 2 * foot + 2 * t * (1 - t) * bend[0] + t * t * head[0],
                    (1 - t) ** 2 * 1.05 + 2 * t * (1 - t) * bend[1] + t * t * head[1],
                )
                for t in (j / 20 for j in range(21))
            ]
            pen.line(curve, green, 0.009)
            for place in (7, 11):
                x, y = curve[place]
                for side in (-1, 1):
                    pen.polygon(
                        petal(
                            x,
                            y,
                            canvas.between(0.08, 0.16),
                            0.26,
                            -math.pi / 2 + side * canvas.between(0.5, 1.1),
                        ),
                        green,
                    )
            _bloom(
                pen,
                canvas,
                *head,
                canvas.between(0.09, 0.17) if count > 2 else canvas.between(0.16, 0.26),
                colors,
            )
    captions.caption(canvas, ("head_centre", "columns", "head_centre", "head_left"))
