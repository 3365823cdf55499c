"""How near generated covers come to the real ones, measured on the features of a frozen network."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.judge.errors import QualityError
from kpop_assets.judge.texture import Texture

NEIGHBOURS = 5
"""The k of `coverage`, as its authors recommend."""
COPY_PENALTY = 1000.0
"""Points of KID that copies alone would cost: a generator of nothing but copies is then no better
than noise, which has a KID of about 1100 against real covers; one copy in a hundred costs 10."""
REAL_PEAK = 1.0
DECIBEL_PENALTY = 10.0
"""Points of KID that a decibel of a grid costs, or of detail that is lacking or too much."""
REPEAT_PENALTY = 100.0
"""Points of KID that it would cost if all samples repeated a motif and no cover did."""
COLLAPSE_FLOOR = 0.3
"""Diversity under which a generator has collapsed. Measured on MobileNetV2 against 94 real covers:
300 other real covers 1.03; the original project's samples 0.56 to 0.74; samples that are four
covers in varied light 0.72, two covers 0.52, one cover 0.13; pure noise 0.19."""

KID_HALVES = 100
FEWEST_TO_HALVE = 4
LEAST_STEP = 1e-3
"""Share of the length of the features below which covers do not differ: a distance of that size is
rounding, or a copy's, and nothing can be measured in it."""
_ROUNDING = 1e-12

Features = NDArray[np.float32] | NDArray[np.float64]
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Quality:
    """How near samples come to the real covers.

    kid: Kernel Inception Distance × 1000, from about 0 (a sample of real covers) upwards, lower is
        better (Bińkowski et al., "Demystifying MMD GANs", 2018: unbiased, cubic polynomial kernel).
    coverage: share of the real covers with a sample nearer than their fifth nearest real neighbour
        (Naeem et al., "Reliable Fidelity and Diversity Metrics for Generative Models", 2020).
    used: share of the real covers that are the nearest one to some sample.
    copies: share of the samples that show a real cover again; see copies.py.
    nearest_ratio: median distance from a sample to the nearest real cover, over that from a real
        cover to the nearest other; below 1 the samples crowd around the covers. NaN when most
        covers have a twin.
    diversity: mean distance between two samples, over that between two real covers; NaN when all
        covers are alike.

    All but KID and nearest_ratio depend on how many samples there are: compare equal numbers.
    """

    kid: float
    coverage: float
    used: float
    copies: float
    nearest_ratio: float
    diversity: float


@dataclass(frozen=True)
class Evaluation:
    """What a judge says of a generator; the lower the score, the better."""

    quality: Quality
    texture: Texture

    @property
    def score(self) -> float:
        """KID and SWD, plus what copies, a grid, a blur and repeated motifs cost."""
        texture = self.texture
        grid = max(0.0, texture.peak - REAL_PEAK)
        return (
            self.quality.kid
            + COPY_PENALTY * self.quality.copies
            + texture.swd
            + DECIBEL_PENALTY * (grid + abs(texture.fineness))
            + REPEAT_PENALTY * max(0.0, texture.repeats)
        )

    @property
    def collapsed(self) -> bool:
        """Whether the samples are so alike that the generator has collapsed, or it is not known."""
        return not self.quality.diversity >= COLLAPSE_FLOOR

    def warning(self) -> str | None:
        """Return that the generator has collapsed, if it has."""
        if not self.collapsed:
            return None
        diversity = self.quality.diversity
        if math.isnan(diversity):
            return (
                "the diversity of the samples cannot be measured, as the covers are all alike; "
                "train on more covers."
            )
        return (
            f"the samples are nearly alike (diversity {diversity:.2f} of that of the covers): the "
            "generator has collapsed. Train with another seed or recipe, or lower learning rates."
        )

    def numbers(self) -> dict[str, float]:
        """Return score and measures by name."""
        return {"score": self.score, **vars(self.quality), **self.texture.numbers()}


class RealFeatures:
    """The features of the real covers, float (N, D), and measures of samples against them.

    Samples are float (M, D). Computed in float64, since KID is a small difference of large sums.
    """

    def __init__(self, features: Features) -> None:
        """Take the features of two covers or more, finite; raises QualityError for others."""
        self._features = _required(features, "real covers")
        self._kernel_mean = _mean_of_pairs(_kernel(self._features, self._features))
        between = distances(self._features, self._features)
        length = float(np.sqrt((self._features**2).sum(axis=1).mean()))
        self._spread = _measurable(_mean_of_pairs(between), length)
        np.fill_diagonal(between, np.inf)
        neighbours = min(NEIGHBOURS, len(between) - 1)
        self._radii = np.partition(between, neighbours - 1, axis=1)[:, neighbours - 1]
        self._step = _measurable(float(np.median(between.min(axis=1))), length)

    def kid(self, samples: Features) -> float:
        """Return the Kernel Inception Distance × 1000 of two samples or more."""
        samples = _required(samples, "samples")
        within = _mean_of_pairs(_kernel(samples, samples))
        across = _kernel(samples, self._features).mean()
        return float(1000.0 * (within + self._kernel_mean - 2.0 * across))

    def coverage(self, samples: Features) -> float:
        """Return the share of the covers whose neighbourhood has a sample in it.

        The neighbourhood reaches to the fifth nearest other cover, or the farthest if there are
        fewer.
        """
        return float((self._distances(samples).min(axis=0) < self._radii).mean())

    def used(self, samples: Features) -> float:
        """Return the share of the covers that are nearest to some sample."""
        return len(np.unique(self._distances(samples).argmin(axis=1))) / len(self._features)

    def density(self, samples: Features) -> float:
        """Return how many covers' neighbourhoods a sample lies in, over `NEIGHBOURS`, on average.

        About 1 for other real covers, more where samples crowd where covers do, 0 far from all
        (Naeem et al. 2020).
        """
        return float((self._distances(samples) < self._radii).sum(axis=1).mean() / NEIGHBOURS)

    def kid_spread(self, samples: Features, seed: int = 0) -> float:
        """Return the standard error of the KID × 1000 of the samples.

        By the delete-half jackknife: the standard deviation of the KID between random halves of the
        samples and of the covers, KID_HALVES times, is that of the KID between the whole (Shao and
        Wu, "A General Theory for Jackknife Variance Estimation", 1989). NaN for fewer than four
        samples or covers, which have no halves to compare.
        """
        samples = _required(samples, "samples")
        if min(len(samples), len(self._features)) < FEWEST_TO_HALVE:
            return float("nan")
        among_samples = _kernel(samples, samples)
        among_covers = _kernel(self._features, self._features)
        across = _kernel(samples, self._features)
        rng = np.random.default_rng(seed)
        drawn = []
        for _ in range(KID_HALVES):
            some, covers = (_random_half(one, rng) for one in across.shape)
            within = _mean_of_pairs(among_samples[np.ix_(some, some)])
            within += _mean_of_pairs(among_covers[np.ix_(covers, covers)])
            drawn.append(within - 2.0 * across[np.ix_(some, covers)].mean())
        return float(1000.0 * np.std(drawn, ddof=1))

    def nearest_ratio(self, samples: Features) -> float:
        """Return the median distance to the nearest cover, in steps from cover to cover.

        NaN when most covers have a twin.
        """
        nearest = float(np.median(self._distances(samples).min(axis=1)))
        return nearest / self._step

    def diversity(self, samples: Features) -> float:
        """Return the mean distance between two samples over that between two covers.

        NaN when all covers are alike.
        """
        samples = _required(samples, "samples")
        spread = _mean_of_pairs(distances(samples, samples))
        return spread / self._spread

    def quality(self, samples: Features, copied: NDArray[np.bool_]) -> Quality:
        """Return all measures; `copied` (M,) says which of the samples are copies."""
        return Quality(
            kid=self.kid(samples),
            coverage=self.coverage(samples),
            used=self.used(samples),
            copies=float(copied.mean()),
            nearest_ratio=self.nearest_ratio(samples),
            diversity=self.diversity(samples),
        )

    def _distances(self, samples: Features) -> Floats:
        return distances(samples, self._features)


def distances(some: Features, others: Features) -> Floats:
    """Return the Euclidean distance of each of (M, D) to each of (N, D), float64 (M, N).

    Equal ones are exactly 0 apart.
    """
    some, others = some.astype(np.float64), others.astype(np.float64)
    sizes = (some**2).sum(axis=1)[:, None] + (others**2).sum(axis=1)
    squares = sizes - 2.0 * some @ others.T
    return np.sqrt(np.where(squares > _ROUNDING * sizes, squares, 0.0))


def _random_half(of: int, rng: np.random.Generator) -> NDArray[np.int64]:
    return rng.permutation(of)[: max(2, of // 2)]


def _kernel(some: Floats, others: Floats) -> Floats:
    return (some @ others.T / some.shape[1] + 1.0) ** 3


def _mean_of_pairs(matrix: Floats) -> float:
    """Return the mean of the square matrix without its diagonal."""
    count = len(matrix)
    return float((matrix.sum() - np.trace(matrix)) / (count * (count - 1)))


def _required(features: Features, what: str) -> Floats:
    if len(features) < 2:
        raise QualityError(
            f"Expected at least two {what} to compare, got {len(features)}; "
            "evaluate with more of them, or turn evaluation off."
        )
    if not np.isfinite(features).all():
        raise QualityError(
            f"Expected finite features of the {what}, got others; look at the pictures, and train "
            "again if they are samples."
        )
    return features.astype(np.float64)


def _measurable(distance: float, length: float) -> float:
    """Return a distance between covers to measure others in, or NaN where it says nothing."""
    return distance if distance > LEAST_STEP * length else float("nan")
