"""What a cover looks like in its own pixels, as sets of features that can drift.

A frozen network looks past what a person sees at once: a fine grid, woven stripes, detail that is
too soft or too hard. These features hold the detail of each size and the pixels as they are.
"""

import math

import numpy as np
import tensorflow as tf

CELLS = 8
BANDS = 3
PATCH = 8
"""Side of a patch in pixels; also the longest period of a grid that doublings can leave."""
_LEAST_POWER = 1e-5
_ANGLES = 2.0 * np.pi / PATCH * np.outer(np.arange(PATCH), np.arange(PATCH))
_WAVES = ((np.cos(_ANGLES) + np.sin(_ANGLES)) / math.sqrt(PATCH)).astype(np.float32)
"""The orthonormal discrete Hartley transform (Bracewell, 1983)."""
_TIMES = np.fft.fftfreq(PATCH, 1 / PATCH)
_FREQUENCIES = np.hypot(_TIMES[:, np.newaxis], _TIMES).astype(np.float32)
"""How often each wave comes in a patch, (8, 8)."""


def picture_features(covers: tf.Tensor) -> list[tf.Tensor]:
    """Return the features of covers, float32 (N, S, S, 3) in [-1, 1], each (N, K, C).

    Colours in 8×8 cells, as one feature and in 16 blocks of 4×4 half cells. The strength of detail
    of three sizes (RMS of the levels of a Laplacian pyramid) in 8×8 cells, as one feature and cell
    by cell. A quarter of the patches of 8×8 pixels, and of those that lie between four of these.
    The waves of the mean patch, in which a grid of period 2, 4 or 8 pixels stays and all else
    fades.
    """
    cell = covers.shape[1] // CELLS
    colours = pooled(covers, cell)
    blocks = tf.nn.space_to_depth(pooled(covers, cell // 2), 4)
    strengths = _band_strengths(covers)
    half = PATCH // 2
    patches = tf.nn.space_to_depth(covers, PATCH)
    between = tf.nn.space_to_depth(covers[:, half:-half, half:-half], PATCH)
    return [
        _whole(colours),
        places(blocks),
        _whole(strengths),
        places(strengths),
        places(patches[:, ::2, ::2]),
        places(between[:, ::2, ::2]),
        _whole(_waves_of_mean_patch(patches)),
    ]


def pooled(maps: tf.Tensor, cell: int) -> tf.Tensor:
    """Return the means of cells of maps, (N, S, S, C) to (N, S / cell, S / cell, C)."""
    return maps if cell == 1 else tf.nn.avg_pool2d(maps, cell, cell, "VALID")


def places(maps: tf.Tensor) -> tf.Tensor:
    """Return each place of maps as a feature, (N, h, w, C) to (N, h × w, C)."""
    return tf.reshape(maps, (-1, maps.shape[1] * maps.shape[2], maps.shape[3]))


def _whole(maps: tf.Tensor) -> tf.Tensor:
    return tf.reshape(maps, (-1, 1, maps.shape[1] * maps.shape[2] * maps.shape[3]))


def _band_strengths(covers: tf.Tensor) -> tf.Tensor:
    """Return the RMS of each band in 8×8 cells, (N, 8, 8, 3 × bands)."""
    strengths, rest = [], covers
    for _ in range(BANDS):
        coarse = pooled(rest, 2)
        detail = rest - tf.image.resize(coarse, rest.shape[1:3], "bilinear")
        power = pooled(tf.square(detail), detail.shape[1] // CELLS)
        strengths.append(tf.sqrt(power + _LEAST_POWER))
        rest = coarse
    return tf.concat(strengths, axis=3)


def _waves_of_mean_patch(patches: tf.Tensor) -> tf.Tensor:
    """Return the waves of the mean patch of a cover, each times its frequency, (N, 8, 8, 3).

    Waves of 2 pixels are 1 % of the power of real covers' mean patches; so weighted 5 %, an even
    share.
    """
    mean = tf.reshape(tf.reduce_mean(patches, axis=[1, 2]), (-1, PATCH, PATCH, 3))
    waves = tf.einsum("nxyc,xu,yv->nuvc", mean, _WAVES, _WAVES)
    return waves * _FREQUENCIES[..., np.newaxis]
