"""Pictures out of a trained generator."""

import keras
import numpy as np
import tensorflow as tf

from kpop_assets.covers.grid import cover_grid
from kpop_assets.gan import randomness
from kpop_assets.gan.errors import SamplingError

FRAME_GAP = 2
FRAME_WIDTH = 1030


def sample_covers(generator: keras.Model, count: int, seed: int, batch: int = 64) -> np.ndarray:
    """Return `count` generated covers, uint8 (count, S, S, 3); the same seed gives the same covers.

    `batch` covers are made at a time. Cover i does not depend on `count`.
    Raises SamplingError when `count` is negative or `batch` below 1.
    """
    if count < 0 or batch < 1:
        raise SamplingError(
            f"Expected a count of 0 or more and a batch of 1 or more, got {count} and {batch}; "
            "ask for other numbers."
        )
    noise = randomness.noise_vectors(count, generator.input_shape[-1], randomness.fixed_seed(seed))
    covers = np.empty((count, *generator.output_shape[1:]), np.uint8)
    for start in range(0, count, batch):
        fakes = generator(noise[start : start + batch], training=False)
        levels = tf.round((fakes + 1.0) * 127.5)
        covers[start : start + batch] = tf.cast(levels, tf.uint8).numpy()
    return covers


def frame_layout(image_size: int) -> tuple[int, int]:
    """Return columns and rows of a progress frame: 6×4 up to 128 px, fewer above."""
    columns = min(6, (FRAME_WIDTH + FRAME_GAP) // (image_size + FRAME_GAP))
    return columns, -(-columns * 2 // 3)


def progress_frame(generator: keras.Model, seed: int) -> np.ndarray:
    """Return a grid of samples from noise fixed by `seed`, uint8 (H, W, 3), W at most 1030."""
    columns, rows = frame_layout(generator.output_shape[1])
    count = columns * rows
    return cover_grid(sample_covers(generator, count, seed, count), columns, FRAME_GAP)
