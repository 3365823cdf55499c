"""What must hold of cover tensors, generators and their samples.

A check of a partitioned asset is made inside the asset, of the one cover set at hand; each set has
its own result.
"""

import math
import warnings
from collections.abc import Mapping, Sequence
from typing import TypeGuard

import dagster as dg

from kpop_assets.defs.partitions import COVER_SET_PARTITIONS

FEWEST_COVERS = 10
"""Covers of a set below which its generator and its profile say little."""


def _check_of_each_set(
    name: str, asset: str, description: str, *, blocking: bool = False
) -> dg.AssetCheckSpec:
    """A check with a result for each cover set, which is a preview in Dagster 1.13."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", dg.PreviewWarning)
        return dg.AssetCheckSpec(
            name,
            asset=asset,
            description=description,
            blocking=blocking,
            partitions_def=COVER_SET_PARTITIONS,
        )


COVERS_ARE_ENOUGH = _check_of_each_set(
    "covers_are_enough",
    asset="cover_tensors",
    description=f"The set has at least {FEWEST_COVERS} covers. With fewer, a generator learns "
    "single covers and comparisons say little: fetch the chart deeper (chart_depth), crawl more, "
    "or add covers of your own.",
)
PICTURES_SHOW_SOMETHING = _check_of_each_set(
    "pictures_show_something",
    asset="cover_tensors",
    description="No cover of the set is one plain colour. One that is was damaged, or is a "
    "placeholder: put its hash into data/reference/rejected_covers.csv and materialize "
    "cover_catalog again.",
)
LOSSES_ARE_FINITE = _check_of_each_set(
    "losses_are_finite",
    asset="cover_generator",
    description="Every loss of the training is a number. If one is not, train again with half the "
    "learning rate or another seed.",
)
GENERATOR_IS_VARIED = _check_of_each_set(
    "generator_is_varied",
    asset="generator_quality",
    description="The samples are not all alike (diversity above the floor). If they are, the "
    "generator collapsed: train with another seed, the recipe drifting, or more covers. It does "
    "not pass either when diversity cannot be measured, as the covers are all alike.",
)
KID_IS_NOT_WORSE = _check_of_each_set(
    "kid_is_not_worse",
    asset="generator_quality",
    description="KID is not above that of the judgement before by more than the spread of both. If "
    "it is, look at the samples: a shorter training, another recipe or other covers made them "
    "worse.",
)
COPIES_ARE_FEW = _check_of_each_set(
    "copies_are_few",
    asset="originality",
    blocking=True,
    description="No more samples show a training cover again than the config allows. If more do, "
    "do not show the samples: train for fewer steps or on more covers, or lower truncation. What "
    "follows is not made until then.",
)


def enough_covers(count: int) -> dg.AssetCheckResult:
    """Warn when a set has fewer than FEWEST_COVERS covers."""
    return _warning(
        COVERS_ARE_ENOUGH, count >= FEWEST_COVERS, f"{count} covers, floor {FEWEST_COVERS}"
    )


def pictures_that_show_something(plain: Sequence[str]) -> dg.AssetCheckResult:
    """Warn with the hashes of covers that are one plain colour."""
    described = f"{len(plain)} covers of one colour" if plain else "no cover of one colour"
    return _warning(PICTURES_SHOW_SOMETHING, not plain, described, {"covers": list(plain[:20])})


def finite_losses(losses: Mapping[str, Sequence[float | None]]) -> dg.AssetCheckResult:
    """Fail with the first step at which a loss is not finite."""
    steps = [step for step in losses["step"] if step is not None]
    wrong = [
        step
        for name, values in losses.items()
        for step, value in zip(steps, values, strict=True)
        if name != "step" and not is_number(value)
    ]
    return dg.AssetCheckResult(
        check_name=LOSSES_ARE_FINITE.name,
        passed=not wrong,
        description=f"no number at step {min(wrong):.0f}" if wrong else f"{len(steps)} steps",
    )


def varied_generator(diversity: float | None, floor: float) -> dg.AssetCheckResult:
    """Warn when samples are nearly alike, or when that cannot be measured (None or NaN)."""
    if not is_number(diversity):
        return _warning(GENERATOR_IS_VARIED, False, "diversity not measurable: covers all alike")
    return _warning(
        GENERATOR_IS_VARIED, diversity >= floor, f"diversity {diversity:.2f}, floor {floor}"
    )


def kid_beside_before(
    now: Mapping[str, float | None], before: Mapping[str, float | None] | None
) -> dg.AssetCheckResult:
    """Warn when KID rose by more than its spread; both have kid and kid_spread.

    What cannot be measured (None or NaN) now does not pass; before, it is as if there were none.
    """
    kid, spread = now["kid"], now["kid_spread"]
    if not is_number(kid) or not is_number(spread):
        return _warning(KID_IS_NOT_WORSE, False, "KID not measurable: too few covers or samples")
    kid_before, spread_before = (before or {}).get("kid"), (before or {}).get("kid_spread")
    if not is_number(kid_before) or not is_number(spread_before):
        return _warning(KID_IS_NOT_WORSE, True, f"KID {kid:.0f}, the first judgement")
    allowed = math.hypot(spread, spread_before)
    return _warning(
        KID_IS_NOT_WORSE,
        kid <= kid_before + allowed,
        f"KID {kid:.0f} after {kid_before:.0f}, spread of both {allowed:.0f}",
    )


def few_copies(copies: float, most: float) -> dg.AssetCheckResult:
    """Fail, and stop what follows, when too many samples are copies."""
    return dg.AssetCheckResult(
        check_name=COPIES_ARE_FEW.name,
        passed=copies <= most,
        description=f"{copies:.1%} of the samples are copies, {most:.1%} allowed",
        metadata={"copies": copies, "most_copies": most},
    )


def is_number(value: float | None) -> TypeGuard[float]:
    """Return whether something was measured: neither None, nor NaN, nor infinite."""
    return value is not None and math.isfinite(value)


def _warning(
    spec: dg.AssetCheckSpec,
    passed: bool,
    description: str,
    metadata: Mapping[str, list[str]] | None = None,
) -> dg.AssetCheckResult:
    return dg.AssetCheckResult(
        check_name=spec.name,
        passed=passed,
        severity=dg.AssetCheckSeverity.WARN,
        description=description,
        metadata=metadata,
    )
