"""Gradients: framed, in grids like photo cards, as auras and behind ribbed glass."""

import math

import numpy as np
from PIL import Image

from kpop_assets.sample_world.artwork import captions, texture
from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.layouts.grounds import gradient_picture
from kpop_assets.sample_world.artwork.palette import PAPER, mix, readable


def _picture(canvas: Canvas, size: int) -> Image.Image:
    return Image.fromarray(np.clip(gradient_picture(canvas, size), 0, 255).astype(np.uint8))


def framed_gradient(canvas: Canvas) -> None:
    """An abstract picture in a frame, with the words in the frame's margin."""
    p = canvas.palette
    paper = p.ground if canvas.chance(0.5) else mix(PAPER, p.ground, 0.15)
    canvas.fill(paper)
    kind = canvas.pick(("polaroid", "tall", "wide", "double", "arch", "offset"))
    boxes = {
        "polaroid": ((0.11, 0.09, 0.89, 0.76),),
        "tall": ((0.30, 0.10, 0.70, 0.78),) if canvas.chance(0.5) else ((0.08, 0.08, 0.52, 0.80),),
        "wide": ((0.0, 0.24, 1.0, 0.74),),
        "double": ((0.08, 0.10, 0.48, 0.74), (0.52, 0.18, 0.92, 0.82)),
        "arch": ((0.24, 0.10, 0.76, 0.80),),
        "offset": ((0.32, 0.0, 1.0, 0.72),),
    }[kind]
    for box in boxes:
        if kind in ("polaroid", "double") and canvas.chance(0.5):
            canvas.shadow(box)
        picture = _picture(canvas, max(48, canvas.size // 2))
        if kind == "arch":
            _arched(canvas, picture, box)
        else:
            canvas.insert(picture, box)
        if canvas.chance(0.3):
            inset = 0.02
            with canvas.pen() as pen:
                pen.rectangle(
                    (box[0] + inset, box[1] + inset, box[2] - inset, box[3] - inset),
                    line=PAPER,
                    width=0.003,
                )
    captions.caption(canvas, ("foot_centre", "foot_line") if kind != "double" else ("foot_line",))


def _arched(canvas: Canvas, picture: Image.Image, box: tuple[float, float, float, float]) -> None:
    before = canvas.image.copy()
    canvas.insert(picture, box)
    inside = canvas.image
    mask = Canvas(canvas.size, canvas.palette, canvas.words, canvas.rng)
    mask.fill((0, 0, 0))
    radius = (box[2] - box[0]) / 2
    with mask.pen() as pen:
        pen.disc((box[0] + box[2]) / 2, box[1] + radius, radius, (255, 255, 255))
        pen.rectangle((box[0], box[1] + radius, box[2], box[3]), (255, 255, 255))
    canvas.image = Image.composite(inside, before, mask.image.convert("L"))


def photocards(canvas: Canvas) -> None:
    """A grid of small abstract pictures, like photo cards laid out."""
    p = canvas.palette
    canvas.fill(p.ground if canvas.chance(0.6) else mix(PAPER, p.ground, 0.1))
    columns, rows = canvas.pick(((2, 2), (3, 2), (3, 3), (4, 3), (4, 4), (5, 4), (1, 3), (2, 3)))
    full = canvas.chance(0.35)
    left, right, top, low = (0.0, 1.0, 0.0, 1.0) if full else (0.07, 0.93, 0.07, 0.82)
    gap = 0.0 if full and canvas.chance(0.6) else canvas.pick((0.012, 0.024, 0.04))
    wide, high = (right - left + gap) / columns, (low - top + gap) / rows
    skipped = int(canvas.rng.integers(columns * rows)) if columns * rows > 3 else -1
    for i in range(columns * rows):
        x, y = left + wide * (i % columns), top + high * (i // columns)
        box = (x, y, x + wide - gap, y + high - gap)
        if i == skipped:
            tile = canvas.pick((p.accent, p.spot, p.second))
            with canvas.pen() as pen:
                pen.rectangle(box, tile)
            if not full:
                canvas.text(
                    canvas.words.title[:2],
                    "display",
                    ((box[0] + box[2]) / 2, (box[1] + box[3]) / 2),
                    width=(wide - gap) * 0.6,
                    height=(high - gap) * 0.5,
                    anchor="mm",
                )
        else:
            canvas.insert(_picture(canvas, max(24, canvas.size // 8)), box)
    if full:
        y = canvas.between(0.3, 0.7)
        plate = readable(PAPER, p.ink, 3)
        with canvas.pen() as pen:
            pen.rectangle((0.1, y - 0.1, 0.9, y + 0.1), plate)
        canvas.text(
            canvas.words.title,
            captions.head_face(canvas),
            (0.5, y - 0.02),
            width=0.7,
            height=0.09,
            anchor="mm",
            color=p.ink,
        )
        canvas.text(
            canvas.words.artist,
            "light",
            (0.5, y + 0.066),
            em=0.03,
            width=0.7,
            anchor="mm",
            tracking=0.15,
            color=p.ink,
        )
    else:
        captions.caption(canvas, ("foot_line", "foot_centre"), margin=0.06)


def aura(canvas: Canvas) -> None:
    """Soft blots of light that run into one another, with a thin outline drawn over them."""
    p = canvas.palette
    n = canvas.size
    pixels = np.empty((n, n, 3), np.float32)
    pixels[:] = p.ground
    for color in (p.second, p.spot, p.accent, p.second):
        x, y, r = canvas.between(0, 1), canvas.between(0, 1), canvas.between(0.2, 0.5)
        weight = np.exp(-((texture.distance_from(n, x, y) / np.float32(r)) ** 2))[..., None]
        pixels += (np.array(color, np.float32) - pixels) * weight * np.float32(0.9)
    canvas.paint(pixels)
    cx, cy, r = canvas.between(0.35, 0.65), canvas.between(0.35, 0.55), canvas.between(0.2, 0.4)
    kind = canvas.pick(("circle", "ellipses", "square", "cross", "none"))
    line = canvas.pick((PAPER, p.ink))
    with canvas.pen() as pen:
        if kind == "circle":
            pen.ring(cx, cy, r, line, 0.004)
            pen.disc(cx + r, cy, 0.014, line)
        elif kind == "ellipses":
            for i in range(8):
                a = math.pi * i / 8
                points = [
                    (
                        cx + r * math.cos(t) * math.cos(a) - r * 0.35 * math.sin(t) * math.sin(a),
                        cy + r * math.cos(t) * math.sin(a) + r * 0.35 * math.sin(t) * math.cos(a),
                    )
                    for t in np.linspace(0, 2 * math.pi, 72)
                ]
                pen.line(points, line, 0.003)
        elif kind == "square":
            pen.rectangle((0.06, 0.06, 0.94, 0.94), line=line, width=0.004)
        elif kind == "cross":
            pen.line([(0.06, cy), (0.94, cy)], line, 0.003)
            pen.line([(cx, 0.06), (cx, 0.94)], line, 0.003)
    captions.caption(
        canvas,
        ("corners", "foot_centre", "foot_left", "head_left")
        if kind != "square"
        else ("foot_centre",),
        margin=0.11 if kind == "square" else None,
    )
    canvas.finish = {"grain": canvas.pick((0.03, 0.06)), "light": 0.05}


def ribbed_glass(canvas: Canvas) -> None:
    """A gradient seen through ribs of glass."""
    n, p = canvas.size, canvas.palette
    field = texture.smooth_noise(n, canvas.rng, int(canvas.rng.integers(1, 4)), 2, 0.3)
    sun = texture.distance_from(n, canvas.between(0.25, 0.75), canvas.between(0.25, 0.75))
    field = field * np.float32(0.5) + texture.soft_step(
        sun, canvas.between(0.25, 0.4), 0.12
    ) * np.float32(0.5)
    ribs = int(canvas.rng.integers(8, 26))
    place = (np.arange(n, dtype=np.float32) + 0.5) / n
    within = np.mod(place * ribs, 1)
    bend = canvas.between(0.6, 2.4) / ribs
    source = np.clip((place + (within - 0.5) * bend * 2) * n, 0, n - 1).astype(np.int32)
    upright = canvas.chance(0.7)
    field = field[:, source] if upright else field[source, :]
    pixels = texture.colored(field, [p.stops[int(i)] for i in canvas.rng.permutation(4)])
    shade = 1 - np.float32(0.16) * (within**3)
    pixels *= shade[None, :, None] if upright else shade[:, None, None]
    canvas.paint(pixels)
    captions.caption(
        canvas, ("foot_left", "corners", "head_left", "foot_centre"), canvas.pick((PAPER, p.ink))
    )
