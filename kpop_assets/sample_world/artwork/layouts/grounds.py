"""Grounds that several families share."""

import math

import numpy as np

from kpop_assets.sample_world.artwork import texture
from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.palette import luminance, mix


def soft_ground(canvas: Canvas, depth: float = 1.0) -> None:
    """A flat, ramped or clouded ground from the first to `depth` (0..1) of the second."""
    p = canvas.palette
    far = mix(p.ground, p.second, depth)
    kind = canvas.pick(("flat", "ramp", "spot", "cloud"))
    if kind == "ramp":
        ramp = texture.linear_ramp(canvas.size, canvas.between(0, 2 * math.pi))
        canvas.paint(texture.colored(ramp, (p.ground, far)))
    elif kind == "spot":
        away = texture.distance_from(canvas.size, canvas.between(0, 1), canvas.between(0, 1))
        canvas.paint(texture.colored(away, (far, p.ground)))
    elif kind == "cloud":
        noise = texture.smooth_noise(canvas.size, canvas.rng, 2, 4)
        canvas.paint(texture.colored(noise, (p.ground, far)))


def bold_ground(canvas: Canvas) -> None:
    """A flat, lit, ramped, halved or clouded ground for one strong sign."""
    p = canvas.palette
    kind = canvas.pick(("flat", "spot", "ramp", "split", "cloud"))
    if kind == "spot":
        far = texture.distance_from(canvas.size, canvas.between(0.2, 0.8), canvas.between(0.1, 0.7))
        canvas.paint(texture.colored(far / np.float32(0.9), (p.second, p.ground)))
    elif kind == "ramp":
        ramp = texture.linear_ramp(canvas.size, canvas.between(0, 2 * math.pi))
        canvas.paint(texture.colored(ramp, (p.ground, mix(p.ground, p.second, 0.8))))
    elif kind == "split":
        angle, shift = canvas.pick((0.0, math.pi / 2, 0.7, 2.3)), canvas.between(0.3, 0.7)
        ramp = texture.linear_ramp(canvas.size, angle)
        canvas.blend(p.second, texture.soft_step(ramp, shift, 0.004))
    elif kind == "cloud":
        noise = texture.smooth_noise(canvas.size, canvas.rng, 2, 5)
        canvas.blend(p.second, noise * np.float32(0.8))


def gradient_picture(canvas: Canvas, size: int) -> texture.Field:
    """An abstract picture in place of a photo: shape (size, size, 3), values 0..255."""
    rng, p = canvas.rng, canvas.palette
    colors = sorted(p.stops, key=luminance, reverse=canvas.chance(0.5))
    if canvas.chance(0.3):
        colors[1], colors[2] = colors[2], colors[1]
    field = texture.smooth_noise(size, rng, int(rng.integers(1, 3)), 2, 0.35)
    kind = canvas.pick(("noise", "sun", "bars", "fold", "shore", "shore", "arc"))
    y = texture.coordinates(size)[1]
    if kind in ("sun", "shore"):
        disc = texture.distance_from(size, canvas.between(0.2, 0.8), canvas.between(0.2, 0.6))
        edge = 1 - texture.soft_step(disc, canvas.between(0.12, 0.32), 0.02)
        if kind == "sun":
            field = field * np.float32(0.45) + edge * np.float32(0.55)
        else:
            level = canvas.between(0.45, 0.75)
            ground = texture.soft_step(
                y + (field - 0.5) * np.float32(canvas.between(0, 0.4)), level, 0.012
            )
            sky = y * np.float32(0.45) + edge * np.float32(0.3)
            field = sky * (1 - ground) + (np.float32(0.72) + field * np.float32(0.28)) * ground
    elif kind == "bars":
        ramp = texture.linear_ramp(size, canvas.between(0, 3))
        field = np.mod(ramp * np.float32(canvas.pick((2, 3))) + field * np.float32(0.3), 1)
    elif kind == "fold":
        field = np.abs(np.sin(field * np.float32(canvas.between(2.5, 5)))).astype(np.float32)
    elif kind == "arc":
        away = texture.distance_from(size, canvas.between(0, 1), canvas.between(0.8, 1.2))
        field = np.floor(away * np.float32(canvas.between(4, 8))) / 7 + field * np.float32(0.15)
    return texture.colored(field, colors)
