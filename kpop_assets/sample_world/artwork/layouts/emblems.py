"""Emblems: one strong sign on a plain ground, as on many group debuts."""

import math

from kpop_assets.sample_world.artwork import captions
from kpop_assets.sample_world.artwork.canvas import Canvas, Point, circle_points
from kpop_assets.sample_world.artwork.layouts.grounds import bold_ground
from kpop_assets.sample_world.artwork.palette import Color, distinct, mix

_CAPTIONS = ("corners", "foot_centre", "foot_left", "columns", "spine", "foot_line")


def _centre(canvas: Canvas) -> tuple[float, float, float]:
    """Centre and radius of the sign: mostly in the middle, sometimes large and off to a side."""
    if canvas.chance(0.35):
        radius = canvas.between(0.38, 0.55)
        return canvas.between(0.25, 0.75), canvas.between(0.25, 0.6), radius
    return (
        0.5 + canvas.between(-0.06, 0.06),
        0.45 + canvas.between(-0.05, 0.03),
        canvas.between(0.22, 0.32),
    )


def _sign_color(canvas: Canvas) -> Color:
    return distinct(canvas.palette.accent, canvas.palette.ground, 3.0)


def ring_and_polygon(canvas: Canvas) -> None:
    """A ring around a star or polygon, some parts solid."""
    bold_ground(canvas)
    cx, cy, r = _centre(canvas)
    color, other = _sign_color(canvas), canvas.palette.spot
    count = int(canvas.rng.integers(3, 9))
    turn = canvas.between(0, math.pi)
    weight = canvas.pick((0.008, 0.016, 0.03, 0.05))
    kind = canvas.pick(("star", "solid", "chords", "nested", "eclipse"))
    outer = circle_points(cx, cy, r, count, turn)
    with canvas.pen() as pen:
        if canvas.chance(0.8):
            pen.ring(cx, cy, r * 1.12 + weight, color, weight)
        if kind == "star":
            inner = circle_points(
                cx, cy, r * canvas.between(0.3, 0.6), count, turn + math.pi / count
            )
            star = [point for pair in zip(outer, inner, strict=True) for point in pair]
            pen.polygon(star, color)
            for left, tip in zip([inner[-1], *inner[:-1]], outer, strict=True):
                pen.polygon([(cx, cy), left, tip], other)
        elif kind == "solid":
            pen.polygon(outer, color)
            pen.disc(cx, cy, r * canvas.between(0.2, 0.45), other)
        elif kind == "chords":
            for i, a in enumerate(outer):
                for b in outer[i + 1 :]:
                    pen.line([a, b], color, weight * 0.5)
            for x, y in outer:
                pen.disc(x, y, weight * 1.4, other)
        elif kind == "nested":
            for step in range(5):
                ring = circle_points(cx, cy, r * (1 - step * 0.19), count, turn + step * 0.35)
                pen.polygon(
                    ring, color if step % 2 == 0 else mix(other, canvas.palette.ground, 0.25)
                )
        else:
            away = canvas.between(0, 2 * math.pi)
            shift = r * canvas.between(0.15, 0.45)
            pen.disc(cx, cy, r, color)
            pen.disc(cx + shift * math.cos(away), cy + shift * math.sin(away), r * 0.86, other)
    captions.caption(canvas, _CAPTIONS)


def hexagon_lines(canvas: Canvas) -> None:
    """A sign of lines on a triangular lattice: cubes, mazes, letters of no alphabet."""
    bold_ground(canvas)
    cx, cy, r = _centre(canvas)
    weight = canvas.pick((0.007, 0.012, 0.022, 0.036))
    step = r / canvas.pick((2, 2, 3))
    nodes: list[Point] = []
    reach = round(r / step)
    tilt = canvas.pick((0.0, math.pi / 6))
    for q in range(-reach, reach + 1):
        for s in range(max(-reach, -q - reach), min(reach, -q + reach) + 1):
            x, y = step * (q + s / 2), step * s * math.sqrt(3) / 2
            nodes.append(
                (
                    cx + x * math.cos(tilt) - y * math.sin(tilt),
                    cy + x * math.sin(tilt) + y * math.cos(tilt),
                )
            )
    edges = [
        (a, b) for i, a in enumerate(nodes) for b in nodes[i + 1 :] if math.dist(a, b) < step * 1.05
    ]
    share = canvas.between(0.28, 0.55)
    keep = [edge for edge in edges if canvas.chance(share)]
    color = _sign_color(canvas)
    with canvas.pen() as pen:
        if canvas.chance(0.25):
            pen.polygon(circle_points(cx, cy, r * 1.0, 6, math.pi / 2 + tilt), canvas.palette.spot)
        for a, b in keep:
            pen.line([a, b], color, weight)
        if canvas.chance(0.75):
            rim = circle_points(cx, cy, r, 6, math.pi / 2 + tilt)
            pen.line(rim, color, weight, closed=True)
    captions.caption(canvas, _CAPTIONS)


def burst(canvas: Canvas) -> None:
    """Rays from a point, over the whole cover or within a disc."""
    p = canvas.palette
    full = canvas.chance(0.45)
    cx, cy, r = _centre(canvas)
    count = int(canvas.rng.integers(7, 30))
    turn = canvas.between(0, 360)
    color = _sign_color(canvas)
    if full:
        cx, cy = canvas.between(0.15, 0.85), canvas.between(0.2, 1.0)
    else:
        bold_ground(canvas)
    twist = canvas.between(0.3, 0.7)
    with canvas.pen() as pen:
        for i in range(count):
            start = turn + 360 * i / count
            if full:
                pen.sector(
                    cx,
                    cy,
                    1.5,
                    start,
                    start + 360 / count * twist,
                    p.second if i % 2 else mix(p.second, p.ground, 0.5),
                )
            else:
                length = r * (1.25 if i % 2 else canvas.between(0.85, 1.1))
                a, half = math.radians(start), math.pi / count * twist
                root = r * 0.45
                pen.polygon(
                    [
                        (cx + root * math.cos(a - half), cy + root * math.sin(a - half)),
                        (cx + length * math.cos(a), cy + length * math.sin(a)),
                        (cx + root * math.cos(a + half), cy + root * math.sin(a + half)),
                    ],
                    color,
                )
        core = r * (0.42 if not full else canvas.between(0.5, 0.9))
        pen.disc(cx, cy, core, color)
        if canvas.chance(0.5):
            pen.ring(cx, cy, core * 0.88, p.ground, 0.006)
    if canvas.chance(0.6):
        initial = canvas.words.title[:1]
        canvas.text(
            initial,
            "display",
            (cx, cy),
            height=core * 0.85,
            width=core * 1.1,
            anchor="mm",
            color=p.ground,
        )
    captions.caption(canvas, ("corners", "foot_left", "foot_centre", "foot_line"))


def crystal(canvas: Canvas) -> None:
    """A cut stone of shaded facets."""
    bold_ground(canvas)
    cx, cy, r = _centre(canvas)
    count = int(canvas.rng.integers(6, 11))
    squash = canvas.between(0.8, 1.35)
    turn = canvas.between(0, 6.28)
    dark, light = (
        mix(canvas.palette.second, (0, 0, 0), 0.45),
        mix(canvas.palette.accent, (255, 255, 255), 0.55),
    )

    def ring(radius: float, offset: float) -> list[Point]:
        points = circle_points(cx, cy, radius, count, turn + offset)
        return [(x, cy + (y - cy) * squash) for x, y in points]

    outer, middle = ring(r, 0), ring(r * canvas.between(0.6, 0.75), math.pi / count)
    table = ring(r * canvas.between(0.25, 0.42), 0)
    with canvas.pen() as pen:
        for i in range(count):
            j = (i + 1) % count
            for facet in (
                (outer[i], outer[j], middle[i]),
                (outer[j], middle[i], middle[j]),
                (middle[i], table[i], table[j]),
                (middle[i], middle[j], table[j]),
            ):
                pen.polygon(facet, mix(dark, light, float(canvas.rng.beta(0.8, 0.9))))
        pen.polygon(table, mix(dark, light, canvas.between(0.6, 1)))
    captions.caption(canvas, _CAPTIONS)


def concentric(canvas: Canvas) -> None:
    """Op-art: nested outlines of one shape, to the edges or within a window."""
    p = canvas.palette
    sides = int(canvas.pick((3, 4, 4, 5, 8, 60)))
    count = int(canvas.rng.integers(6, 15))
    dark, light = (p.ground, distinct(p.accent, p.ground, 4.5))
    full = canvas.chance(0.5)
    cx, cy = (canvas.between(0.2, 0.8), canvas.between(0.2, 0.8)) if full else (0.5, 0.46)
    reach = 1.25 if full else canvas.between(0.29, 0.36)
    turn, drift = canvas.between(0, 1.2), canvas.pick((0.0, 0.0, 0.05, -0.08))
    slide = canvas.between(-0.4, 0.4) * reach / count
    share = canvas.between(0.4, 0.62)
    with canvas.pen() as pen:
        for i in range(count):
            for part, color in ((0.0, light), (share, dark)):
                radius = reach * (1 - (i + part) / count)
                x = cx + slide * i
                if sides == 60:
                    pen.disc(x, cy, radius, color)
                else:
                    pen.polygon(circle_points(x, cy, radius, sides, turn + drift * i), color)
    if full:
        plate = canvas.between(0.3, 0.5)
        y = canvas.between(0.3, 0.7)
        with canvas.pen() as pen:
            pen.rectangle((0.5 - plate, y - 0.09, 0.5 + plate, y + 0.09), p.ground)
        canvas.text(
            canvas.words.artist,
            captions.head_face(canvas),
            (0.5, y - 0.015),
            width=plate * 1.7,
            height=0.085,
            anchor="mm",
            color=light,
        )
        canvas.text(
            canvas.words.title,
            "light",
            (0.5, y + 0.06),
            em=0.028,
            width=plate * 1.7,
            anchor="mm",
            tracking=0.12,
            color=light,
        )
    else:
        captions.caption(canvas, ("corners", "foot_centre", "foot_line"), light)
