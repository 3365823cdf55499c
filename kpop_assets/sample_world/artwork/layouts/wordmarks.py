"""Wordmarks: the title as lettering of metal or outline, or very small on much white."""

import math

import numpy as np
from PIL import Image, ImageFilter

from kpop_assets.sample_world.artwork import captions, texture
from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.layouts.grounds import gradient_picture, soft_ground
from kpop_assets.sample_world.artwork.palette import INK, PAPER, Color, mix, readable
from kpop_assets.sample_world.artwork.typesetting import Face, broken_lines, fitting_em, set_line


def _lettering(
    canvas: Canvas, text: str, face: Face, width: float, height: float, at: tuple[float, float]
) -> Image.Image:
    """A cover-sized mask with the text on up to three lines, centred at a point."""
    lines = broken_lines(text, 3)
    em = min(*(fitting_em(line, face, width, height / len(lines)) for line in lines), 1.0)
    mask = Image.new("L", (canvas.size, canvas.size), 0)
    pitch = height / len(lines) * 1.06 if len(lines) > 1 else 0
    pitch = min(pitch, em * 0.95)
    for index, line in enumerate(lines):
        setting = set_line(line, face, em * canvas.size)
        x = at[0] * canvas.size - setting.mask.width / 2
        y = (at[1] + (index - (len(lines) - 1) / 2) * pitch) * canvas.size - setting.mask.height / 2
        mask.paste(255, (round(x), round(y)), setting.mask)
    return mask


def metal_lettering(canvas: Canvas) -> None:
    """Chrome or gold letters, lit from above, on a dark or coloured ground."""
    p = canvas.palette
    soft_ground(canvas)
    face: Face = canvas.pick(("display", "display", "techno", "bold"))
    at = (0.5, canvas.between(0.42, 0.56))
    text = canvas.words.title if canvas.chance(0.65) else canvas.words.artist
    mask = _lettering(canvas, text, face, 0.9, canvas.between(0.45, 0.66), at)
    n = canvas.size
    depth = mask.filter(ImageFilter.GaussianBlur(0.012 * n))
    relief = np.asarray(depth, np.float32) / 255
    gy, gx = np.gradient(relief)
    light = (gx * np.float32(0.5) + gy) * np.float32(0.055 * n)
    y = texture.coordinates(n)[1]
    phase = canvas.between(0, 6.28)
    noise = texture.smooth_noise(n, canvas.rng, 3, 2)
    shine = (
        0.5
        + 0.32 * np.sin(y * np.float32(canvas.between(14, 34)) + noise * 3 + np.float32(phase))
        + light * 3.2
    )
    metal = canvas.pick(("chrome", "gold", "tint"))
    if metal == "gold":
        colors: tuple[Color, ...] = (
            (74, 44, 10),
            (196, 144, 52),
            (255, 240, 190),
            (150, 96, 26),
            (255, 226, 150),
        )
    elif metal == "chrome":
        colors = ((24, 28, 38), (150, 160, 176), (255, 255, 255), (84, 94, 112), (236, 240, 246))
    else:
        colors = (
            mix(p.accent, INK, 0.8),
            p.accent,
            PAPER,
            mix(p.accent, INK, 0.4),
            mix(p.accent, PAPER, 0.7),
        )
    surface = texture.colored(shine.astype(np.float32), colors)
    if canvas.chance(0.7):
        shade = mask.filter(ImageFilter.GaussianBlur(0.02 * n)).point(lambda v: v * 0.6)
        canvas.image.paste((0, 0, 0), (round(0.01 * n), round(0.018 * n)), shade)
    canvas.image.paste(Image.fromarray(np.clip(surface, 0, 255).astype(np.uint8)), (0, 0), mask)
    captions.caption(canvas, ("corners", "foot_line", "columns"), shown=text)


def outlined_lettering(canvas: Canvas) -> None:
    """Letters drawn by several parallel outlines, like neon or sticker borders."""
    p = canvas.palette
    if canvas.chance(0.4):
        canvas.paint(
            gradient_picture(canvas, canvas.size) * np.float32(0.6)
            + np.float32(0.4) * np.array(p.ground)
        )
    else:
        soft_ground(canvas)
    face: Face = canvas.pick(("display", "bold", "techno", "display"))
    text = canvas.words.title if canvas.chance(0.6) else canvas.words.artist
    at = (0.5, canvas.between(0.32, 0.64))
    mask = _lettering(canvas, text, face, 0.76, canvas.between(0.26, 0.5), at)
    soft = np.asarray(mask.filter(ImageFilter.GaussianBlur(0.022 * canvas.size)), np.float32) / 255
    rings = canvas.pick((2, 3, 4))
    colors = [p.accent, p.spot, p.ink, p.second]
    for ring in range(rings):
        level = 0.05 + 0.32 * ring / rings
        canvas.blend(colors[ring % 4], texture.soft_step(soft, level, 0.03))
    fill = readable(canvas.pick((PAPER, p.ground, INK)), colors[(rings - 1) % 4], 2.5)
    canvas.image.paste(fill, (0, 0), mask)
    captions.caption(canvas, ("corners", "foot_line", "columns"), shown=text)


def quiet_white(canvas: Canvas) -> None:
    """Much empty ground, one small thing, and small type."""
    p = canvas.palette
    light = not p.is_dark and canvas.chance(0.75)
    canvas.fill(mix(PAPER, p.ground, 0.25) if light else p.ground)
    ink = readable(p.ink, canvas.ground_under((0, 0, 1, 1)))
    x, y = canvas.pick((0.27, 0.5, 0.5, 0.73)), canvas.between(0.25, 0.6)
    kind = canvas.pick(("swatch", "dots", "dash", "stairs", "orb", "hangul", "grid"))
    color = readable(p.accent, canvas.ground_under((0, 0, 1, 1)), 1.5)
    r = canvas.between(0.09, 0.2)
    with canvas.pen() as pen:
        if kind == "dots":
            count = int(canvas.rng.integers(3, 7))
            grow = canvas.between(0.0, 0.35)
            for i in range(count):
                pen.disc(
                    0.5 + (i - count / 2 + 0.5) * r * 0.9,
                    y,
                    r * (0.14 + grow * i / count),
                    color if i != count // 2 else p.spot,
                )
        elif kind == "dash":
            angle = canvas.between(0, 3.14)
            for i in range(-3, 4):
                cx, cy = x + i * r * 0.3, y
                pen.line(
                    [
                        (cx - r * math.cos(angle), cy - r * math.sin(angle)),
                        (cx + r * math.cos(angle), cy + r * math.sin(angle)),
                    ],
                    color,
                    0.006 + 0.004 * abs(i),
                )
        elif kind == "stairs":
            for i in range(6):
                pen.rectangle(
                    (x - r + i * r / 3, y + r - (i + 1) * r / 3, x - r + (i + 1) * r / 3, y + r),
                    mix(color, p.spot, i / 5),
                )
        elif kind == "grid":
            cell = r * canvas.pick((0.4, 0.55))
            for row in range(7):
                for column in range(4):
                    if canvas.chance(0.48):
                        for side in {column, -column}:
                            cx, cy = x + (side - 0.5) * cell, y + (row - 3.5) * cell
                            pen.rectangle(
                                (cx, cy, cx + cell, cy + cell),
                                color if column or row % 3 else p.spot,
                            )
    if kind == "swatch":
        picture = Image.fromarray(gradient_picture(canvas, 64).astype(np.uint8))
        w = r * canvas.pick((1.0, 1.6, 2.2))
        canvas.insert(picture, (max(0.05, x - w), y - r, min(0.95, x + w), y + r))
    elif kind == "orb":
        away = texture.distance_from(canvas.size, x, y)
        lit = texture.distance_from(canvas.size, x - r * 0.4, y - r * 0.4)
        ball = texture.colored(
            lit / np.float32(r * 1.6), (PAPER, color, mix(p.second, color, 0.5), p.spot)
        )
        mask = (1 - texture.soft_step(away, r, 0.004))[..., None]
        canvas.paint(np.asarray(canvas.image, np.float32) * (1 - mask) + ball * mask)
    elif kind == "hangul":
        canvas.text(
            canvas.words.title[:1],
            canvas.pick(("serif", "pen", "serif_light")),
            (x, y),
            height=r * 1.9,
            width=r * 2,
            anchor="mm",
            color=color,
        )
    kinds = (
        ("foot_line", "corners", "foot_centre", "columns")
        if y < 0.5
        else ("head_left", "corners", "head_centre")
    )
    captions.caption(
        canvas, kinds, ink, face=canvas.pick(("light", "serif_light", "techno", "bold"))
    )
    canvas.finish = {"grain": 0.010, "light": 0.07, "vignette": 0.03}
