"""Whether two groups of covers can be told apart by their measures together."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.stats import permutation_test, rankdata
from sklearn.linear_model import Ridge
from sklearn.model_selection import KFold
from sklearn.preprocessing import StandardScaler

Floats = NDArray[np.float64]

FOLDS = 5
REPEATS = 10
PERMUTATIONS = 499
PENALTY = 10.0


@dataclass(frozen=True)
class Separability:
    """How well a classifier tells two groups apart that it has not seen.

    auc: probability that it ranks a cover of the first group above one of the second; guessing has
        0.5.
    null_high: 95th percentile of the AUC when the groups are drawn at random.
    p: share of such draws with an AUC as high, the one at hand counted.
    """

    auc: float
    null_high: float
    p: float


def separability(first: Floats, second: Floats, seed: int = 0) -> Separability:
    """Return the cross-validated AUC of first (N, D) against second (M, D), and its null.

    A linear classifier by regularised least squares on standardised measures (for two classes
    Fisher's discriminant), 5 folds, the mean of 10 partitions. The folds do not depend on the
    groups, so that the draws of the null go through exactly the same. Raises ValueError with fewer
    than 5 covers in a group.
    """

    def auc(labels: Floats, axis: int) -> Floats:  # noqa: ARG001
        columns = np.atleast_2d(labels).T
        return _held_out_aucs(first, second, columns, seed, REPEATS).reshape(labels.shape[:-1])

    found = permutation_test(
        (_labels(first, second),),
        auc,
        permutation_type="pairings",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=PERMUTATIONS,
        alternative="greater",
        axis=-1,
        rng=np.random.default_rng(seed),
    )
    return Separability(
        auc=float(found.statistic),
        null_high=float(np.quantile(found.null_distribution, 0.95)),
        p=float(found.pvalue),
    )


def held_out_auc(first: NDArray[np.floating], second: NDArray[np.floating], seed: int = 0) -> float:
    """Return the AUC alone, of one partition: 0.5 where no linear classifier tells them apart.

    Raises ValueError with fewer than 5 covers in a group.
    """
    labels = _labels(first, second)[:, np.newaxis]
    return float(_held_out_aucs(first, second, labels, seed, repeats=1)[0])


def transferred_auc(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    other_first: NDArray[np.floating],
    other_second: NDArray[np.floating],
) -> float:
    """Return the AUC on other pictures of two groups of a classifier that learned the first two.

    All are (N, D) of one D. It says whether the others differ as these do: 0.5 where they do not.
    """
    known = np.concatenate([first, second]).astype(np.float64)
    scaler = StandardScaler().fit(known)
    labels = _labels(first, second)
    model = Ridge(PENALTY).fit(scaler.transform(known), labels)
    others = np.concatenate([other_first, other_second]).astype(np.float64)
    scores = np.asarray(model.predict(scaler.transform(others)))[:, np.newaxis]
    return float(_aucs(scores, _labels(other_first, other_second)[:, np.newaxis])[0])


def _labels(first: NDArray[np.floating], second: NDArray[np.floating]) -> Floats:
    return np.repeat([1.0, 0.0], [len(first), len(second)])


def _held_out_aucs(
    first: NDArray[np.floating],
    second: NDArray[np.floating],
    labels: Floats,
    seed: int,
    repeats: int,
) -> Floats:
    """Return the mean AUC over `repeats` partitions for each column of labels."""
    if min(len(first), len(second)) < FOLDS:
        raise ValueError(
            f"expected {FOLDS} covers or more in each group, got {len(first)} and {len(second)}"
        )
    values = np.concatenate([first, second]).astype(np.float64)
    aucs = [_aucs(_scores(values, labels, seed + repeat), labels) for repeat in range(repeats)]
    return np.asarray(np.mean(aucs, axis=0))


def _scores(values: Floats, labels: Floats, seed: int) -> Floats:
    """Return for each column of labels the scores of classifiers that have not seen the cover.

    Less the share of the first group among the covers that were seen: a fold that by chance holds
    more of that group is trained on fewer, and would rank its covers lower than those of others.
    """
    scores = np.empty_like(labels)
    for known, unseen in KFold(FOLDS, shuffle=True, random_state=seed).split(values):
        scaler = StandardScaler().fit(values[known])
        model = Ridge(PENALTY).fit(scaler.transform(values[known]), labels[known])
        predicted = model.predict(scaler.transform(values[unseen])).reshape(len(unseen), -1)
        scores[unseen] = predicted - labels[known].mean(axis=0)
    return scores


def _aucs(scores: Floats, labels: Floats) -> Floats:
    """Return the area under the ROC curve of each column."""
    ranks = rankdata(scores, axis=0)
    ones = labels.sum(axis=0)
    above = (ranks * labels).sum(axis=0) - ones * (ones + 1) / 2
    return above / (ones * (len(labels) - ones))
