"""Covers out of a generator that is told what they are to be."""

from collections.abc import Iterator, Sequence

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.models.conditional.condition_tensors import condition_vectors
from kpop_assets.models.conditional.conditions import Conditions, Range
from kpop_assets.models.errors import SamplingError
from kpop_assets.models.sampling import covers_of_noise, grids_of_noise, seeded_noise


def condition_numbers(conditions: Conditions, places: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return what tells a generator the conditions at `places` (N, conditions), (N, width)."""
    told: NDArray[np.float32] = condition_vectors(conditions, tf.constant(places)).numpy()
    return told


def sample_told(
    generator: keras.Model,
    conditions: Conditions,
    places: NDArray[np.float64],
    seed: int,
    truncation: float = 1.0,
) -> NDArray[np.uint8]:
    """Return a generated cover for each row of `places` (N, conditions), uint8 (N, S, S, 3).

    Cover i grows from the i-th noise vector of `seed`, whatever it is to be. Raises SamplingError.
    """
    noise = seeded_noise(generator, len(places), seed, truncation, conditions.width)
    return covers_of_noise(generator, _beside(noise, condition_numbers(conditions, places)))


def told_grid(
    generator: keras.Model,
    conditions: Conditions,
    places: NDArray[np.float64],
    columns: int,
    seed: int,
    truncation: float = 1.0,
) -> NDArray[np.uint8]:
    """Return `columns` covers for each row of `places`, uint8 (rows × columns, S, S, 3).

    A column grows from one noise vector, so that its covers differ by what they are to be alone.
    Raises SamplingError.
    """
    noise = seeded_noise(generator, columns, seed, truncation, conditions.width)
    told = np.repeat(condition_numbers(conditions, places), columns, axis=0)
    return covers_of_noise(generator, _beside(np.tile(noise, (len(places), 1, 1, 1)), told))


def condition_frames(
    generator: keras.Model,
    conditions: Conditions,
    stops: Sequence[NDArray[np.float64]],
    frames: int,
    seed: int,
    columns: int = 3,
    rows: int = 2,
) -> Iterator[NDArray[np.uint8]]:
    """Yield the frames of a film in which covers of fixed noise change with what they are to be.

    It goes past all `stops`, places (conditions,), from the first to the last. Each frame is a grid
    of covers, uint8 (H, W, 3). Raises SamplingError for fewer than two stops or frames.
    """
    noise = seeded_noise(generator, columns * rows, seed, told=conditions.width)
    told = np.repeat(told_walk(conditions, stops, frames), len(noise), axis=0)
    told_noise = _beside(np.tile(noise, (frames, 1, 1, 1)), told)
    by_frame = told_noise.reshape(frames, len(noise), *told_noise.shape[1:])
    yield from grids_of_noise(generator, by_frame, columns)


def told_walk(
    conditions: Conditions, stops: Sequence[NDArray[np.float64]], frames: int
) -> NDArray[np.float32]:
    """Return what a generator is told on the way past all stops, float32 (frames, width).

    Within a range it is told the places between; from choice to choice, and from or to what is left
    open, the straight way. Raises SamplingError for fewer than two stops or frames.
    """
    if len(stops) < 2 or frames < 2:
        raise SamplingError(
            f"Expected at least two stops and two frames, got {len(stops)} and {frames}; "
            "ask for more."
        )
    at = np.linspace(0, len(stops) - 1, frames)
    before = np.minimum(at.astype(int), len(stops) - 2)
    share = (at - before)[:, np.newaxis]
    first, last = np.array(stops)[before], np.array(stops)[before + 1]
    straight = (1 - share) * condition_numbers(conditions, first) + share * condition_numbers(
        conditions, last
    )
    between = condition_numbers(conditions, (1 - share) * first + share * last)
    within = np.concatenate(
        [
            np.repeat(~np.isnan(first + last)[:, [column]], field.width, axis=1)
            & isinstance(field, Range)
            for column, field in enumerate(conditions.fields)
        ],
        axis=1,
    )
    return np.where(within, between, straight).astype(np.float32)


def _beside(noise: NDArray[np.float32], told: NDArray[np.float32]) -> NDArray[np.float32]:
    return np.concatenate([noise, told[:, np.newaxis, np.newaxis]], axis=3)
