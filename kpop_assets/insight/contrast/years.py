"""How the covers of the chart changed with the years."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.stats import permutation_test, rankdata, theilslopes

from kpop_assets.insight.contrast.contrasts import LEVEL, holm
from kpop_assets.insight.contrast.drawn_covers import drawn_covers

Floats = NDArray[np.float64]

PERMUTATIONS = 9999
FEWEST_YEARS = 3
_AT_A_TIME = 100


@dataclass(frozen=True)
class Trend:
    """How a measure moves with the year.

    a_decade: Theil and Sen's slope, the median of the slopes between all pairs of covers, times ten
        years; low and high its 95 % interval (Sen 1968).
    rho: Spearman's rank correlation with the year, from -1 to 1.
    p: two-sided permutation p-value of rho; p_corrected after Holm's correction over all measures.
    """

    measure: str
    a_decade: float
    low: float
    high: float
    rho: float
    p: float
    p_corrected: float

    @property
    def is_moving(self) -> bool:
        """Whether the movement is distinguishable from chance."""
        return self.p_corrected < LEVEL


def trends(covers: pd.DataFrame, measures: Sequence[str], seed: int = 0) -> list[Trend]:
    """Return the trend of each measure; `covers` has a row a cover and the column year.

    Covers without a year and measures that are null for any cover are left out; with fewer than
    FEWEST_YEARS different years there are no trends. Of more than MOST_COMPARED so many are taken.
    """
    dated = drawn_covers(covers[covers["year"].notna()], seed)
    years = dated["year"].to_numpy(np.float64)
    if len(np.unique(years)) < FEWEST_YEARS:
        return []
    known = [name for name in measures if not dated[name].isna().any()]
    values = dated[known].to_numpy(np.float64)
    rhos, p_values = _rank_correlations(years, values, np.random.default_rng(seed))
    found = []
    for column, corrected in enumerate(holm(p_values)):
        slope, _, low, high = theilslopes(values[:, column], years)
        found.append(
            Trend(
                measure=known[column],
                a_decade=10 * float(slope),
                low=10 * float(low),
                high=10 * float(high),
                rho=float(rhos[column]),
                p=float(p_values[column]),
                p_corrected=float(corrected),
            )
        )
    return found


def trend_table(covers: pd.DataFrame, measures: Sequence[str]) -> pd.DataFrame:
    """Return the trends as a table: the fields of Trend, and `moving`."""
    columns = [field.name for field in fields(Trend)]
    rows = [{**asdict(one), "moving": one.is_moving} for one in trends(covers, measures)]
    return pd.DataFrame(rows, columns=[*columns, "moving"])


def _rank_correlations(
    years: Floats, values: Floats, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """Return Spearman's rho of each column with the years, and its permutation p-value."""
    of_years, of_values = _standard(rankdata(years)), _standard(rankdata(values, axis=0))
    found = permutation_test(
        (of_values.T,),
        lambda ranks, axis: ranks @ of_years,  # noqa: ARG005
        permutation_type="pairings",
        vectorized=True,
        n_resamples=PERMUTATIONS,
        batch=_AT_A_TIME,
        axis=-1,
        rng=rng,
    )
    return found.statistic, found.pvalue


def _standard(ranks: Floats) -> Floats:
    """Return ranks (N, ...) with mean 0 and length 1; zeros where all are equal."""
    centred = ranks - ranks.mean(axis=0)
    return centred / np.maximum(np.linalg.norm(centred, axis=0), 1e-12)
