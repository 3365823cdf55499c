"""Two cover sets side by side: what differs, and what chance explains."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from kpop_assets.insight.contrast.contrast_words import generator_differences
from kpop_assets.insight.contrast.contrasts import LEVEL
from kpop_assets.insight.contrast.drawn_covers import MOST_COMPARED
from kpop_assets.insight.contrast.plain_words import (
    Row,
    apart_words,
    beyond_chance,
    differs,
    in_pairs,
    real_rows,
)
from kpop_assets.insight.contrast.set_contrasts import LEAD_PAIRS, second_group
from kpop_assets.insight.gallery.content import GalleryContent, ShownCover
from kpop_assets.insight.measuring.measure import Measure
from kpop_assets.insight.measuring.measures import MEASURES

_TITLES = {measure.name: measure.title for measure in MEASURES}


@dataclass(frozen=True)
class MeasureShown:
    """A measure, what it says of the pair, and covers of each set, those with least of it first."""

    title: str
    sentence: str
    covers: Mapping[str, Sequence[ShownCover]]


@dataclass(frozen=True)
class Pair:
    """The contrasts of two cover sets; `others` is what the second is called among real covers.

    `rows` are all measures of covers and of generated ones, `measures` those of them in order.
    """

    first: str
    second: str
    others: str
    summary: str
    apart: str
    shown: list[MeasureShown]
    rows: list[dict[str, Any]]
    measures: list[Measure]
    trained_differently: str | None

    @property
    def is_lead(self) -> bool:
        """Whether it is one of the pairs that the project asks about first."""
        return (self.first, self.second) in LEAD_PAIRS


def pairs_of(content: GalleryContent, covers: str) -> list[Pair]:
    """Return the pairs that are compared; `covers` is what those not generated are called.

    Where all popular covers are by boy and girl groups, popular without boy is girl: a pair that
    repeats another one is left out.
    """
    if content.contrasts.empty:
        return []
    differing = generator_differences({one.name: one.record["config"] for one in content.sets})
    return [
        _pair(content, str(first), str(second), rows, differing, covers)
        for (first, second), rows in content.contrasts.groupby(["first", "second"], sort=False)
        if not _repeats_boy_and_girl(content.contrasts, str(first), str(second))
    ]


def _repeats_boy_and_girl(contrast_rows: pd.DataFrame, first: str, second: str) -> bool:
    if second_group("real", first, second) == second:
        return False
    pair, lead = (real_rows(contrast_rows, *names) for names in ((first, second), LEAD_PAIRS[0]))
    return bool(pair) and _sizes_of_differences(pair) == _sizes_of_differences(lead)


def _sizes_of_differences(rows: list[Row]) -> dict[str, float]:
    return {str(row["measure"]): round(abs(float(row["delta"])), 9) for row in rows}


def _pair(
    content: GalleryContent,
    first: str,
    second: str,
    rows: pd.DataFrame,
    differing: dict[tuple[str, str], str],
    covers: str,
) -> Pair:
    real = real_rows(content.contrasts, first, second)
    has_generated = "generated" in set(rows["kind"])
    told_apart = real_rows(content.separability, first, second)
    of_pair = [one for one in content.sets if one.name in (first, second)]
    drawn = " picked by chance" if any(one.covers > MOST_COMPARED for one in of_pair) else ""
    return Pair(
        first=first,
        second=second,
        others=second_group("real", first, second),
        summary=_summary(real, f"{covers}{drawn}"),
        apart=apart_words(told_apart[0] if told_apart else None, LEVEL),
        shown=_shown(content, first, second, real),
        rows=[{str(name): value for name, value in row.items()} for row in rows.to_dict("records")],
        measures=[measure for measure in MEASURES if measure.name in set(rows["measure"])],
        trained_differently=differing.get((first, second)) if has_generated else None,
    )


def _summary(rows: list[Row], covers: str) -> str:
    if not rows:
        return f"Only their generated covers are compared: there are too few {covers}."
    count = len(beyond_chance(rows))
    counted = f"{rows[0]['first_covers']} and {rows[0]['second_covers']} {covers}"
    if not count:
        return (
            f"Of {len(rows)} things measured on {counted}, none differs by more than chance makes."
        )
    verb = "differs" if count == 1 else "differ"
    return f"Of {len(rows)} things measured on {counted}, {count} {verb} by more than chance makes."


def _shown(content: GalleryContent, first: str, second: str, rows: list[Row]) -> list[MeasureShown]:
    by_name = {row["measure"]: row for row in rows}
    return [
        MeasureShown(
            title=_TITLES[one.measure].removesuffix(" share"),
            sentence=_sentence(by_name[one.measure], first, second),
            covers=one.covers,
        )
        for one in content.measured.get((first, second), ())
        if one.measure in by_name
    ]


def _sentence(row: Row, first: str, second: str) -> str:
    text = (
        f"In {in_pairs(row['delta'])} of 100 pairs the {first} cover {differs(row)} than the "
        f"{second} one"
    )
    if row["different"]:
        return f"{text}."
    return f"{text}. It is the largest difference, and chance alone makes as large ones."
