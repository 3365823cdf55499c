"""How the covers of the chart changed with the years."""

import numpy as np
import pandas as pd
import pytest

from kpop_assets.insight.contrast.years import trend_table, trends


def covers(slope: float) -> pd.DataFrame:
    chance = np.random.default_rng(0)
    years = np.repeat(np.arange(2010, 2022), 8)
    return pd.DataFrame(
        {
            "year": pd.array(years, dtype="Int64"),
            "brightness": 0.5 + slope * (years - 2010) + chance.normal(0, 0.1, len(years)),
            "pink": chance.uniform(size=len(years)),
            "faces": np.nan,
        }
    )


def test_what_moves_is_told_from_what_does_not() -> None:
    brightness, pink = trends(covers(0.02), ["brightness", "pink", "faces"])
    assert brightness.is_moving
    assert brightness.a_decade == pytest.approx(0.2, abs=0.06)
    assert brightness.low < brightness.a_decade < brightness.high
    assert brightness.rho > 0.4
    assert not pink.is_moving
    assert pink.measure == "pink"


def test_covers_without_a_year_do_not_count() -> None:
    table = covers(0.02)
    undated = pd.concat([table, table.assign(year=pd.NA, brightness=9.0)], ignore_index=True)
    assert trends(undated, ["brightness"]) == trends(table, ["brightness"])


def test_two_years_make_no_trend() -> None:
    table = covers(0.02)
    assert trends(table[table["year"] < 2012], ["brightness"]) == []
    assert trend_table(table[table["year"] < 2012], ["brightness"]).empty


def test_the_table_has_the_fields_and_whether_it_moves() -> None:
    table = trend_table(covers(0.02), ["brightness", "pink"])
    assert table["moving"].tolist() == [True, False]
    assert table["measure"].tolist() == ["brightness", "pink"]
