import dagster as dg
import pandas as pd
import pytest

from kpop_assets.defs.chart.chart_checks import (
    every_artist_has_a_type,
    ranks_without_gaps,
    sales_do_not_rise_with_rank,
)


def chart(
    years: dict[int, list[int]], sales: dict[int, list[int | None]] | None = None
) -> pd.DataFrame:
    rows = [
        (year, rank, "EXO", f"Album {rank}", "boy", sales[year][place] if sales else 1000 - rank)
        for year, ranks in years.items()
        for place, rank in enumerate(ranks)
    ]
    columns = ["year", "rank", "artist", "album_printed", "artist_type", "sales"]
    return pd.DataFrame(rows, columns=columns).astype({"sales": "Int64"})


def records(result: dg.AssetCheckResult, table: str) -> list[dict[str, object]]:
    value = result.metadata[table]
    assert isinstance(value, dg.TableMetadataValue)
    return [dict(record.data) for record in value.records]


def upto(rank: int) -> list[int]:
    return list(range(1, rank + 1))


@pytest.mark.parametrize(
    "years",
    [
        {2010: upto(10), 2011: upto(10)[::-1]},
        {2018: upto(20), 2019: upto(20)},
        {2013: upto(50), 2014: upto(73), 2015: upto(100), 2016: upto(100)},
    ],
)
def test_the_ranks_down_to_the_depth_pass_and_early_years_may_end_at_fifty(years) -> None:
    assert ranks_without_gaps(chart(years)).passed


@pytest.mark.parametrize(
    ("years", "wrong"),
    [
        ({2010: upto(10), 2011: [1, 1, *range(2, 10)]}, {"missing": [10], "repeated": [1]}),
        ({2010: upto(10), 2011: [1, 2, *range(4, 11)]}, {"missing": [3], "repeated": []}),
        ({2011: [1, 2, 2, 3, *range(5, 11)]}, {"missing": [4], "repeated": [2]}),
        ({2011: [*upto(9)]}, {"missing": [10], "repeated": []}),
        ({2011: [*upto(59), 61], 2012: upto(100)}, {"missing": [60], "repeated": []}),
        ({2016: upto(50), 2017: upto(100)}, {"missing": list(range(51, 101)), "repeated": []}),
    ],
)
def test_a_year_with_a_repeated_or_missing_rank_fails_and_is_named(years, wrong) -> None:
    result = ranks_without_gaps(chart(years))
    assert not result.passed
    [(year, found)] = result.metadata["wrong_years"].value.items()
    assert int(year) == (2016 if 2016 in years else 2011)
    assert found == wrong


@pytest.mark.parametrize("tied", [[1, 2, 2, *range(4, 11)], [1, 1, 1, *range(4, 9), 9, 9]])
def test_entries_that_share_a_rank_take_the_ranks_after_it(tied) -> None:
    assert ranks_without_gaps(chart({2010: upto(10), 2011: tied})).passed


def test_the_entries_around_a_wrong_rank_are_shown() -> None:
    result = ranks_without_gaps(chart({2011: [1, 2, 2, 3, *range(5, 11)], 2012: upto(10)}))
    shown = records(result, "entries_around")
    ranks = [(row["year"], row["rank"]) for row in shown]
    assert ranks == [(2011, 2), (2011, 2), (2011, 3), (2011, 5)]
    assert shown[0] == {
        "year": 2011,
        "rank": 2,
        "artist": "EXO",
        "album": "Album 2",
        "sales": "998",
    }
    assert not ranks_without_gaps(chart({2012: upto(10)})).metadata.keys() & {"entries_around"}


def test_falling_and_equal_sales_pass_whatever_the_order_of_the_table_and_blanks() -> None:
    years = {2010: [2, 1, 3, 4], 2011: [1, 2, 3, 4]}
    sales = {2010: [70, 90, None, 70], 2011: [None, 200, 200, 100]}
    assert sales_do_not_rise_with_rank(chart(years, sales)).passed


def test_sales_that_rise_fail_across_blanks_too_and_the_entries_are_shown() -> None:
    years = {2010: [1, 2, 3, 4, 5], 2011: [1, 2]}
    sales = {2010: [900, 500, None, 600, 550], 2011: [10, 9]}
    result = sales_do_not_rise_with_rank(chart(years, sales))
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.ERROR
    shown = records(result, "rising_entries")
    assert [(row["year"], row["rank"], row["sales"]) for row in shown] == [
        (2010, 2, "500"),
        (2010, 4, "600"),
        (2010, 5, "550"),
    ]


def test_an_artist_without_a_type_is_a_warning_that_names_the_artist() -> None:
    entries = chart({2010: [1, 2]})
    entries.loc[1, ["artist", "artist_type"]] = ["New Act", None]
    result = every_artist_has_a_type(entries)
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert "New Act" in str(result.description)
    assert "EXO" not in str(result.description)
