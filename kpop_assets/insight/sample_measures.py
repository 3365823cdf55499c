"""The measures of a generator's samples: one entry each, by which it is stored and shown."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from kpop_assets.judge.quality import Features, RealFeatures
from kpop_assets.judge.texture import Texture


@dataclass(frozen=True)
class Compared:
    """Samples beside real covers.

    `features` are float (M, D) of the samples, `real` those of the covers, `copied` (M,) says which
    samples show a cover again, `texture` is that of the samples beside the covers'.
    """

    features: Features
    real_features: Features
    real: RealFeatures
    copied: NDArray[np.bool_]
    texture: Texture


@dataclass(frozen=True)
class SampleMeasure:
    """A measure by its name; `title` and `form` are for people, `of` returns it, NaN if it cannot.

    One without a title is stored and not shown.
    """

    name: str
    title: str
    form: str
    of: Callable[[Compared], float]


def _told_apart(it: Compared) -> float:
    from kpop_assets.insight.contrast.separability import FOLDS, held_out_auc

    if min(len(it.features), len(it.real_features)) < FOLDS:
        return float("nan")
    return held_out_auc(it.features, it.real_features)


MEASURES = (
    SampleMeasure("kid", "KID × 1000", "{:.0f}", lambda it: it.real.kid(it.features)),
    SampleMeasure(
        "kid_spread", "± standard error", "{:.0f}", lambda it: it.real.kid_spread(it.features)
    ),
    SampleMeasure("coverage", "coverage", "{:.2f}", lambda it: it.real.coverage(it.features)),
    SampleMeasure("density", "density", "{:.2f}", lambda it: it.real.density(it.features)),
    SampleMeasure("used", "used", "{:.2f}", lambda it: it.real.used(it.features)),
    SampleMeasure("diversity", "diversity", "{:.2f}", lambda it: it.real.diversity(it.features)),
    SampleMeasure("nearest_ratio", "", "{:.2f}", lambda it: it.real.nearest_ratio(it.features)),
    SampleMeasure("copies", "copies", "{:.1%}", lambda it: float(it.copied.mean())),
    SampleMeasure("told_apart", "told apart", "{:.2f}", _told_apart),
    SampleMeasure("swd", "SWD × 1000", "{:.0f}", lambda it: it.texture.swd),
    SampleMeasure("fineness", "fineness, dB", "{:+.1f}", lambda it: it.texture.fineness),
    SampleMeasure("peak", "grid, dB", "{:.1f}", lambda it: it.texture.peak),
    SampleMeasure("repeats", "repeats", "{:+.0%}", lambda it: it.texture.repeats),
)


def sample_measures(compared: Compared) -> dict[str, float]:
    """Return all measures by name, and the sliced Wasserstein distance of each level."""
    return {**compared.texture.numbers(), **{one.name: one.of(compared) for one in MEASURES}}
