import dagster as dg
import pandas as pd
import pytest

from kpop_assets.defs.covers.catalog_checks import (
    girl_covers_are_not_too_few,
    no_cover_leaks_between_sets,
)


def catalog(*rows: tuple[str, list[str], list[str]]) -> pd.DataFrame:
    """Rows of representative, cover sets, acts; every row is a picture of its own."""
    return pd.DataFrame(
        [(f"{index}", *row) for index, row in enumerate(rows)],
        columns=["hash", "representative", "cover_sets", "acts"],
    )


def test_sets_that_exclude_each_other_share_no_group() -> None:
    sets = [["boy", "popular"], ["girl", "popular"], ["general"], [], ["popular"]]
    clean = [(name, of_picture, []) for name, of_picture in zip("abcde", sets, strict=True)]
    assert no_cover_leaks_between_sets(catalog(*clean)).passed
    for leak in (["boy", "girl", "popular"], ["popular", "general"]):
        result = no_cover_leaks_between_sets(catalog(*clean, ("f", leak, [])))
        assert not result.passed
        assert result.metadata["covers"].value == ["f"]


def test_a_picture_that_nearly_equals_a_boy_cover_must_not_be_general() -> None:
    result = no_cover_leaks_between_sets(
        catalog(("a", ["boy", "popular"], []), ("a", ["general"], []))
    )
    assert not result.passed
    assert result.metadata["covers"].value == ["a"]


def covers(boys: int, girls: int, girl_acts: int) -> pd.DataFrame:
    return catalog(
        *((f"b{n}", ["boy", "popular"], ["EXO"]) for n in range(boys)),
        *(
            (f"g{n}", ["girl", "popular"], [f"girl act {n % girl_acts}"] if girl_acts else [])
            for n in range(girls)
        ),
    )


@pytest.mark.parametrize(
    ("boys", "girls", "girl_acts", "passed"),
    [(30, 10, 10, True), (31, 10, 10, False), (30, 10, 9, False), (0, 10, 10, True)],
)
def test_girl_covers_are_a_quarter_and_of_ten_acts_or_it_warns(
    boys: int, girls: int, girl_acts: int, passed: bool
) -> None:
    result = girl_covers_are_not_too_few(covers(boys, girls, girl_acts))
    assert result.passed == passed
    assert f"of {girl_acts} acts" in str(result.description)
    if not passed:
        assert result.severity == dg.AssetCheckSeverity.WARN


def test_acts_of_covers_in_other_sets_are_not_counted() -> None:
    popular_only = catalog(*((f"m{n}", ["popular"], [f"mixed act {n}"]) for n in range(20)))
    both = pd.concat([covers(3, 3, 3), popular_only])
    assert girl_covers_are_not_too_few(both).metadata["acts"].value == 3


def test_where_artists_are_unknown_the_share_decides_alone() -> None:
    unknown = covers(6, 3, 0).assign(acts=[[]] * 9)
    result = girl_covers_are_not_too_few(unknown)
    assert result.passed
    assert "acts" not in str(result.description)
    assert not girl_covers_are_not_too_few(unknown.drop(index=[7, 8])).passed


def test_a_catalog_without_boy_and_girl_covers_has_nothing_to_compare() -> None:
    assert girl_covers_are_not_too_few(catalog(("a", ["general"], []))).passed
