"""Fields and surfaces in numpy: gradients, smooth noise, grain, uneven light."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.sample_world.artwork.palette import Color

Field = NDArray[np.floating[Any]]


@lru_cache(maxsize=8)
def coordinates(size: int) -> tuple[Field, Field]:
    """x and y of every pixel centre, 0..1, shape (size, size)."""
    line = (np.arange(size, dtype=np.float32) + 0.5) / size
    x, y = np.meshgrid(line, line)
    return x.astype(np.float32), y.astype(np.float32)


def resized(field: Field, size: int) -> Field:
    """A small field stretched to (size, size) by bicubic interpolation."""
    image = Image.fromarray(field.astype(np.float32))
    return np.asarray(image.resize((size, size), Image.Resampling.BICUBIC), np.float32)


def smooth_noise(
    size: int, rng: np.random.Generator, cells: int = 4, octaves: int = 1, falloff: float = 0.5
) -> Field:
    """Fractal value noise scaled to 0..1; the same at every size but for sampling."""
    total = np.zeros((size, size), np.float32)
    weight = 1.0
    for octave in range(octaves):
        grid = rng.random((cells * 2**octave + 2,) * 2, dtype=np.float32)
        total += weight * resized(grid, size)
        weight *= falloff
    low, high = float(total.min()), float(total.max())
    return (total - low) / max(high - low, 1e-6)


def linear_ramp(size: int, angle: float) -> Field:
    """0..1 across the square in the direction `angle` (radians, 0 = to the right)."""
    x, y = coordinates(size)
    across = (x - 0.5) * np.float32(np.cos(angle)) + (y - 0.5) * np.float32(np.sin(angle))
    reach = (abs(np.cos(angle)) + abs(np.sin(angle))) / 2
    return across / np.float32(2 * reach) + np.float32(0.5)


def distance_from(size: int, cx: float, cy: float) -> Field:
    """Distance of every pixel from (cx, cy), in cover widths."""
    x, y = coordinates(size)
    return np.hypot(x - np.float32(cx), y - np.float32(cy))


def colored(field: Field, colors: Sequence[Color]) -> Field:
    """The field (0..1) mapped through even colour stops: shape (h, w, 3), values 0..255."""
    at = np.linspace(0, 1, len(colors))
    steps = np.linspace(0, 1, 512)
    table = np.stack(
        [np.interp(steps, at, [c[channel] for c in colors]) for channel in range(3)], axis=1
    ).astype(np.float32)
    return table.take((np.clip(field, 0, 1) * 511).astype(np.intp), axis=0)


def soft_step(field: Field, edge: float, width: float) -> Field:
    """0 below the edge, 1 above it, smooth over `width`."""
    t = np.clip((field - edge) / max(width, 1e-6) + 0.5, 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def finished(
    image: Image.Image,
    rng: np.random.Generator,
    grain: float = 0.02,
    light: float = 0.05,
    vignette: float = 0.06,
) -> Image.Image:
    """The picture with a little more contrast, slightly uneven light, darker corners and grain.

    `grain` is the standard deviation of the noise, `light` and `vignette` the largest relative
    change of brightness (less on a pale cover, which stays white). The light is the same at
    every size; the grain is drawn per size.
    """
    size = image.width
    paleness = (
        float(np.asarray(image.resize((1, 1), Image.Resampling.BOX), np.float32).mean()) / 255
    )
    calm = 1 - 0.75 * min(1.0, max(0.0, (paleness - 0.65) / 0.2))
    light, vignette = light * calm, vignette * calm
    grid = rng.random((4, 4), dtype=np.float32)
    grid += np.linspace(-0.7, 0.7, 4, dtype=np.float32)[:, None] * np.float32(rng.normal())
    grid += np.linspace(-0.7, 0.7, 4, dtype=np.float32)[None, :] * np.float32(rng.normal())
    grid = (grid - grid.min()) / max(float(np.ptp(grid)), 1e-6)
    small = max(32, size // 4)
    shade = 1 + np.float32(light) * (resized(grid, small) - np.float32(0.75))
    corners = np.clip(distance_from(small, 0.5, 0.5) - np.float32(0.3), 0, None) ** 2
    shade -= np.float32(vignette * 6) * corners
    factor = resized(shade, size)
    noise = np.random.default_rng(int(rng.integers(2**32))).standard_normal(
        (size, size), dtype=np.float32
    )
    pixels = np.array(image, np.float32)
    more = pixels - np.float32(paleness * 255)
    more *= np.float32(0.08)
    pixels += more
    pixels *= factor[..., None]
    pixels += (noise * np.float32(grain * 255))[..., None]
    pixels += np.float32(0.5)
    return Image.fromarray(np.clip(pixels, 0, 255, out=pixels).astype(np.uint8))
