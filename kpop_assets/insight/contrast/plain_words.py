"""What the contrasts say to somebody who knows no statistics: in how many pairs of 100."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from kpop_assets.insight.contrast.set_contrasts import LEAD_PAIRS, second_group
from kpop_assets.insight.measuring.measures import MEASURES

Row = dict[str, Any]

_BY_NAME = {measure.name: measure for measure in MEASURES}
_SURFACE = {"dark": "nearly black", "white": "white", "pastel": "pastel", "pink": "pink"}
_ANSWERING = (*LEAD_PAIRS[::-1],)


def in_pairs(delta: float) -> int:
    """Return in how many pairs of 100 the cover with more is that of the set with more.

    `delta` is Cliff's, -1 to 1; a tie counts as half a pair.
    """
    return round(50 * (1 + abs(delta)))


def differs(row: Row) -> str:
    """Return what a cover of the first set does beside one of the second, as "is brighter"."""
    measure = _BY_NAME[row["measure"]]
    return measure.most if row["delta"] > 0 else measure.least


def beyond_chance(rows: list[Row]) -> list[Row]:
    """Return the rows of measures that differ beyond chance, the largest difference first."""
    return sorted((row for row in rows if row["different"]), key=lambda row: -abs(row["delta"]))


def real_rows(contrast_rows: pd.DataFrame, first: str, second: str) -> list[Row]:
    """Return the rows of the covers of a pair that are not generated, as mappings."""
    if contrast_rows.empty:
        return []
    rows = contrast_rows[
        (contrast_rows["kind"] == "real")
        & (contrast_rows["first"] == first)
        & (contrast_rows["second"] == second)
    ]
    return [{str(name): value for name, value in row.items()} for row in rows.to_dict("records")]


def answer(contrast_rows: pd.DataFrame, covers: str) -> str | None:
    """Return the answer to the question of the page; None where no two sets are compared.

    Popular covers beside general ones if both are there, else another pair. `covers` is what those
    that are not generated are called.
    """
    pairs = [*_ANSWERING]
    if len(contrast_rows):
        others = contrast_rows[["first", "second"]].drop_duplicates()
        pairs += [(str(first), str(second)) for first, second in others.to_numpy()]
    for first, second in pairs:
        if rows := real_rows(contrast_rows, first, second):
            return _answer(rows, first, second, covers)
    return None


def average_cover(means: Mapping[str, Mapping[str, float]]) -> str | None:
    """Return what an average cover is like where there is nothing to compare it with.

    `means` has the means of measures by set; popular is described if it is there, else another
    set. None where there is none.
    """
    known = [name for name, of_set in means.items() if of_set.keys() >= _SURFACE.keys()]
    if not known:
        return None
    name = "popular" if "popular" in known else known[0]
    parts = [f"{means[name][measure]:.0%} is {colour}" for measure, colour in _SURFACE.items()]
    return (
        f"On an average {name} cover, {', '.join(parts[:-1])} and {parts[-1]}. To see "
        "whether that is special, a second set of covers is needed."
    )


def _answer(rows: list[Row], first: str, second: str, covers: str) -> str:
    in_part = second_group("real", first, second) != second
    different = beyond_chance(rows)[:2]
    if not different:
        return (
            f"As far as colours and edges say, {first} covers look like "
            f"{'the other ' if in_part else ''}{second} ones: between "
            f"{rows[0]['first_covers']} and {rows[0]['second_covers']} {covers} no difference is "
            "larger than chance makes."
        )
    strongest, *others = different
    text = (
        f"Beside {'another' if in_part else 'a'} {second} cover, a {first} one "
        f"{differs(strongest)} {in_pairs(strongest['delta'])} times of 100"
    )
    for row in others:
        text += f", and {differs(row)} {in_pairs(row['delta'])} times"
    return f"{text}. Chance would make it 50."


def apart_words(found: Row | None, level: float) -> str:
    """Return how well a program tells two sets apart, takes a row of separability."""
    if found is None:
        return "There are too few covers to let a program tell them apart."
    right, chance = round(100 * found["auc"]), round(100 * found["null_high"])
    if found["p"] >= level:
        return (
            f"A program that sees colours and edges picks the right one in {right} of 100 pairs. "
            f"Chance alone reaches {chance}: it cannot tell them apart."
        )
    return (
        f"A program that sees nothing but colours and edges picks the right one in {right} of 100 "
        f"pairs, where chance reaches {chance}."
    )
