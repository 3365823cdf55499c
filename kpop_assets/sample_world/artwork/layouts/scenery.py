"""Places without people: ridges, sea, planets, night skies, all from noise."""

import math

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from kpop_assets.sample_world.artwork import captions, texture
from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.palette import INK, PAPER, Color, luminance, mix

_CAPTIONS = ("foot_left", "corners", "foot_centre", "head_centre", "columns", "foot_right")


def _sky(canvas: Canvas, top: Color, bottom: Color, clouds: float) -> None:
    n = canvas.size
    pixels = texture.colored(texture.coordinates(n)[1], (top, mix(top, bottom, 0.6), bottom))
    if clouds:
        noise = texture.smooth_noise(n, canvas.rng, 2, 5, 0.55)
        veil = texture.soft_step(noise, canvas.between(0.5, 0.7), 0.35)[..., None] * np.float32(
            clouds
        )
        pixels += (np.array(PAPER, np.float32) - pixels) * veil
    canvas.paint(pixels)


def _outline(canvas: Canvas, roughness: float) -> np.ndarray:
    """Heights -1..1 over 256 places, from octaves of smooth noise."""
    places = np.linspace(0, 1, 257)
    height = np.zeros(257)
    for octave in range(6):
        knots = canvas.rng.standard_normal(2 ** (octave + 1) + 1)
        height += np.interp(places, np.linspace(0, 1, knots.size), knots) * roughness**octave
    return height / np.abs(height).max()


def ridges(canvas: Canvas) -> None:
    """Mountain ridges one behind the other, paler with distance, and perhaps a disc in the sky."""
    p = canvas.palette
    bright, deep = sorted((p.ground, p.second), key=luminance, reverse=True)
    deep = mix(deep, INK, 0.45 if luminance(deep) > 0.2 else 0.1)
    _sky(
        canvas,
        mix(bright, p.spot, canvas.between(0, 0.5)),
        mix(bright, PAPER, 0.35),
        canvas.pick((0.0, 0.4, 0.7)),
    )
    count = int(canvas.rng.integers(3, 8))
    roughness = canvas.between(0.42, 0.62)
    horizon = canvas.between(0.32, 0.62)
    with canvas.pen() as pen:
        if canvas.chance(0.7):
            pen.disc(
                canvas.between(0.15, 0.85),
                horizon - canvas.between(-0.04, 0.16),
                canvas.between(0.07, 0.2),
                p.accent,
            )
        for layer in range(count):
            nearness = (layer + 1) / count
            base = horizon + (1.02 - horizon) * (layer / count) ** 1.1
            heights = base - _outline(canvas, roughness) * canvas.between(0.05, 0.15)
            points = [(i / 256, float(h)) for i, h in enumerate(heights)]
            pen.polygon([*points, (1, 1), (0, 1)], mix(mix(bright, p.spot, 0.25), deep, nearness))
    captions.caption(canvas, _CAPTIONS, margin=0.06)
    canvas.finish = {"grain": 0.035}


def sea_and_sun(canvas: Canvas) -> None:
    """A horizon, a sun and its road over the water."""
    p, n = canvas.palette, canvas.size
    horizon, sun_x = canvas.between(0.4, 0.68), canvas.between(0.2, 0.8)
    _sky(canvas, p.ground, mix(p.second, p.spot, 0.4), canvas.pick((0.0, 0.3, 0.6)))
    radius = canvas.between(0.09, 0.24)
    sun_y = horizon - radius * canvas.between(-0.4, 1.3)
    banded = canvas.chance(0.4)
    sun = canvas.pick((p.accent, mix(p.accent, PAPER, 0.6), PAPER))
    with canvas.pen() as pen:
        pen.disc(sun_x, sun_y, radius, sun)
    if banded:
        strip = np.asarray(canvas.image)[:, : max(1, n // 50)].mean(axis=1)
        with canvas.pen() as pen:
            for i in range(5):
                top, thick = sun_y + radius * (0.1 + 0.18 * i), radius * (0.03 + 0.018 * i)
                row = strip[min(n - 1, int(top * n))]
                pen.rectangle(
                    (sun_x - radius, top, sun_x + radius, top + thick),
                    (int(row[0]), int(row[1]), int(row[2])),
                )
    x, y = texture.coordinates(n)
    below = np.clip((y - np.float32(horizon)) / np.float32(1 - horizon), 0, 1)
    water = texture.colored(below, (mix(p.second, p.ground, 0.5), mix(p.ground, INK, 0.55)))
    grid = canvas.rng.random((64, 7), dtype=np.float32)
    ripple = np.asarray(Image.fromarray(grid).resize((n, n), Image.Resampling.BICUBIC), np.float32)
    spread = np.float32(0.05) + below * np.float32(canvas.between(0.1, 0.3))
    road = np.exp(-(((x - np.float32(sun_x)) / spread) ** 2)) * texture.soft_step(ripple, 0.55, 0.3)
    glint = texture.soft_step(ripple, 0.75, 0.3) * np.float32(0.25)
    water += (np.array(sun, np.float32) - water) * np.clip(road + glint, 0, 1)[..., None]
    mask = texture.soft_step(y, horizon, 0.003)[..., None]
    canvas.paint(np.asarray(canvas.image, np.float32) * (1 - mask) + water * mask)
    captions.caption(canvas, _CAPTIONS, margin=0.06)
    canvas.finish = {"grain": 0.03}


def planet(canvas: Canvas) -> None:
    """A banded sphere with a shadow side, sometimes ringed."""
    p, n = canvas.palette, canvas.size
    away = texture.distance_from(n, canvas.between(0.2, 0.8), canvas.between(0.2, 0.8))
    canvas.paint(texture.colored(away, (mix(p.ground, p.second, 0.7), p.ground)))
    if p.is_dark or canvas.chance(0.3):
        _stars(canvas, 160)
    r = canvas.pick((canvas.between(0.2, 0.3), canvas.between(0.3, 0.4), canvas.between(0.5, 0.75)))
    cx, cy = (
        (0.5 + canvas.between(-0.08, 0.08), 0.45)
        if r < 0.4
        else (canvas.between(0.1, 0.9), canvas.between(0.75, 1.1))
    )
    x, y = texture.coordinates(n)
    u, v = (x - np.float32(cx)) / np.float32(r), (y - np.float32(cy)) / np.float32(r)
    depth = np.sqrt(np.clip(1 - u * u - v * v, 0, 1))
    tilt = canvas.between(-0.8, 0.8)
    latitude = v * np.float32(math.cos(tilt)) + u * np.float32(math.sin(tilt))
    noise = texture.smooth_noise(n, canvas.rng, 3, 4, 0.6)
    bands = np.sin(
        latitude * np.float32(canvas.between(4, 14)) + noise * np.float32(canvas.between(2, 7))
    )
    surface = texture.colored(
        (bands + 1) / 2, (p.accent, p.spot, mix(p.second, p.accent, 0.5), PAPER)
    )
    sun = canvas.between(0, 2 * math.pi)
    light = (
        u * np.float32(0.7 * math.cos(sun))
        + v * np.float32(0.7 * math.sin(sun))
        + depth * np.float32(0.7)
    )
    lit = (np.float32(0.16) + np.clip(light, 0, 1) * np.float32(0.9))[..., None]
    shadow = np.array(mix(p.ground, INK, 0.7), np.float32)
    ball = shadow + (surface - shadow) * np.clip(lit, 0, 1)
    edge = (1 - texture.soft_step(np.hypot(u, v), 1.0, 0.012))[..., None]
    canvas.paint(np.asarray(canvas.image, np.float32) * (1 - edge) + ball * edge)
    if r < 0.4 and canvas.chance(0.5):
        _ring(canvas, cx, cy, r, tilt)
    captions.caption(
        canvas,
        ("corners", "foot_line", "foot_centre")
        if r < 0.4
        else ("head_left", "head_centre", "corners"),
    )


def _ring(canvas: Canvas, cx: float, cy: float, r: float, tilt: float) -> None:
    flat = canvas.between(0.14, 0.3)
    angles = np.linspace(-0.32, math.pi + 0.32, 90)
    with canvas.pen() as pen:
        for reach, width in ((1.45, 0.006), (1.56, 0.012), (1.68, 0.004)):
            points = []
            for a in angles:
                ex, ey = r * reach * math.cos(a), r * reach * flat * math.sin(a)
                points.append(
                    (
                        cx + ex * math.cos(tilt) + ey * math.sin(tilt),
                        cy - ex * math.sin(tilt) + ey * math.cos(tilt),
                    )
                )
            pen.line(points, canvas.palette.accent, width)


def _stars(canvas: Canvas, count: int) -> None:
    places = canvas.rng.random((count, 2))
    sizes = np.minimum(canvas.rng.exponential(0.0011, count), 0.0035) + 0.0006
    with canvas.pen() as pen:
        for (x, y), size in zip(places, sizes, strict=True):
            pen.disc(float(x), float(y), float(size), (255, 255, 255, 210))


def night_sky(canvas: Canvas) -> None:
    """A sky of stars with a constellation, a galaxy's band or a moon."""
    p, n = canvas.palette, canvas.size
    top, low = mix(p.ground, INK, 0.75), mix(p.second, INK, canvas.between(0.2, 0.55))
    ramp = texture.linear_ramp(n, canvas.between(0, 6.28))
    canvas.paint(texture.colored(ramp, (top, mix(top, low, 0.4), low)))
    band = np.abs(
        texture.linear_ramp(n, canvas.between(0, 3.14)) - np.float32(canvas.between(0.3, 0.7))
    )
    haze = np.exp(-((band / np.float32(0.14)) ** 2)) * texture.smooth_noise(
        n, canvas.rng, 4, 4, 0.6
    )
    canvas.blend(mix(p.spot, PAPER, 0.5), haze * np.float32(canvas.between(0.4, 0.9)))
    _stars(canvas, int(canvas.rng.integers(120, 380)))
    if canvas.chance(0.5):
        knots = [
            (canvas.between(0.12, 0.88), canvas.between(0.12, 0.72))
            for _ in range(int(canvas.rng.integers(5, 10)))
        ]
        knots.sort()
        with canvas.pen() as pen:
            pen.line(knots, (255, 255, 255, 150), 0.0025)
            for x, y in knots:
                pen.disc(x, y, 0.009, p.accent if luminance(p.accent) > 0.25 else PAPER)
    else:
        _moon(canvas)
    captions.caption(canvas, ("foot_left", "foot_centre", "corners", "head_left"), PAPER)


def _moon(canvas: Canvas) -> None:
    n = canvas.size
    x, y, r = canvas.between(0.25, 0.75), canvas.between(0.25, 0.5), canvas.between(0.12, 0.26)
    glow = np.exp(-((texture.distance_from(n, x, y) / np.float32(r * 1.8)) ** 2)) * np.float32(0.4)
    canvas.blend(canvas.palette.spot, glow)
    mask = Image.new("L", (n, n), 0)
    draw = ImageDraw.Draw(mask)
    box = [v * n for v in (x - r, y - r, x + r, y + r)]
    draw.ellipse(box, fill=255)
    if canvas.chance(0.6):
        shift = r * canvas.between(0.35, 0.8) * n
        draw.ellipse(
            [box[0] + shift, box[1] - shift * 0.3, box[2] + shift, box[3] - shift * 0.3], fill=0
        )
    mask = mask.filter(ImageFilter.GaussianBlur(0.0015 * n))
    canvas.image.paste(mix(PAPER, canvas.palette.spot, 0.15), (0, 0), mask)
