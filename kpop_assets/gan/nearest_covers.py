"""Which training covers lie nearest to each sample, and how near that is."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.gan.copies import COPY_DISTANCE, appearances
from kpop_assets.gan.quality import Features, Floats, distances


@dataclass(frozen=True)
class NearestCovers:
    """For M samples the nearest of N covers; all distances are those of copies.py, 0 to √8.

    covers: int64 (M, K), the nearest covers, nearest first.
    distances: float64 (M, K), how far they are; a cover counts as far as its mirror image if that
        is nearer.
    ratios: float64 (M,), the first distance over the median distance from a cover to the nearest
        other one: below 1 a sample is nearer to a cover than covers are to each other.
    copied: bool (M,), whether the sample shows a training cover again.
    """

    covers: NDArray[np.int64]
    distances: Floats
    ratios: Floats
    copied: NDArray[np.bool_]


def nearest_covers(
    samples: tuple[NDArray[np.uint8], Features],
    covers: tuple[NDArray[np.uint8], Features],
    mirrored_features: Features,
    nearest: int = 3,
) -> NearestCovers:
    """Return the `nearest` covers of each sample, fewer if there are not as many.

    Pictures, uint8 (N, S, S, 3), come with their features (N, D); `mirrored_features` are those of
    the mirrored covers.
    """
    pictures, features = covers
    as_they_are = appearances(pictures, features)
    mirrored = appearances(pictures[:, :, ::-1], mirrored_features)
    seen = appearances(*samples)
    far = np.minimum(distances(seen, as_they_are), distances(seen, mirrored))
    order = np.argsort(far, axis=1, kind="stable")[:, : min(nearest, len(pictures))]
    found = np.take_along_axis(far, order, axis=1)
    between = distances(as_they_are, as_they_are)
    np.fill_diagonal(between, np.inf)
    step = float(np.median(between.min(axis=1))) if len(pictures) > 1 else float("nan")
    return NearestCovers(order, found, found[:, 0] / step, found[:, 0] < COPY_DISTANCE)
