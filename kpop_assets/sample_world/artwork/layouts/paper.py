"""Paper: cut shapes, folded facets, torn bands, with shadows between the sheets."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from kpop_assets.sample_world.artwork import captions, texture
from kpop_assets.sample_world.artwork.canvas import Canvas, Point, circle_points, smooth_path
from kpop_assets.sample_world.artwork.palette import INK, PAPER, Color, mix


def _sheet(canvas: Canvas, points: list[Point], color: Color, lift: float = 0.012) -> None:
    """A cut sheet of paper with its shadow and a little fibre."""
    n = canvas.size
    mask = Image.new("L", (2 * n, 2 * n), 0)
    ImageDraw.Draw(mask).polygon([(x * 2 * n, y * 2 * n) for x, y in points], fill=255)
    mask = mask.reduce(2)
    shade = mask.filter(ImageFilter.BoxBlur(max(1.0, lift * n))).point(lambda v: v * 0.38)
    canvas.image.paste((10, 8, 16), (round(lift * n * 0.4), round(lift * n * 0.8)), shade)
    canvas.image.paste(color, (0, 0), mask)


def _blob(canvas: Canvas, x: float, y: float, r: float) -> list[Point]:
    count = int(canvas.rng.integers(5, 10))
    knots = []
    for px, py in circle_points(x, y, r, count, canvas.between(0, 6)):
        stretch = canvas.between(0.6, 1.25)
        knots.append((x + (px - x) * stretch, y + (py - y) * stretch))
    return smooth_path(knots, 12, closed=True)


def cut_shapes(canvas: Canvas) -> None:
    """Shapes cut from coloured paper, one upon the other."""
    p = canvas.palette
    canvas.fill(mix(p.ground, PAPER, 0.1))
    colors = [p.second, p.accent, p.spot, mix(p.second, p.accent, 0.5), mix(p.ground, INK, 0.25)]
    for i in range(int(canvas.rng.integers(5, 9))):
        x, y, r = canvas.between(0, 1), canvas.between(0, 0.9), canvas.between(0.12, 0.36)
        kind = canvas.pick(("blob", "blob", "slab", "circle", "leaf", "steps"))
        if kind == "blob":
            points = _blob(canvas, x, y, r)
        elif kind == "slab":
            points = circle_points(x, y, r, 4, canvas.between(0, 1.5))
            points = [(px + (0.25 if k in (1, 2) else 0), py) for k, (px, py) in enumerate(points)]
        elif kind == "circle":
            points = circle_points(x, y, r * 0.8, 60)
        elif kind == "steps":
            points = [(x - r, y + r)]
            for k in range(4):
                points += [
                    (x - r + k * r / 2, y + r - (k + 1) * r / 2),
                    (x - r + (k + 1) * r / 2, y + r - (k + 1) * r / 2),
                ]
            points.append((x + r, y + r))
        else:
            a = canvas.between(0, 6.28)
            knots = [
                (x + r * 1.3 * math.cos(a), y + r * 1.3 * math.sin(a)),
                (x - r * 0.5 * math.sin(a), y + r * 0.5 * math.cos(a)),
                (x - r * 1.3 * math.cos(a), y - r * 1.3 * math.sin(a)),
                (x + r * 0.5 * math.sin(a), y - r * 0.5 * math.cos(a)),
            ]
            points = smooth_path(knots, 14, closed=True)
        _sheet(canvas, points, colors[i % len(colors)])
    where = canvas.pick(("foot", "slip", "free"))
    if where == "foot":
        _sheet(canvas, [(0, 0.83), (1, 0.83), (1, 1.05), (0, 1.05)], mix(PAPER, p.ground, 0.2))
        captions.caption(canvas, ("foot_line", "foot_centre"), margin=0.055)
    elif where == "slip":
        tilt, x, y = canvas.between(-0.04, 0.04), canvas.between(0.3, 0.6), canvas.between(0.3, 0.7)
        _sheet(
            canvas,
            [
                (x - 0.28, y - 0.1 - tilt),
                (x + 0.34, y - 0.1 + tilt),
                (x + 0.34, y + 0.1 + tilt),
                (x - 0.28, y + 0.1 - tilt),
            ],
            mix(PAPER, p.ground, 0.1),
        )
        canvas.text(
            canvas.words.title,
            captions.head_face(canvas),
            (x + 0.03, y - 0.025),
            em=0.12,
            width=0.52,
            height=0.075,
            anchor="mm",
            color=INK,
        )
        canvas.text(
            canvas.words.artist,
            "bold",
            (x + 0.03, y + 0.055),
            em=0.03,
            width=0.52,
            anchor="mm",
            color=INK,
        )
    else:
        captions.caption(canvas, ("foot_left", "corners", "foot_centre"))


def facets(canvas: Canvas) -> None:
    """A sheet folded into triangles, each catching the light differently."""
    p, rng = canvas.palette, canvas.rng
    count = int(rng.integers(3, 8))
    jitter = canvas.between(0.1, 0.42) / count
    nodes = np.stack(
        np.meshgrid(np.linspace(-0.05, 1.05, count + 1), np.linspace(-0.05, 1.05, count + 1)),
        axis=-1,
    )
    nodes += rng.uniform(-jitter, jitter, nodes.shape)
    centre, turn = (canvas.between(0.2, 0.8), canvas.between(0.2, 0.8)), canvas.between(0, 6.28)
    dark, light = mix(p.ground, p.accent, canvas.between(0.1, 0.6)), p.ground
    with canvas.pen() as pen:
        for i in range(count):
            for j in range(count):
                a, b, c, d = (
                    tuple(map(float, nodes[u, v]))
                    for u, v in ((i, j), (i, j + 1), (i + 1, j + 1), (i + 1, j))
                )
                pair = ((a, b, c), (a, c, d)) if (i + j) % 2 else ((a, b, d), (b, c, d))
                for triangle in pair:
                    mx, my = (
                        sum(q[0] for q in triangle) / 3 - centre[0],
                        sum(q[1] for q in triangle) / 3 - centre[1],
                    )
                    tone = (
                        0.5
                        + 0.6 * (mx * math.cos(turn) + my * math.sin(turn))
                        + float(rng.normal(0, 0.2))
                    )
                    color = mix(dark, light, min(max(tone, 0), 1))
                    if rng.random() < 0.1:
                        color = canvas.pick((p.spot, p.second))
                    pen.polygon([(float(q[0]), float(q[1])) for q in triangle], color)
    face = captions.head_face(canvas)
    if canvas.chance(0.6):
        y = canvas.between(0.35, 0.6)
        canvas.text(
            canvas.words.title,
            face,
            (0.5, y),
            em=0.26,
            width=0.82,
            height=0.22,
            anchor="mm",
            color=p.ink,
        )
        captions.caption(canvas, ("foot_line",), p.ink)
    else:
        captions.caption(canvas, ("corners", "foot_left", "foot_centre"), p.ink)


def torn_bands(canvas: Canvas) -> None:
    """Strips of torn paper across the cover, white at the tear."""
    p, rng = canvas.palette, canvas.rng
    canvas.fill(p.ground)
    colors = [p.second, p.accent, p.spot, mix(p.second, PAPER, 0.5)]
    count = int(rng.integers(2, 5))
    slope = canvas.between(-0.35, 0.35)
    upright = canvas.chance(0.3)
    places = np.linspace(-0.02, 1.02, 120)
    starts = np.sort(rng.uniform(0.12, 0.8, count))
    for index, start in enumerate(starts):
        rough = np.cumsum(rng.normal(0, 0.004, 120))
        edge = start + slope * (places - 0.5) + rough - rough.mean() + rng.normal(0, 0.003, 120)
        fringe = 0.012 + np.abs(np.convolve(rng.normal(0, 0.012, 120), np.ones(4) / 4, "same"))
        for level, color in (
            (edge - fringe, mix(PAPER, (255, 255, 255), 0.5)),
            (edge, colors[index % 4]),
        ):
            points = [(float(a), float(b)) for a, b in zip(places, level, strict=True)]
            points += [(1.05, 1.1), (-0.05, 1.1)]
            _sheet(canvas, [(y, x) for x, y in points] if upright else points, color, 0.014)
    if canvas.chance(0.5):
        canvas.blend(INK, texture.smooth_noise(canvas.size, rng, 3, 5, 0.7) * np.float32(0.12))
    captions.caption(canvas, ("foot_left", "corners", "foot_centre", "head_left"))
