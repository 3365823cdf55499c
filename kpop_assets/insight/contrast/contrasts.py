"""How two groups of covers differ, measure by measure, and what of it chance explains."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import permutation_test, rankdata

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

RESAMPLES = 2000
PERMUTATIONS = 9999
LEVEL = 0.05
"""Corrected p-values below this count as a difference."""
FEWEST = 3
"""Covers a group needs for a comparison."""
_AT_A_TIME = 100


@dataclass(frozen=True)
class Contrast:
    """How a measure differs between two groups.

    delta: Cliff's delta, the probability that a cover of the first group has more of it than one
        of the second, less that of the opposite: from -1 to 1, 0 for no difference (Cliff 1993).
    low, high: 95 % percentile bootstrap interval of delta.
    p: two-sided permutation p-value of delta.
    p_corrected: p after Holm's correction over all measures compared (Holm 1979).
    """

    measure: str
    first_mean: float
    second_mean: float
    delta: float
    low: float
    high: float
    p: float
    p_corrected: float

    @property
    def is_different(self) -> bool:
        """Whether the difference is distinguishable from chance."""
        return self.p_corrected < LEVEL


def contrasts(
    first: pd.DataFrame, second: pd.DataFrame, measures: Sequence[str], seed: int = 0
) -> list[Contrast]:
    """Return the contrast of each measure, in their order; `first` and `second` have a row a cover.

    A measure that is null for any of the covers is left out. Resampling is fixed by `seed`. Raises
    ValueError for a group of fewer than FEWEST covers.
    """
    if min(len(first), len(second)) < FEWEST:
        raise ValueError(
            f"expected {FEWEST} covers or more in each group, got {len(first)} and {len(second)}"
        )
    known = [
        name for name in measures if not (first[name].isna().any() | second[name].isna().any())
    ]
    left, right = (group[known].to_numpy(np.float64) for group in (first, second))
    p_values = permutation_p(left, right, np.random.default_rng([seed, 1]))
    intervals = bootstrap_intervals(left, right, np.random.default_rng([seed, 2]))
    rows = zip(
        known,
        left.mean(axis=0).tolist(),
        right.mean(axis=0).tolist(),
        cliffs_delta(left, right).tolist(),
        intervals.tolist(),
        p_values.tolist(),
        holm(p_values).tolist(),
        strict=True,
    )
    return [
        Contrast(name, first_mean, second_mean, delta, low, high, p, corrected)
        for name, first_mean, second_mean, delta, (low, high), p, corrected in rows
    ]


def cliffs_delta(first: Floats, second: Floats) -> Floats:
    """Return Cliff's delta (M,) of two groups of values, (N, M) and (K, M), from -1 to 1."""
    ranks = rankdata(np.concatenate([first, second]), axis=0)
    return _deltas(ranks[: len(first)].sum(axis=0), len(first), len(second))


def permutation_p(first: Floats, second: Floats, rng: np.random.Generator) -> Floats:
    """Return two-sided permutation p-values (M,) of Cliff's delta; the groups at hand count, too.

    From PERMUTATIONS random groups, or from all that there are if these are fewer.
    """
    ranks = rankdata(np.concatenate([first, second]), axis=0)

    def delta(of_first: Floats, _: Floats, axis: int) -> Floats:
        return _deltas(of_first.sum(axis), len(first), len(second))

    found = permutation_test(
        (ranks[: len(first)], ranks[len(first) :]),
        delta,
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=_AT_A_TIME,
        rng=rng,
    )
    p_values: Floats = found.pvalue
    return p_values


def bootstrap_intervals(first: Floats, second: Floats, rng: np.random.Generator) -> Floats:
    """Return the 95 % percentile interval of each Cliff's delta, (M, 2), over RESAMPLES.

    A resample is how often each cover is drawn, the same for all measures, so that nothing is
    sorted twice.
    """
    measures = first.shape[1]
    deltas = np.empty((0, measures))
    for draws in _batches(RESAMPLES):
        firsts, seconds = (_drawn(len(group), draws, rng) for group in (first, second))
        columns = [
            _weighted_delta(first[:, column], second[:, column], firsts, seconds)
            for column in range(measures)
        ]
        deltas = np.concatenate([deltas, np.stack(columns, axis=1)])
    return np.quantile(deltas, [0.025, 0.975], axis=0).T


def holm(p_values: Floats) -> Floats:
    """Return p-values (M,) corrected for their number: Holm's step-down, at most 1."""
    order = np.argsort(p_values, kind="stable")
    factors = np.arange(len(p_values), 0, -1)
    corrected = np.empty(len(p_values))
    corrected[order] = np.minimum(np.maximum.accumulate(p_values[order] * factors), 1.0)
    return corrected


def _deltas(rank_sums: Floats, first: int, second: int) -> Floats:
    """Return Cliff's delta from the rank sum of the first group (Mann and Whitney's U)."""
    above = rank_sums - first * (first + 1) / 2
    return 2 * above / (first * second) - 1


def _weighted_delta(first: Floats, second: Floats, firsts: Counts, seconds: Counts) -> Floats:
    """Return Cliff's delta (D,) of values (N,), (K,) drawn as often as (D, N), (D, K) say."""
    order = np.argsort(first)
    below = np.searchsorted(first[order], second, "left")
    up_to = np.searchsorted(first[order], second, "right")
    cumulated = np.pad(np.cumsum(firsts[:, order], axis=1), ((0, 0), (1, 0)))
    smaller = (seconds * (cumulated[:, below] + cumulated[:, up_to])).sum(axis=1) / 2
    return 1 - 2 * smaller / (len(first) * len(second))


def _drawn(count: int, draws: int, rng: np.random.Generator) -> Counts:
    """Return how often each of `count` covers is drawn in `count` trials, (draws, count)."""
    return rng.multinomial(count, np.full(count, 1 / count), size=draws)


def _batches(total: int) -> list[int]:
    return [min(_AT_A_TIME, total - start) for start in range(0, total, _AT_A_TIME)]
