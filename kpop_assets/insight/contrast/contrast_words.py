"""What the contrasts say, in sentences that do not claim more than they show."""

from collections.abc import Mapping
from itertools import combinations
from typing import Any

import pandas as pd

from kpop_assets.insight.contrast.contrasts import LEVEL
from kpop_assets.insight.contrast.set_contrasts import second_group
from kpop_assets.insight.measuring.measures import MEASURES

Record = dict[str, Any]
Pair = tuple[str, str, str]

_SETTINGS = {"recipe": "recipe", "image_size": "pixels", "steps": "steps"}
_TITLES = {measure.name: measure.title for measure in MEASURES}


def pair_sentences(
    contrast_rows: pd.DataFrame, told_apart: pd.DataFrame, covers: str = "real covers"
) -> list[str]:
    """Return a sentence or two for each pair of cover sets, real covers first.

    Takes both tables of `set_contrasts`; `covers` is what those that are not generated are called.
    """
    called = {"real": covers, "generated": "generated covers"}
    by_pair: dict[Pair, list[Record]] = {}
    for row in _records(contrast_rows):
        by_pair.setdefault((row["kind"], row["first"], row["second"]), []).append(row)
    auc = {(row["kind"], row["first"], row["second"]): row for row in _records(told_apart)}
    return [
        f"{pair[1]} against {second_group(*pair)}, {called[pair[0]]} "
        f"({rows[0]['first_covers']} and {rows[0]['second_covers']}): "
        f"{_differences(rows)}; {_apart(auc.get(pair))}"
        for pair, rows in by_pair.items()
    ]


def generator_differences(configs: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], str]:
    """Return a sentence for each pair of cover sets whose generators were trained differently.

    `configs` has the config of each set's training; recipe, image_size and steps count.
    """
    sentences = {}
    for first, second in combinations(configs, 2):
        differing = [
            f"{title} {configs[first][name]} and {configs[second][name]}"
            for name, title in _SETTINGS.items()
            if configs[first][name] != configs[second][name]
        ]
        if differing:
            sentences[first, second] = (
                f"generators of {first} and {second} differ ({', '.join(differing)}): so may "
                "their covers, whatever the sets are like"
            )
    return sentences


def trend_sentences(trend_rows: pd.DataFrame) -> list[str]:
    """Return a sentence on each measure of the chart's covers that moved with the years.

    `trend_rows` is that of `trend_table`. One sentence says so where none did.
    """
    moving = [row for row in _records(trend_rows) if row["moving"]]
    if len(trend_rows) and not moving:
        return ["no measure moved with the years beyond what chance explains"]
    return [
        f"{_TITLES[row['measure']]} {'rose' if row['rho'] > 0 else 'fell'} with the years"
        f"{_a_decade(row)}"
        for row in moving
    ]


def _a_decade(row: Record) -> str:
    """Return the slope; nothing where it is 0, as for measures that are 0 on most covers."""
    if not row["a_decade"]:
        return ""
    return f", by {abs(row['a_decade']):.2g} a decade ({row['low']:.2g} to {row['high']:.2g})"


def _records(table: pd.DataFrame) -> list[Record]:
    return [{str(name): value for name, value in row.items()} for row in table.to_dict("records")]


def _differences(rows: list[Record]) -> str:
    different = [row for row in rows if row["different"]]
    if not different:
        return f"no difference in {len(rows)} measures is distinguishable from chance"
    return ", ".join(
        f"{_amount(row)} {_TITLES[row['measure']]} "
        f"(δ {row['delta']:+.2f}, {row['low']:+.2f} to {row['high']:+.2f})"
        for row in sorted(different, key=lambda row: -abs(row["delta"]))
    )


def _amount(row: Record) -> str:
    if row["delta"] > 0:
        return "more"
    return "fewer" if row["measure"] == "faces" else "less"


def _apart(found: Record | None) -> str:
    if found is None:
        return "too few to train a classifier"
    verdict = "told apart by colours and edges" if found["p"] < LEVEL else "not told apart"
    return (
        f"{verdict} (AUC {found['auc']:.2f}, chance reaches {found['null_high']:.2f}, "
        f"p {found['p']:.2g})"
    )
