"""Line drawings: one unbroken line, contours, strings."""

import math

import numpy as np

from kpop_assets.sample_world.artwork import captions, texture
from kpop_assets.sample_world.artwork.canvas import Canvas, Point, smooth_path
from kpop_assets.sample_world.artwork.layouts.grounds import soft_ground
from kpop_assets.sample_world.artwork.palette import distinct

_CAPTIONS = ("corners", "foot_line", "foot_centre", "head_left", "columns", "foot_left")


def _heart(t: float) -> Point:
    return (
        16 * math.sin(t) ** 3 / 17,
        -(13 * math.cos(t) - 5 * math.cos(2 * t) - 2 * math.cos(3 * t) - math.cos(4 * t)) / 17,
    )


def single_line(canvas: Canvas) -> None:
    """A heart, knot, loop or scribble drawn in one line that runs off the edges."""
    p = canvas.palette
    soft_ground(canvas)
    cx, cy, r = canvas.between(0.4, 0.6), canvas.between(0.4, 0.52), canvas.between(0.2, 0.33)
    kind = canvas.pick(("heart", "knot", "scribble", "infinity", "rose", "wave"))
    sweep = np.linspace(0, 2 * math.pi, 90)
    wobble = canvas.between(0, 0.06)
    if kind == "heart":
        figure = [_heart(t + 0.25) for t in np.linspace(0, 2 * math.pi * 0.96, 70)]
    elif kind == "knot":
        a, b = canvas.pick(((2, 3), (3, 4), (3, 2), (5, 3)))
        figure = [(math.sin(a * t + 0.5), math.sin(b * t)) for t in np.linspace(0, 6.1, 140)]
    elif kind == "infinity":
        figure = [(1.3 * math.cos(t), math.sin(2 * t) * 0.6) for t in sweep + 0.4]
    elif kind == "rose":
        k = canvas.pick((3, 5, 7, 2.5))
        span = 4 * math.pi if k == 2.5 else math.pi * 1.98
        figure = [
            (math.cos(k * t) * math.cos(t), math.cos(k * t) * math.sin(t))
            for t in np.linspace(0.1, span, 220)
        ]
    elif kind == "wave":
        figure = [
            (t / 3.14 - 1, math.sin(t * canvas.pick((2, 3))) * math.sin(t / 2) * 0.9)
            for t in np.linspace(0, 6.28, 60)
        ]
    else:
        figure = [
            (canvas.between(-1, 1), canvas.between(-1, 1))
            for _ in range(int(canvas.rng.integers(9, 20)))
        ]
        figure = smooth_path(figure, 12)
    turn = canvas.between(-0.5, 0.5)
    shape = [
        (
            cx
            + r * (x * math.cos(turn) - y * math.sin(turn))
            + wobble * math.sin(7 * i / len(figure)),
            cy + r * (x * math.sin(turn) + y * math.cos(turn)),
        )
        for i, (x, y) in enumerate(figure)
    ]
    way_in = [
        (-0.08, canvas.between(0.2, 0.95)),
        (canvas.between(0.02, 0.2), canvas.between(0.5, 0.85)),
    ]
    way_out = [
        (canvas.between(0.8, 0.98), canvas.between(0.1, 0.85)),
        (1.08, canvas.between(0.05, 0.9)),
    ]
    path = (
        smooth_path([*way_in, *shape[:: max(1, len(shape) // 60)], *way_out], 10)
        if canvas.chance(0.75)
        else shape
    )
    color = distinct(p.accent, p.ground, 3.0)
    width = canvas.pick((0.004, 0.006, 0.010, 0.022, 0.04))
    with canvas.pen() as pen:
        if width > 0.01 and canvas.chance(0.5):
            pen.line([(x + 0.012, y + 0.014) for x, y in path], p.spot, width)
        pen.line(path, color, width)
    captions.caption(canvas, _CAPTIONS)


def contours(canvas: Canvas) -> None:
    """Height lines of an unknown country, evenly spaced or filled step by step."""
    p, n = canvas.palette, canvas.size
    noise = texture.smooth_noise(n, canvas.rng, int(canvas.rng.integers(2, 4)), 3, 0.4)
    levels = int(canvas.rng.integers(5, 15))
    height = noise * np.float32(levels)
    if canvas.chance(0.55):
        steps = np.floor(height) / np.float32(levels - 1)
        canvas.paint(texture.colored(steps, [p.stops[int(i)] for i in canvas.rng.permutation(4)]))
    gy, gx = np.gradient(height)
    slope = np.maximum(np.hypot(gx, gy), 1e-4)
    thick = canvas.pick((0.003, 0.005, 0.009)) * n
    away = np.abs(np.mod(height, 1) - 0.5)
    line = np.clip(thick / 2 + 0.5 - (0.5 - away) / slope, 0, 1)
    ink = distinct(p.accent, canvas.ground_under((0, 0, 1, 1)), 2.0)
    canvas.blend(ink, line.astype(np.float32))
    plate = canvas.pick(
        (
            (0.0, 0.82, 1.0, 1.0),
            (0.06, 0.06, 0.5, 0.26),
            (0.5, 0.74, 0.94, 0.94),
            (0.25, 0.38, 0.75, 0.62),
        )
    )
    x0, y0, x1, y1 = plate
    with canvas.pen() as pen:
        pen.rectangle(plate, p.ground)
    room = (x1 - x0) * 0.86
    canvas.text(
        canvas.words.title,
        captions.head_face(canvas),
        ((x0 + x1) / 2, y0 + (y1 - y0) * 0.42),
        em=0.1,
        width=room,
        height=(y1 - y0) * 0.42,
        anchor="mm",
    )
    canvas.text(
        canvas.words.artist,
        "light",
        ((x0 + x1) / 2, y0 + (y1 - y0) * 0.8),
        em=0.028,
        width=room,
        anchor="mm",
        tracking=0.12,
    )


def string_figure(canvas: Canvas) -> None:
    """Straight threads between points on curves: fans, envelopes, a globe."""
    p = canvas.palette
    soft_ground(canvas)
    color, other = distinct(p.accent, p.ground, 3.3), distinct(p.spot, p.ground, 2.4)
    kind = canvas.pick(("times", "fan", "arcs", "tunnel"))
    width = canvas.pick((0.002, 0.003, 0.004))
    cx, cy = 0.5 + canvas.between(-0.15, 0.15), 0.46 + canvas.between(-0.1, 0.1)
    with canvas.pen() as pen:
        if kind == "times":
            count, factor, r = 150, canvas.pick((2, 3, 4, 5, 7, 51)), canvas.between(0.33, 0.5)
            for i in range(count):
                a, b = 2 * math.pi * i / count + 0.7, 2 * math.pi * i * factor / count + 0.7
                pen.line(
                    [
                        (cx + r * math.cos(a), cy + r * math.sin(a)),
                        (cx + r * math.cos(b), cy + r * math.sin(b)),
                    ],
                    color if i % 3 else other,
                    width,
                )
        elif kind == "fan":
            start, bend = (
                (canvas.between(-0.1, 0.3), canvas.between(-0.1, 0.4)),
                (canvas.between(0.35, 0.65), canvas.between(0.7, 1.0)),
            )
            end = (canvas.between(0.7, 1.1), canvas.between(0.0, 0.5))
            for t in np.linspace(0, 1, 46):
                pen.line(
                    [
                        (start[0] + (bend[0] - start[0]) * t, start[1] + (bend[1] - start[1]) * t),
                        (bend[0] + (end[0] - bend[0]) * t, bend[1] + (end[1] - bend[1]) * t),
                    ],
                    color,
                    width,
                )
                pen.line(
                    [
                        (
                            1 - start[0] - (bend[0] - start[0]) * t,
                            start[1] + (bend[1] - start[1]) * t,
                        ),
                        (1 - bend[0] - (end[0] - bend[0]) * t, bend[1] + (end[1] - bend[1]) * t),
                    ],
                    other,
                    width,
                )
        elif kind == "arcs":
            for x, y in (
                (canvas.between(0, 0.4), canvas.between(0.6, 1)),
                (canvas.between(0.6, 1), canvas.between(0, 0.4)),
            ):
                gap = canvas.pick((0.018, 0.026, 0.04))
                for i in range(1, int(canvas.between(0.45, 0.75) / gap)):
                    pen.ring(x, y, gap * i, color if x < 0.5 else other, gap * 0.3)
        else:
            sides = canvas.pick((3, 4, 5, 6))
            for i in range(34):
                r, turn = 0.9 * 0.92**i, 0.07 * i * canvas.pick((1, 1, 1)) + cx * 9
                points = [
                    (
                        cx + r * math.cos(turn + 2 * math.pi * k / sides),
                        cy + r * math.sin(turn + 2 * math.pi * k / sides),
                    )
                    for k in range(sides)
                ]
                pen.line(points, color if i % 4 else other, width * 1.5, closed=True)
    captions.caption(canvas, ("foot_line", "corners"))
