"""Print shop: halftone dots, stripes, high-contrast clouds in two inks."""

import math

import numpy as np

from kpop_assets.sample_world.artwork import captions, texture
from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.palette import distinct, readable
from kpop_assets.sample_world.artwork.texture import Field


def _tone(canvas: Canvas) -> Field:
    """A tone picture 0..1 to be printed: a ball, a ramp, waves or clouds."""
    n = canvas.size
    kind = canvas.pick(("ball", "ramp", "wave", "cloud", "letter"))
    if kind == "ball":
        x, y, r = canvas.between(0.3, 0.7), canvas.between(0.3, 0.6), canvas.between(0.3, 0.5)
        inside = 1 - texture.soft_step(texture.distance_from(n, x, y), r, 0.02)
        lit = texture.distance_from(n, x - r * 0.45, y - r * 0.5) / np.float32(1.6 * r)
        return np.clip(lit, 0.04, 1).astype(np.float32) * inside
    if kind == "ramp":
        return texture.linear_ramp(n, canvas.between(0, 6.28)) * np.float32(0.95)
    if kind == "wave":
        noise = texture.smooth_noise(n, canvas.rng, 2)
        return (
            0.5
            + 0.5
            * np.sin(
                texture.linear_ramp(n, canvas.between(0, 3)) * np.float32(canvas.between(8, 18))
                + noise * 5
            )
        ).astype(np.float32)
    if kind == "letter":
        sketch = Canvas(64, canvas.palette, canvas.words, canvas.rng)
        sketch.fill((0, 0, 0))
        sketch.text(
            canvas.words.title[:1],
            "display",
            (0.5, 0.47),
            width=0.8,
            height=0.75,
            anchor="mm",
            color=(255, 255, 255),
        )
        tone = np.asarray(sketch.image.convert("L"), np.float32) / 255
        return np.clip(texture.resized(tone, n), 0, 1) * (
            0.35 + 0.65 * texture.smooth_noise(n, canvas.rng, 2)
        )
    return texture.smooth_noise(n, canvas.rng, 2, 3)


def halftone(canvas: Canvas) -> None:
    """A tone picture as a screen of dots or lines."""
    p, n = canvas.palette, canvas.size
    tone = _tone(canvas)
    pitch = 1 / canvas.pick((26, 34, 44, 60))
    angle = math.radians(canvas.pick((15, 30, 45, 45, 75, 0)))
    x, y = texture.coordinates(n)
    u = (x * np.float32(math.cos(angle)) + y * np.float32(math.sin(angle))) / np.float32(pitch)
    v = (y * np.float32(math.cos(angle)) - x * np.float32(math.sin(angle))) / np.float32(pitch)
    if canvas.chance(0.7):
        cell = np.hypot(np.mod(u, 1) - 0.5, np.mod(v, 1) - 0.5) * np.float32(1.42)
        cover = np.sqrt(np.clip(tone, 0, 1))
    else:
        cell = np.abs(np.mod(v, 1) - 0.5) * 2
        cover = tone
    if canvas.chance(0.5):
        ramp = texture.linear_ramp(n, canvas.between(0, 6.28))
        canvas.paint(texture.colored(ramp, (p.ground, p.second)))
    soft = max(0.12, 1.4 / (pitch * n))
    ink = distinct(p.accent, p.ground, 3.3)
    canvas.blend(
        ink, texture.soft_step(cover.astype(np.float32) - cell.astype(np.float32), 0.0, soft)
    )
    _plated_caption(canvas)


def _plated_caption(canvas: Canvas) -> None:
    """A caption on a plate of the ground colour, since the print is busy."""
    p = canvas.palette
    where = canvas.pick(("foot", "head", "tab"))
    if where == "tab":
        side = canvas.chance(0.5)
        box = (0.06, 0.72, 0.62, 0.94) if side else (0.38, 0.06, 0.94, 0.28)
    else:
        box = (0.0, 0.84, 1.0, 1.0) if where == "foot" else (0.0, 0.0, 1.0, 0.16)
    with canvas.pen() as pen:
        pen.rectangle(box, p.ground)
    ink = readable(p.ink, p.ground)
    x0, y0, x1, y1 = box
    left, right = x0 + 0.05, x1 - 0.05
    if where == "tab":
        canvas.text(
            canvas.words.title,
            captions.head_face(canvas),
            (left, y0 + 0.05),
            em=0.09,
            width=right - left,
            height=0.075,
            color=ink,
        )
        canvas.text(
            canvas.words.artist,
            "bold",
            (left, y1 - 0.035),
            em=0.03,
            width=0.24,
            anchor="ls",
            color=ink,
        )
        canvas.text(
            canvas.words.edition.upper(),
            "light",
            (right, y1 - 0.035),
            em=0.02,
            width=0.2,
            anchor="rs",
            color=ink,
            tracking=0.05,
        )
    else:
        middle = (y0 + y1) / 2
        canvas.text(
            canvas.words.title,
            captions.head_face(canvas),
            (left, middle),
            em=0.09,
            width=0.52,
            height=0.085,
            anchor="lm",
            color=ink,
        )
        canvas.text(
            canvas.words.artist,
            "bold",
            (right, middle - 0.022),
            em=0.032,
            width=0.32,
            anchor="rm",
            color=ink,
        )
        canvas.text(
            captions.small_print(canvas),
            "light",
            (right, middle + 0.026),
            em=0.02,
            width=0.32,
            anchor="rm",
            color=ink,
            tracking=0.08,
        )


def split_stripes(canvas: Canvas) -> None:
    """Stripes that break or shift where they cross a figure."""
    p, n = canvas.palette, canvas.size
    angle = canvas.pick((0.0, math.pi / 2, math.pi / 4, 2.0, 0.35))
    count = canvas.between(6, 22)
    ramp = texture.linear_ramp(n, angle)
    kind = canvas.pick(("disc", "half", "box", "wave", "bend"))
    if kind == "disc":
        figure = 1 - texture.soft_step(
            texture.distance_from(n, canvas.between(0.3, 0.7), canvas.between(0.3, 0.7)),
            canvas.between(0.2, 0.38),
            0.004,
        )
    elif kind == "half":
        figure = texture.soft_step(
            texture.linear_ramp(n, angle + 1.57), canvas.between(0.35, 0.65), 0.004
        )
    elif kind == "box":
        x, y = texture.coordinates(n)
        a, b = canvas.between(0.15, 0.4), canvas.between(0.15, 0.4)
        figure = (
            (np.abs(x - np.float32(canvas.between(0.35, 0.65))) < a)
            & (np.abs(y - np.float32(0.45)) < b)
        ).astype(np.float32)
    else:
        figure = texture.smooth_noise(n, canvas.rng, 2) * np.float32(
            canvas.between(1, 3) if kind == "bend" else 0.8
        )
    place = ramp * np.float32(count) + figure * np.float32(0.5)
    if kind == "bend":
        place = ramp * np.float32(count * 0.5) + figure
    wave = np.abs(np.mod(place, 1) - 0.5) * 2
    soft = max(0.03, 2.4 * count / n)
    first = distinct(p.accent, p.ground, 3.3)
    canvas.blend(first, texture.soft_step(wave, canvas.between(0.4, 0.6), soft))
    if kind in ("disc", "box", "half") and canvas.chance(0.6):
        canvas.blend(p.spot, (figure * texture.soft_step(1 - wave, 0.5, soft)).astype(np.float32))
    _plated_caption(canvas)


def threshold_cloud(canvas: Canvas) -> None:
    """Clouds, smoke or ink reduced to a few flat inks, as in a photocopy."""
    p, n = canvas.palette, canvas.size
    noise = texture.smooth_noise(
        n, canvas.rng, int(canvas.rng.integers(2, 4)), 6, canvas.between(0.45, 0.62)
    )
    if canvas.chance(0.4):
        noise = np.abs(noise - 0.5) * 2
    away = texture.distance_from(n, canvas.between(0.2, 0.8), canvas.between(0.2, 0.8))
    noise = noise * np.float32(0.75) + (1 - away) * np.float32(0.3)
    levels = canvas.pick((1, 2, 3))
    inks = (distinct(p.accent, p.ground, 3.0), p.spot, p.second)
    low, high = np.quantile(noise[:: max(1, n // 64), :: max(1, n // 64)], [0.4, 0.85])
    for level in range(levels):
        canvas.blend(
            inks[level], texture.soft_step(noise, float(low + (high - low) * level / levels), 0.012)
        )
    _plated_caption(canvas)
