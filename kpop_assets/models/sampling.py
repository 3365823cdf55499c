"""Pictures out of a trained generator."""

import math
from collections.abc import Iterator

import keras
import numpy as np
import tensorflow as tf

from kpop_assets.covers.showing.grid import GAP, cover_grid
from kpop_assets.models.errors import SamplingError
from kpop_assets.models.interpolation import closed_walk
from kpop_assets.training.step import randomness

FRAME_WIDTH = 1030
WALK_COLUMNS, WALK_ROWS = 3, 2
WALK_STOPS = 4


def sample_covers(
    generator: keras.Model, count: int, seed: int, batch: int = 64, truncation: float = 1.0
) -> np.ndarray:
    """Return `count` generated covers, uint8 (count, S, S, 3); the same seed gives the same covers.

    `batch` covers are made at a time. Cover i does not depend on `count`. Its noise is multiplied
    by `truncation`: 1 leaves it as it is, less brings all covers nearer to the one of zero noise,
    so that they are more alike. (Brock et al. 2019 draw values outside a range anew; multiplied,
    cover i stays recognisable.) A generator that normalises its noise is not changed.
    Raises SamplingError when `count` is negative, `batch` below 1 or `truncation` not above 0.
    """
    if count < 0 or batch < 1:
        raise SamplingError(
            f"Expected a count of 0 or more and a batch of 1 or more, got {count} and {batch}; "
            "ask for other numbers."
        )
    return covers_of_noise(generator, seeded_noise(generator, count, seed, truncation), batch)


def covers_of_noise(generator: keras.Model, noise: np.ndarray, batch: int = 64) -> np.ndarray:
    """Return the cover of each noise vector, uint8 (N, S, S, 3), `batch` of them at a time.

    `noise` is float32 (N, *shape) with the shape that the generator takes.
    """
    covers = np.empty((len(noise), *generator.output_shape[1:]), np.uint8)
    for start in range(0, len(noise), batch):
        fakes = generator(noise[start : start + batch], training=False)
        levels = tf.round((fakes + 1.0) * 127.5)
        covers[start : start + batch] = tf.cast(levels, tf.uint8).numpy()
    return covers


def interpolation_frames(
    generator: keras.Model, frames: int, seed: int, truncation: float = 1.0
) -> Iterator[np.ndarray]:
    """Yield the frames of a film without end in which covers turn into one another.

    Each is a grid of up to 3x2 covers, uint8 (H, W, 3), W at most 1030. Every place of the grid
    walks past noise vectors of its own, four of them, and back to the first: it starts with a cover
    of `sample_covers` of the same seed and truncation. Raises SamplingError when `frames` is below
    1 or `truncation` not above 0.
    """
    columns = min(WALK_COLUMNS, frame_layout(generator.output_shape[1])[0])
    walks = columns * WALK_ROWS
    stops = seeded_noise(generator, WALK_STOPS * walks, seed, truncation)
    places = [closed_walk(stops[place::walks], frames) for place in range(walks)]
    yield from grids_of_noise(generator, np.stack(places, axis=1), columns)


def grids_of_noise(generator: keras.Model, noise: np.ndarray, columns: int) -> Iterator[np.ndarray]:
    """Yield a grid of covers for each row of `noise`, float32 (frames, N, *shape): uint8 (H, W, 3).

    Several frames are made at a time, as many as 64 covers make.
    """
    frames, covers = noise.shape[:2]
    for some in np.array_split(noise, -(-frames * covers // 64)):
        made = covers_of_noise(generator, some.reshape(-1, *noise.shape[2:]))
        for frame in made.reshape(len(some), covers, *made.shape[1:]):
            yield cover_grid(frame, columns)


def frame_layout(image_size: int) -> tuple[int, int]:
    """Return columns and rows of a progress frame: 6×4 up to 128 px, fewer above."""
    columns = min(6, (FRAME_WIDTH + GAP) // (image_size + GAP))
    return columns, -(-columns * 2 // 3)


def progress_frame(generator: keras.Model, seed: int) -> np.ndarray:
    """Return a grid of samples from noise fixed by `seed`, uint8 (H, W, 3), W at most 1030."""
    columns, rows = frame_layout(generator.output_shape[1])
    count = columns * rows
    return cover_grid(sample_covers(generator, count, seed, count), columns)


def seeded_noise(
    generator: keras.Model, count: int, seed: int, truncation: float = 1.0, told: int = 0
) -> np.ndarray:
    """Return noise for the generator, float32 (count, *shape), fixed by `seed`.

    So many of the numbers that the generator takes as `told` says, the last, are no noise. Raises
    SamplingError when `truncation` is not above 0.
    """
    if not 0 < truncation < math.inf:
        raise SamplingError(f"Expected a truncation above 0, got {truncation}; 1 turns it off.")
    *sides, size = generator.input_shape[1:]
    shape = (*sides, size - told)
    noise = randomness.noise_vectors(count, math.prod(shape), randomness.fixed_seed(seed))
    return truncation * noise.numpy().reshape(count, *shape)
