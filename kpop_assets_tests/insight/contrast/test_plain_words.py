"""The contrasts in words for those who know no statistics."""

from typing import Any

import pandas as pd
import pytest

from kpop_assets.insight.contrast.plain_words import answer, apart_words, average_cover, in_pairs


def table(*rows: tuple[str, str, str, float, bool]) -> pd.DataFrame:
    columns = ["first", "second", "measure", "delta", "different"]
    about: dict[str, Any] = {"kind": "real", "first_covers": 154, "second_covers": 415}
    return pd.DataFrame(rows, columns=columns).assign(**about)


@pytest.mark.parametrize(("delta", "times"), [(0.0, 50), (0.32, 66), (-0.32, 66), (1.0, 100)])
def test_a_delta_is_so_many_times_of_100(delta: float, times: int) -> None:
    assert in_pairs(delta) == times


def test_popular_beside_general_is_the_answer_with_its_largest_differences() -> None:
    found = table(
        ("boy", "girl", "pink", -0.9, True),
        ("popular", "general", "pastel", 0.2, True),
        ("popular", "general", "brightness", -0.4, True),
        ("popular", "general", "faces", 0.6, False),
    )
    assert answer(found, "real covers") == (
        "Beside a general cover, a popular one is darker 70 times of 100, and has more pastel 60 "
        "times. Chance would make it 50."
    )


def test_what_chance_explains_is_no_answer() -> None:
    found = table(("popular", "general", "pastel", 0.2, False))
    assert answer(found, "stand-in covers") == (
        "As far as colours and edges say, popular covers look like general ones: between 154 and "
        "415 stand-in covers no difference is larger than chance makes."
    )


def test_another_pair_answers_where_the_first_is_not_there() -> None:
    found = answer(table(("girl", "popular", "pink", 0.5, True)), "real covers")
    assert str(found).startswith("Beside another popular cover, a girl one has more pink")
    found = answer(table(("girl", "popular", "pink", 0.5, False)), "real covers")
    assert "girl covers look like the other popular ones: between" in str(found)
    assert answer(table(), "real covers") is None


def test_a_set_alone_is_described() -> None:
    means = {"dark": 0.25, "white": 0.1, "pastel": 0.2, "pink": 0.05}
    assert str(average_cover({"boy": means, "popular": {**means, "dark": 0.5}})).startswith(
        "On an average popular cover, 50% is nearly black, 10% is white, 20% is pastel and 5% is "
        "pink."
    )
    assert average_cover({"boy": {"dark": 0.2}}) is None


def test_a_program_that_is_no_better_than_chance_is_said_to_be() -> None:
    row = {"auc": 0.57, "null_high": 0.63, "p": 0.19}
    assert "it cannot tell them apart" in apart_words(row, 0.05)
    assert "62 of 100 pairs, where chance reaches 55" in apart_words(
        {"auc": 0.62, "null_high": 0.55, "p": 0.002}, 0.05
    )
    assert "too few covers" in apart_words(None, 0.05)
