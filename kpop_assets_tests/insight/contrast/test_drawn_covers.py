"""Large sets are compared by some of their covers."""

import numpy as np
import pandas as pd

from kpop_assets.insight.contrast.drawn_covers import MOST_COMPARED, drawn_covers, drawn_words
from kpop_assets.insight.contrast.years import trends


def covers(count: int) -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {"brightness": random.normal(size=count), "year": random.integers(2010, 2025, count)}
    )


def test_a_set_that_is_not_too_large_is_compared_whole() -> None:
    table = covers(MOST_COMPARED)
    assert drawn_covers(table) is table
    assert drawn_words("popular", len(table)) is None


def test_of_a_larger_one_the_same_covers_are_drawn_every_time_in_their_order() -> None:
    table = covers(MOST_COMPARED + 1_000)
    drawn = drawn_covers(table)
    assert len(drawn) == MOST_COMPARED
    assert drawn.index.is_monotonic_increasing
    assert drawn.index.is_unique
    assert drawn.equals(drawn_covers(table))
    assert not drawn.equals(drawn_covers(table, seed=1))
    assert drawn_words("popular", len(table)) == (
        "popular: of its 5,000 covers at most 4,000, drawn by chance, are compared"
    )


def test_trends_of_a_large_set_are_those_of_the_covers_that_are_drawn() -> None:
    table = covers(MOST_COMPARED + 1_000)
    assert trends(table, ["brightness"]) == trends(drawn_covers(table), ["brightness"])
