"""Whether covers are what a generator was told: told apart, and moved by the year, as real ones."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import rankdata, spearmanr

from kpop_assets.insight.contrast.contrasts import LEVEL
from kpop_assets.insight.contrast.separability import held_out_auc, transferred_auc

COMPONENTS = 20
"""Principal components of the features that classifiers look at: covers are few."""
CARICATURE = 0.1
"""So much better told apart than real covers, kinds are exaggerated."""

Floats = NDArray[np.floating]


@dataclass(frozen=True)
class ToldApart:
    """Two kinds of covers. `real` is how well a classifier tells real ones apart that it has not
    seen, `generated` how well one that learned from the real ones tells generated ones apart, both
    as AUC: 0.5 is guessing."""

    first: str
    second: str
    real: float
    generated: float

    @property
    def says(self) -> str:
        """Return what the two numbers say."""
        real = max(self.real, 0.5)
        if self.generated > real + CARICATURE:
            return "exaggerated"
        return "as real ones" if self.generated >= real - CARICATURE else "less than real ones"


@dataclass(frozen=True)
class Moved:
    """A measure along a range: Spearman's rank correlation of real and of generated covers with it.

    `p` is the two-sided p-value of the real one.
    """

    along: str
    measure: str
    real: float
    p: float
    generated: float

    @property
    def real_ones_move(self) -> bool:
        """Whether the real covers move beyond what chance explains."""
        return self.p < LEVEL


def told_apart(real: Mapping[str, Floats], generated: Mapping[str, Floats]) -> list[ToldApart]:
    """Return each pair of kinds by their features, (N, D) by kind, on 20 principal components.

    Kinds have five covers or more.
    """
    everything = np.concatenate(list(real.values())).astype(np.float64)
    centre = everything.mean(axis=0)
    axes = np.linalg.svd(everything - centre, full_matrices=False)[2][:COMPONENTS].T
    seen = {name: (one - centre) @ axes for name, one in real.items()}
    drawn = {name: (one - centre) @ axes for name, one in generated.items()}
    return [
        ToldApart(
            first,
            second,
            held_out_auc(seen[first], seen[second]),
            transferred_auc(seen[first], seen[second], drawn[first], drawn[second]),
        )
        for first, second in itertools.combinations(real, 2)
    ]


def moved(along: str, real: pd.DataFrame, generated: pd.DataFrame) -> list[Moved]:
    """Return how measures move with the column `along`; the other columns are measures.

    Measures that are null for any cover, or the same for all, are left out.
    """
    found = []
    for measure in real.columns.drop(along):
        columns = [table[[along, measure]].to_numpy(np.float64) for table in (real, generated)]
        if any(np.isnan(one).any() or np.ptp(one, axis=0).min() == 0 for one in columns):
            continue
        of_real, of_generated = (spearmanr(*rankdata(one, axis=0).T) for one in columns)
        found.append(
            Moved(
                along,
                str(measure),
                float(of_real.statistic),
                float(of_real.pvalue),
                float(of_generated.statistic),
            )
        )
    return found
