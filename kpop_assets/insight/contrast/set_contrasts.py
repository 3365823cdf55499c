"""The cover sets compared pair by pair: real covers, generated ones, and what the model keeps."""

from collections.abc import Mapping
from dataclasses import asdict
from itertools import combinations

import pandas as pd

from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.insight.contrast.contrasts import FEWEST, contrasts
from kpop_assets.insight.contrast.drawn_covers import drawn_covers
from kpop_assets.insight.contrast.separability import FOLDS, separability
from kpop_assets.insight.measuring.measures import ALL_MEASURES, COLOUR_MEASURES

Profiles = Mapping[str, pd.DataFrame]

PAIRS = tuple(combinations(COVER_SETS, 2))
LEAD_PAIRS = (("boy", "girl"), ("popular", "general"))
"""The pairs that the project asks about first; their covers are in one set of the pair alone."""
CONTRAST_COLUMNS = [
    *("kind", "first", "second", "first_covers", "second_covers", "measure"),
    *("first_mean", "second_mean", "delta", "low", "high", "p", "p_corrected", "different"),
]
SEPARABILITY_COLUMNS = [
    *("kind", "first", "second", "first_covers", "second_covers", "auc", "null_high", "p"),
]


def set_contrasts(profiles: Profiles, seed: int = 0) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the contrasts of all pairs of cover sets, and how well each pair is told apart.

    `profiles` has the profile of each cover set that there is. A row of the first table is a
    measure of a pair (CONTRAST_COLUMNS), of the second a pair (SEPARABILITY_COLUMNS); `kind` is
    real or generated. Real covers that are in both sets of a pair count in the smaller set alone:
    popular holds the boy and girl covers. Of a set larger than MOST_COMPARED so many covers are
    compared, which ones `seed` says. Pairs with fewer than FEWEST covers (5 to be told apart)
    in a set are left out.
    """
    rows: list[dict[str, object]] = []
    apart: list[dict[str, object]] = []
    for kind in ("real", "generated"):
        for first, second in PAIRS:
            if first not in profiles or second not in profiles:
                continue
            both = _apart(_of_kind(profiles[first], kind), _of_kind(profiles[second], kind))
            left, right = (drawn_covers(covers, seed) for covers in both)
            about = {
                "kind": kind,
                "first": first,
                "second": second,
                "first_covers": len(left),
                "second_covers": len(right),
            }
            if min(len(left), len(right)) >= FEWEST:
                measures = ALL_MEASURES if kind == "real" else COLOUR_MEASURES
                rows += [
                    {**about, **asdict(one), "different": one.is_different}
                    for one in contrasts(left, right, measures, seed)
                ]
            if min(len(left), len(right)) >= FOLDS:
                columns = list(COLOUR_MEASURES)
                found = separability(left[columns].to_numpy(), right[columns].to_numpy(), seed)
                apart.append({**about, **asdict(found)})
    return (
        pd.DataFrame(rows, columns=CONTRAST_COLUMNS),
        pd.DataFrame(apart, columns=SEPARABILITY_COLUMNS),
    )


def second_group(kind: str, first: str, second: str) -> str:
    """Return what the second group of a pair is called: popular holds the boy and girl covers."""
    if kind == "real" and second == "popular" and first in ("boy", "girl"):
        return f"popular without {first}"
    return second


def kept_contrasts(contrast_rows: pd.DataFrame) -> pd.DataFrame:
    """Return the contrasts of the real covers beside those of the generated ones.

    `contrast_rows` is the first table of `set_contrasts`. A row is a measure of a pair that both
    have, with delta and `different` of either kind, and `kept`: whether a difference of the real
    covers is one of the generated covers, too, in the same direction; null where there is none.
    boy and girl against popular are left out: among real covers that is against the rest of
    popular, among generated ones against all of it.
    """
    keys = ["first", "second", "measure"]
    values = [*keys, "delta", "low", "high", "different"]
    same_groups = [
        second_group("real", first, second) == second
        for first, second in zip(contrast_rows["first"], contrast_rows["second"], strict=True)
    ]
    comparable = contrast_rows[pd.Series(same_groups, contrast_rows.index, dtype=bool)]
    of_kind = {kind: rows[values] for kind, rows in comparable.groupby("kind")}
    if set(of_kind) != {"real", "generated"}:
        return pd.DataFrame(columns=[*keys, "kept"])
    both = of_kind["real"].merge(of_kind["generated"], on=keys, suffixes=("_real", "_generated"))
    same_way = both["delta_real"] * both["delta_generated"] > 0
    kept = (both["different_generated"] & same_way).astype("boolean")
    return both.assign(kept=kept.where(both["different_real"], pd.NA))


def _of_kind(profile: pd.DataFrame, kind: str) -> pd.DataFrame:
    return profile[profile["kind"] == kind]


def _apart(first: pd.DataFrame, second: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return both without what they share, which stays in the smaller."""
    shared = set(first["picture"]) & set(second["picture"])
    if len(first) < len(second):
        return first, second[~second["picture"].isin(shared)]
    return first[~first["picture"].isin(shared)], second
