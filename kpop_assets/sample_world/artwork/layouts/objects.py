"""Things one can hold: film, stamps, discs, tickets."""

import math

import numpy as np
from PIL import Image

from kpop_assets.sample_world.artwork import captions, texture
from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.layouts.grounds import gradient_picture, soft_ground
from kpop_assets.sample_world.artwork.palette import INK, PAPER, distinct, mix, readable


def _picture(canvas: Canvas) -> Image.Image:
    return Image.fromarray(
        np.clip(gradient_picture(canvas, max(48, canvas.size // 4)), 0, 255).astype(np.uint8)
    )


def film_strip(canvas: Canvas) -> None:
    """One or two strips of film with abstract frames."""
    p = canvas.palette
    soft_ground(canvas)
    upright = canvas.chance(0.4)
    strips = canvas.pick((1, 1, 2))
    black = mix(INK, p.ground, 0.08) if not p.is_dark else mix(p.ground, PAPER, 0.75)
    for strip in range(strips):
        thick = canvas.between(0.36, 0.46) if strips == 1 else 0.3
        start = canvas.between(0.12, 0.4) if strips == 1 else 0.08 + 0.4 * strip
        shift, frame = canvas.between(-0.3, 0), thick * canvas.between(0.8, 1.2)

        def turned(a0: float, b0: float, a1: float, b1: float) -> tuple[float, float, float, float]:
            return (b0, a0, b1, a1) if upright else (a0, b0, a1, b1)

        with canvas.pen() as pen:
            pen.rectangle(turned(-0.02, start, 1.02, start + thick), black)
            for k in range(26):
                at = k * 0.042 - 0.02 + shift * 0.1
                for edge in (start + thick * 0.045, start + thick * 0.89):
                    pen.rectangle(
                        turned(at, edge, at + 0.022, edge + thick * 0.065),
                        PAPER if black[0] < 120 else INK,
                        radius=0.005,
                    )
        for k in range(5):
            a = shift + k * (frame + 0.016)
            box = turned(a, start + thick * 0.16, a + frame, start + thick * 0.84)
            canvas.insert(_picture(canvas), box)
    if upright:
        captions.caption(canvas, ("corners", "foot_line"))
    else:
        captions.caption(
            canvas,
            ("foot_line", "corners") if strips == 2 else ("foot_line", "foot_centre", "columns"),
        )


def stamp(canvas: Canvas) -> None:
    """A postage stamp, or a block of them, on an envelope."""
    soft_ground(canvas, 0.6)
    block = canvas.chance(0.4)
    if block:
        columns, rows = canvas.pick(((2, 2), (3, 2), (2, 3), (3, 3)))
        wide, high = 0.8 / columns, 0.74 / rows
        boxes = [
            (0.1 + wide * c, 0.08 + high * r, 0.1 + wide * (c + 1), 0.08 + high * (r + 1))
            for r in range(rows)
            for c in range(columns)
        ]
    else:
        x, y = canvas.between(0.12, 0.36), canvas.between(0.08, 0.18)
        boxes = [(x, y, x + canvas.between(0.4, 0.54), y + canvas.between(0.52, 0.64))]
    for index, box in enumerate(boxes):
        _one_stamp(canvas, box, index)
    if canvas.chance(0.5):
        _postmark(canvas)
    captions.caption(canvas, ("foot_line", "foot_centre"), margin=0.05 if block else None)


def _one_stamp(canvas: Canvas, box: tuple[float, float, float, float], index: int) -> None:
    p = canvas.palette
    x0, y0, x1, y1 = box
    paper = mix(PAPER, p.ground, 0.08)
    tooth = min(x1 - x0, y1 - y0) / 16
    back = canvas.ground_under((x0, y0, x1, y1))
    with canvas.pen() as pen:
        pen.rectangle(box, paper)
        for k in range(int((x1 - x0) / tooth / 1.7) + 1):
            x = x0 + k * tooth * 1.7
            pen.disc(x, y0, tooth * 0.5, back)
            pen.disc(x, y1, tooth * 0.5, back)
        for k in range(int((y1 - y0) / tooth / 1.7) + 1):
            y = y0 + k * tooth * 1.7
            pen.disc(x0, y, tooth * 0.5, back)
            pen.disc(x1, y, tooth * 0.5, back)
    inset = tooth * 1.3
    inner = (x0 + inset, y0 + inset, x1 - inset, y1 - inset)
    canvas.insert(_picture(canvas), inner)
    wide = x1 - x0 - 4 * inset
    if index == 0 or canvas.chance(0.3):
        canvas.text(
            canvas.words.title,
            captions.head_face(canvas),
            ((x0 + x1) / 2, y1 - inset * 2),
            width=wide,
            height=(y1 - y0) * 0.14,
            anchor="mb",
            color=PAPER,
        )
        canvas.text(
            f"{100 * int(canvas.rng.integers(1, 20))}원",
            "bold",
            (x0 + inset * 1.7, y0 + inset * 1.7),
            em=(x1 - x0) * 0.09,
            color=PAPER,
        )


def _postmark(canvas: Canvas) -> None:
    x, y, r = canvas.between(0.55, 0.85), canvas.between(0.5, 0.7), 0.12
    ink = (*readable(canvas.palette.ink, canvas.palette.ground), 200)
    with canvas.pen() as pen:
        pen.ring(x, y, r, ink, 0.006)
        pen.ring(x, y, r * 0.72, ink, 0.004)
        for k in range(5):
            base = y - 0.07 + 0.035 * k
            pen.line(
                [(x + r + 0.3 * t / 24, base + 0.012 * math.sin(t * 0.9)) for t in range(25)],
                ink,
                0.005,
            )
    canvas.text(
        canvas.words.year or "SEOUL",
        "bold",
        (x, y),
        em=0.05,
        width=r * 1.2,
        anchor="mm",
        color=ink[:3],
        legible=False,
    )


def compact_disc(canvas: Canvas) -> None:
    """A disc with an iridescent or printed face, whole or cropped."""
    p, n = canvas.palette, canvas.size
    soft_ground(canvas, 0.7)
    whole = canvas.chance(0.5)
    cx, cy, r = (
        (0.5, 0.46, 0.36)
        if whole
        else (canvas.between(0, 1), canvas.between(0.1, 0.7), canvas.between(0.42, 0.62))
    )
    away = texture.distance_from(n, cx, cy)
    x, y = texture.coordinates(n)
    angle = np.arctan2(y - np.float32(cy), x - np.float32(cx))
    turn = canvas.between(0, 6.28)
    vinyl = canvas.chance(0.4)
    if vinyl:
        grooves = 0.5 + 0.5 * np.sin(away * np.float32(2 * math.pi * 42))
        shine = np.abs(np.cos(angle - np.float32(turn))) ** 14
        face = texture.colored(
            np.clip(grooves * 0.25 + shine * 0.7, 0, 1).astype(np.float32),
            (INK, (70, 70, 78), (190, 190, 200)),
        )
    else:
        hue = np.mod(
            angle * np.float32(canvas.pick((1, 2, 3)) / math.pi) + away * 2 + np.float32(turn), 1
        )
        sweep = [p.second, PAPER, p.spot, p.accent, mix(p.second, PAPER, 0.4), p.second]
        face = texture.colored(hue.astype(np.float32), sweep)
    mask = ((1 - texture.soft_step(away, r, 0.004)) * texture.soft_step(away, r * 0.1, 0.004))[
        ..., None
    ]
    canvas.paint(np.asarray(canvas.image, np.float32) * (1 - mask) + face * mask)
    label = canvas.pick((p.accent, p.ground, p.spot))
    with canvas.pen() as pen:
        if vinyl:
            pen.disc(cx, cy, r * 0.36, label)
        pen.ring(cx, cy, r * 0.37, mix(PAPER, p.ground, 0.2), 0.004)
        pen.disc(cx, cy, r * 0.045 if vinyl else r * 0.1, p.ground)
    if vinyl:
        canvas.text(
            canvas.words.title,
            "bold",
            (cx, cy - r * 0.18),
            em=0.05,
            width=r * 0.5,
            height=r * 0.12,
            anchor="mm",
        )
        canvas.text(
            canvas.words.artist,
            "light",
            (cx, cy + r * 0.18),
            em=0.03,
            width=r * 0.5,
            height=r * 0.09,
            anchor="mm",
        )
    captions.caption(
        canvas,
        ("foot_line", "corners", "foot_centre")
        if whole or cy < 0.45
        else ("head_left", "head_centre"),
    )


def ticket(canvas: Canvas) -> None:
    """A ticket, boarding pass or cassette label with a barcode."""
    p = canvas.palette
    soft_ground(canvas)
    paper = mix(PAPER, p.second, canvas.pick((0.05, 0.3)))
    if canvas.chance(0.4):
        paper = distinct(p.accent, p.ground, 2.4)
    ink = readable(p.ink, paper)
    top, high = canvas.between(0.14, 0.3), canvas.between(0.44, 0.58)
    box = (0.08, top, 0.92, top + high)
    tear = canvas.pick((0.3, 0.7))
    back = canvas.ground_under(box)
    canvas.shadow(box)
    with canvas.pen() as pen:
        pen.rectangle(box, paper, radius=0.02)
        for y in (top, top + high):
            pen.disc(tear, y, 0.025, back)
        for k in range(int(high / 0.022) - 2):
            y = top + 0.03 + k * 0.022
            pen.line([(tear, y), (tear, y + 0.010)], ink, 0.003)
        narrow = (0.11, tear - 0.03) if tear < 0.5 else (tear + 0.03, 0.89)
        x = narrow[0]
        while x < narrow[1]:
            bar = canvas.pick((0.003, 0.005, 0.008))
            pen.rectangle((x, top + high * 0.62, min(x + bar, narrow[1]), top + high * 0.92), ink)
            x += bar + canvas.pick((0.004, 0.007))
    wide = (tear + 0.04, 0.88) if tear < 0.5 else (0.12, tear - 0.04)
    room = wide[1] - wide[0]
    canvas.text(canvas.words.artist, "bold", (wide[0], top + 0.045), em=0.04, width=room, color=ink)
    captions.block(
        canvas,
        canvas.words.title,
        captions.head_face(canvas),
        (wide[0], top + 0.11),
        room,
        high * 0.5,
        "lt",
        ink,
        2,
        0.2,
    )
    canvas.text(
        captions.small_print(canvas),
        "light",
        (wide[0], top + high - 0.04),
        em=0.024,
        width=room,
        anchor="ls",
        color=ink,
        tracking=0.06,
    )
    seat = f"{canvas.pick('ABCDEFGH')}-{int(canvas.rng.integers(1, 40)):02d}"
    canvas.text(
        seat,
        "techno",
        ((narrow[0] + narrow[1]) / 2, top + high * 0.3),
        width=(narrow[1] - narrow[0]) * 0.9,
        height=high * 0.2,
        anchor="mm",
        color=ink,
    )
    canvas.text(
        canvas.words.artist, "light", (0.5, 0.945), em=0.026, width=0.7, anchor="mm", tracking=0.2
    )
    canvas.text(
        canvas.words.title, "bold", (0.5, 0.065), em=0.03, width=0.8, anchor="mm", tracking=0.1
    )
