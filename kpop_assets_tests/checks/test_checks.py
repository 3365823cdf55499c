import dagster as dg
import pandas as pd

from kpop_assets.checks.catalog import no_cover_leaks_between_sets
from kpop_assets.checks.chart import every_artist_has_a_type, ten_entries_each_year


def chart(years: dict[int, list[int]]) -> pd.DataFrame:
    rows = [(year, rank, "EXO", "boy") for year, ranks in years.items() for rank in ranks]
    return pd.DataFrame(rows, columns=["year", "rank", "artist", "artist_type"])


def test_ten_ranks_in_every_year_pass() -> None:
    result = ten_entries_each_year(chart({2010: list(range(1, 11)), 2011: list(range(10, 0, -1))}))
    assert result.passed


def test_a_year_with_a_repeated_or_missing_rank_fails_and_is_named() -> None:
    result = ten_entries_each_year(
        chart({2010: list(range(1, 11)), 2011: [1, 1, *range(2, 10)], 2012: [1, 2]})
    )
    assert not result.passed
    assert set(result.metadata["wrong_years"].value) == {"2011", "2012"}


def test_an_artist_without_a_type_is_a_warning_that_names_the_artist() -> None:
    entries = chart({2010: [1, 2]})
    entries.loc[1, ["artist", "artist_type"]] = ["New Act", None]
    result = every_artist_has_a_type(entries)
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert "New Act" in str(result.description)
    assert "EXO" not in str(result.description)


def test_sets_that_exclude_each_other_share_no_cover() -> None:
    sets = [["boy", "popular"], ["girl", "popular"], ["general"], [], ["popular"]]
    clean = pd.DataFrame({"hash": list("abcde"), "cover_sets": sets})
    assert no_cover_leaks_between_sets(clean).passed
    for leak in (["boy", "girl", "popular"], ["popular", "general"]):
        leaking = pd.DataFrame({"hash": list("abcdef"), "cover_sets": [*sets, leak]})
        result = no_cover_leaks_between_sets(leaking)
        assert not result.passed
        assert result.metadata["covers"].value == ["f"]
