"""The dominant colours of covers: k-means in CIELAB, where distances are about as seen."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.cluster import KMeans

Floats = NDArray[np.float64]

COLOURS = 5
_FROM_RGB = np.array(
    [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
)
_WHITE_D65 = np.array([0.95047, 1.0, 1.08883])
_EPSILON = 216 / 24389
_KAPPA = 24389 / 27


@dataclass(frozen=True)
class Palette:
    """Colours as #rrggbb, the one with the largest share first, and the shares, of sum 1."""

    colours: tuple[str, ...]
    weights: tuple[float, ...]


def palette(pixels: NDArray[np.uint8], seed: int = 0) -> Palette:
    """Return the dominant colours of sRGB pixels, uint8 (..., 3): five, or fewer if there are not.

    The centres of k-means clusters in CIELAB; the same pixels and seed give the same palette.
    """
    lab = lab_of(pixels.reshape(-1, 3))
    return weighted_palette(lab, np.ones(len(lab)), seed)


def pooled_palette(palettes: list[Palette], seed: int = 0) -> Palette:
    """Return the dominant colours of many palettes, each of which counts the same.

    Raises ValueError when there are none.
    """
    if not palettes:
        raise ValueError("expected at least one palette to pool, got none")
    colours = np.concatenate([_levels(found.colours) for found in palettes])
    weights = np.concatenate([found.weights for found in palettes])
    return weighted_palette(lab_of(colours), weights, seed)


def weighted_palette(lab: Floats, weights: Floats, seed: int = 0) -> Palette:
    """Return the dominant colours of CIELAB points (N, 3) with weights (N,)."""
    distinct = len(np.unique(lab.round(6), axis=0))
    clusters = KMeans(min(COLOURS, distinct), n_init=1, random_state=seed)
    members = clusters.fit(lab, sample_weight=weights).labels_
    shares = np.bincount(members, weights) / weights.sum()
    order = np.argsort(-shares, kind="stable")
    levels = rgb_of(clusters.cluster_centers_[order])
    return Palette(
        colours=tuple(f"#{red:02x}{green:02x}{blue:02x}" for red, green, blue in levels),
        weights=tuple(float(share) for share in shares[order]),
    )


def lab_of(levels: NDArray[np.uint8]) -> Floats:
    """Return CIELAB (N, 3) of sRGB levels (N, 3): lightness 0 to 100, D65 white (CIE 15:2004)."""
    values = levels / 255.0
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    relative = linear @ _FROM_RGB.T / _WHITE_D65
    f = np.where(relative > _EPSILON, np.cbrt(relative), (_KAPPA * relative + 16) / 116)
    x, y, z = f.T
    return np.stack([116 * y - 16, 500 * (x - y), 200 * (y - z)], axis=1)


def rgb_of(lab: Floats) -> NDArray[np.uint8]:
    """Return the sRGB levels (N, 3) of CIELAB (N, 3), clipped to what sRGB has."""
    lightness, a, b = lab.T
    y = (lightness + 16) / 116
    f = np.stack([y + a / 500, y, y - b / 200], axis=1)
    relative = np.where(f**3 > _EPSILON, f**3, (116 * f - 16) / _KAPPA)
    linear = np.clip((relative * _WHITE_D65) @ np.linalg.inv(_FROM_RGB).T, 0.0, 1.0)
    values = np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.round(255.0 * values).astype(np.uint8)


def _levels(colours: tuple[str, ...]) -> NDArray[np.uint8]:
    return np.array([list(bytes.fromhex(colour[1:])) for colour in colours], np.uint8)
