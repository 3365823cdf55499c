"""Patterns: tiles, checkers and blocks of colour."""

import math

import numpy as np

from kpop_assets.sample_world.artwork import captions, texture
from kpop_assets.sample_world.artwork.canvas import Canvas, Pen
from kpop_assets.sample_world.artwork.palette import Color, distinct, readable


def _label(canvas: Canvas) -> None:
    """The words on a label pasted over the pattern."""
    p = canvas.palette
    kind = canvas.pick(("centre", "corner", "strip", "round"))
    paper = canvas.pick((p.ground, p.ink, p.accent))
    ink = readable(p.ground if paper != p.ground else p.ink, paper)
    if kind == "round":
        x, y, r = canvas.between(0.3, 0.7), canvas.between(0.3, 0.7), 0.2
        with canvas.pen() as pen:
            pen.disc(x, y, r * 1.08, ink)
            pen.disc(x, y, r, paper)
        box = (x - r * 0.82, y - 0.1, x + r * 0.82, y + 0.1)
    else:
        box = {
            "centre": (0.2, 0.36, 0.8, 0.64),
            "corner": canvas.pick(
                ((0.0, 0.76, 0.56, 1.0), (0.44, 0.0, 1.0, 0.24), (0.0, 0.0, 0.56, 0.24))
            ),
            "strip": (0.0, 0.8, 1.0, 0.98),
        }[kind]
        with canvas.pen() as pen:
            pen.rectangle(box, paper)
    x0, y0, x1, y1 = box
    middle, high = (x0 + x1) / 2, y1 - y0
    room = (x1 - x0) * 0.84
    canvas.text(
        canvas.words.title,
        captions.head_face(canvas),
        (middle, y0 + high * 0.42),
        em=0.12,
        width=room,
        height=high * 0.4,
        anchor="mm",
        color=ink,
    )
    canvas.text(
        canvas.words.artist,
        "bold",
        (middle, y0 + high * 0.80),
        em=0.03,
        width=room,
        anchor="mm",
        color=ink,
        tracking=0.1,
    )


def _weighted_colors(canvas: Canvas, count: int) -> list[Color]:
    p = canvas.palette
    colors = [p.ground, p.second, p.accent, p.spot]
    shares = canvas.rng.dirichlet([3.0, 1.6, 1.4, 1.0])
    return [colors[int(i)] for i in canvas.rng.choice(4, size=count, p=shares)]


def tiles(canvas: Canvas) -> None:
    """A grid of quarter circles, triangles, discs and petals."""
    count = int(canvas.pick((3, 4, 5, 6, 8)))
    cell = 1 / count
    kinds = [
        canvas.pick(("quarter", "triangle", "disc", "leaf", "half", "plain")) for _ in range(3)
    ]
    grounds, shapes = (
        _weighted_colors(canvas, count * count),
        _weighted_colors(canvas, count * count),
    )
    with canvas.pen() as pen:
        for i in range(count * count):
            x, y = cell * (i % count), cell * (i // count)
            pen.rectangle((x, y, x + cell, y + cell), grounds[i])
            color = shapes[i] if shapes[i] != grounds[i] else canvas.palette.ink
            _tile(pen, canvas.pick(kinds), x, y, cell, int(canvas.rng.integers(4)), color)
    _label(canvas)


def _tile(pen: Pen, kind: str, x: float, y: float, cell: float, turn: int, color: Color) -> None:
    corners = [(x, y), (x + cell, y), (x + cell, y + cell), (x, y + cell)]
    corners = corners[turn:] + corners[:turn]
    if kind == "quarter":
        pen.sector(*corners[0], cell, 90 * turn, 90 * turn + 90, color)
    elif kind == "triangle":
        pen.polygon(corners[:3], color)
    elif kind == "disc":
        pen.disc(x + cell / 2, y + cell / 2, cell * 0.4, color)
    elif kind == "half":
        pen.sector(x + cell / 2, y + cell / 2, cell * 0.5, 90 * turn, 90 * turn + 180, color)
    elif kind == "leaf":
        (ax, ay), (bx, by) = corners[0], corners[2]
        points = []
        for start, (cx, cy) in ((0, corners[1]), (1, corners[3])):
            first = math.atan2((ay if start == 0 else by) - cy, (ax if start == 0 else bx) - cx)
            last = math.atan2((by if start == 0 else ay) - cy, (bx if start == 0 else ax) - cx)
            sweep = (last - first + math.pi) % (2 * math.pi) - math.pi
            points += [
                (cx + cell * math.cos(first + sweep * t), cy + cell * math.sin(first + sweep * t))
                for t in np.linspace(0, 1, 14)
            ]
        pen.polygon(points, color)


def warped_checker(canvas: Canvas) -> None:
    """A checkerboard bent by noise, a bulge or perspective."""
    p, n = canvas.palette, canvas.size
    x, y = texture.coordinates(n)
    count = canvas.between(5, 14)
    kind = canvas.pick(("noise", "bulge", "floor", "swirl"))
    if kind == "noise":
        bend = np.float32(canvas.between(0.1, 0.3))
        u = x + (texture.smooth_noise(n, canvas.rng, 2) - 0.5) * bend * 2
        v = y + (texture.smooth_noise(n, canvas.rng, 2) - 0.5) * bend * 2
    elif kind == "bulge":
        cx, cy = canvas.between(0.25, 0.75), canvas.between(0.25, 0.75)
        away = texture.distance_from(n, cx, cy)
        push = 1 / (
            1 + np.float32(canvas.between(1.0, 2.5)) * np.exp(-((away / np.float32(0.28)) ** 2))
        )
        u, v = (x - np.float32(cx)) * push, (y - np.float32(cy)) * push
    elif kind == "floor":
        level = canvas.between(0.2, 0.5)
        depth = np.float32(0.16) / np.clip(np.abs(y - np.float32(level)), 0.012, None)
        u, v = (x - np.float32(canvas.between(0.3, 0.7))) * depth * np.float32(1.4), depth
    else:
        cx, cy = canvas.between(0.3, 0.7), canvas.between(0.3, 0.7)
        away = texture.distance_from(n, cx, cy)
        angle = np.arctan2(y - np.float32(cy), x - np.float32(cx)) + away * np.float32(
            canvas.between(-5, 5)
        )
        u, v = (
            angle / np.float32(2 * math.pi) * np.float32(round(count) / count * 2),
            np.log(away + np.float32(0.02)) * np.float32(0.4),
        )
    checks = np.sin(u * np.float32(math.pi * count)) * np.sin(v * np.float32(math.pi * count))
    first = distinct(p.accent, p.ground, 2.8)
    canvas.blend(first, texture.soft_step(checks.astype(np.float32), 0.0, 3.0 * count / n * 2))
    if kind == "floor":
        sky = 1 - texture.soft_step(y, level, 0.003)
        canvas.blend(p.second, sky)
        haze = np.exp(-((y - np.float32(level)) ** 2) / np.float32(0.004)) * texture.soft_step(
            y, level, 0.003
        )
        canvas.blend(p.second, haze)
        with canvas.pen() as pen:
            if canvas.chance(0.6):
                pen.sector(
                    canvas.between(0.2, 0.8), level, canvas.between(0.1, 0.2), 180, 360, p.spot
                )
        canvas.text(
            canvas.words.title,
            captions.head_face(canvas),
            (0.5, level * 0.4),
            em=0.2,
            width=0.84,
            height=level * 0.42,
            anchor="mm",
        )
        canvas.text(
            canvas.words.artist,
            "bold",
            (0.5, level * 0.78),
            em=0.03,
            width=0.7,
            anchor="mm",
            tracking=0.15,
        )
    else:
        _label(canvas)


def blocks(canvas: Canvas) -> None:
    """Rectangles of colour that divide the square again and again."""
    p = canvas.palette
    boxes = [(0.0, 0.0, 1.0, 1.0)]
    for _ in range(int(canvas.rng.integers(4, 11))):
        areas = np.array([(b[2] - b[0]) * (b[3] - b[1]) for b in boxes])
        x0, y0, x1, y1 = boxes.pop(
            int(canvas.rng.choice(len(boxes), p=areas**2 / (areas**2).sum()))
        )
        cut = canvas.pick((0.33, 0.5, 0.62))
        if (x1 - x0) * canvas.between(0.6, 1.6) > y1 - y0:
            c = x0 + (x1 - x0) * cut
            boxes += [(x0, y0, c, y1), (c, y0, x1, y1)]
        else:
            c = y0 + (y1 - y0) * cut
            boxes += [(x0, y0, x1, c), (x0, c, x1, y1)]
    colors = _weighted_colors(canvas, len(boxes))
    line = canvas.pick((0.0, 0.0, 0.01, 0.02))
    with canvas.pen() as pen:
        for box, color in zip(boxes, colors, strict=True):
            pen.rectangle(box, color)
            x0, y0, x1, y1 = box
            if canvas.chance(0.3):
                pen.disc(
                    (x0 + x1) / 2,
                    (y0 + y1) / 2,
                    min(x1 - x0, y1 - y0) * 0.36,
                    distinct(p.spot, color, 2.1),
                )
            if line:
                pen.rectangle(box, line=p.ink, width=line)
    biggest = sorted(boxes, key=lambda b: (b[2] - b[0]) * (b[3] - b[1]), reverse=True)
    for box, text, face in (
        (biggest[0], canvas.words.title, captions.head_face(canvas)),
        (biggest[1], canvas.words.artist, "bold"),
    ):
        x0, y0, x1, y1 = box
        wide, high = x1 - x0, y1 - y0
        upright = high > wide * 1.8
        with canvas.pen() as pen:
            pen.rectangle((x0 + line / 2, y0 + line / 2, x1 - line / 2, y1 - line / 2), p.ground)
        canvas.text(
            text,
            face,
            ((x0 + x1) / 2, (y0 + y1) / 2),
            em=0.16,
            width=(high if upright else wide) * 0.8,
            height=(wide if upright else high) * 0.5,
            anchor="mm",
            angle=90 if upright else 0,
            color=p.ink,
        )
