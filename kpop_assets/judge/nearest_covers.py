"""Which training covers lie nearest to each sample, and how near that is."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.judge.copies import COPY_DISTANCE
from kpop_assets.judge.quality import Floats, distances
from kpop_assets.judge.seen_covers import SeenCovers
from kpop_assets.models.cover_source import spread_rows

MEASURED_STEPS = 2000
BLOCKS = 20
LEAST_STEP = 1e-3
"""Distance below which covers do not differ, of √8 at most: nothing can be measured in it."""


@dataclass(frozen=True)
class NearestCovers:
    """For M samples the nearest of N covers; all distances are those of copies.py, 0 to √8.

    covers: int64 (M, K), the nearest covers, nearest first.
    distances: float64 (M, K), how far they are; a cover counts as far as its mirror image if that
        is nearer.
    ratios: float64 (M,), the first distance over the median distance from a cover to the nearest
        other one: below 1 a sample is nearer to a cover than covers are to each other. NaN for a
        lone cover, and when most covers have a twin.
    copied: bool (M,), whether the sample shows a training cover again, or its distance is no
        number.
    """

    covers: NDArray[np.int64]
    distances: Floats
    ratios: Floats
    copied: NDArray[np.bool_]


def nearest_covers(
    samples: Floats, covers: Iterable[SeenCovers], nearest: int = 3
) -> NearestCovers:
    """Return the `nearest` covers of each sample, fewer if there are not as many.

    `samples` are appearances (M, D + 768); the covers come some at a time, of which the appearances
    stay in memory as float32.
    """
    parts, straight = [], []
    for part in covers:
        parts.append(
            np.minimum(distances(samples, part.straight), distances(samples, part.mirrored))
        )
        straight.append(part.straight.astype(np.float32))
    far = np.hstack(parts)
    order = np.argsort(far, axis=1, kind="stable")[:, :nearest]
    found = np.take_along_axis(far, order, axis=1)
    step = _median_step(np.concatenate(straight))
    return NearestCovers(order, found, found[:, 0] / step, ~(found[:, 0] >= COPY_DISTANCE))


def _median_step(covers: NDArray[np.float32]) -> float:
    """Return the median distance from a cover to the nearest other, over up to 2,000; or NaN."""
    if len(covers) < 2:
        return float("nan")
    nearest = []
    for row in np.array_split(spread_rows(len(covers), MEASURED_STEPS), BLOCKS):
        between = distances(covers[row], covers)
        between[np.arange(len(row)), row] = np.inf
        nearest.append(between.min(axis=1))
    step = float(np.median(np.concatenate(nearest)))
    return step if step > LEAST_STEP else float("nan")
