import numpy as np
import pytest

from kpop_assets.models.errors import FieldError
from kpop_assets.models.live.content import Condition, DrawnBefore, Range
from kpop_assets_tests.models.live.small_generator import FIELDS

SET, YEAR = FIELDS


def test_a_choice_has_its_vector() -> None:
    np.testing.assert_array_equal(SET.vector("girl"), np.float32([0, 2, -1]))
    with pytest.raises(FieldError, match="Expected set to be one of boy, girl, got 'dog'"):
        SET.vector("dog")


def test_a_number_is_on_the_straight_line_between_the_vectors_next_to_it() -> None:
    np.testing.assert_allclose(YEAR.vector(2010), [-2, 0])
    np.testing.assert_allclose(YEAR.vector(2012), [-1.2, 1.2], rtol=1e-6)
    np.testing.assert_allclose(YEAR.vector(2020), [2, 0])
    with pytest.raises(FieldError, match="from 2010 to 2020, got 2021"):
        YEAR.vector(2021)


def test_covers_drawn_before_are_spread_over_choices_and_numbers() -> None:
    assert SET.spread(3) == ["boy", "girl", "boy"]
    assert YEAR.spread(3) == [2010, 2015, 2020]
    assert Range("year", 0, 1, 0.4, [()]).spread(3) == [0, 0.4, 0.8]


def test_what_a_cover_was_drawn_from_is_said_in_words() -> None:
    assert DrawnBefore("data:,", 3, ("girl", 2015.0)).alt == "number 3, girl, 2015"
    assert DrawnBefore("data:,", 3).alt == "number 3"


@pytest.mark.parametrize(
    "make",
    [
        lambda: Condition("set", []),
        lambda: Condition("set", [("boy", (1.0,)), ("girl", (1.0, 2.0))]),
        lambda: Condition("set", [("boy", (1.0,)), ("boy", (2.0,))]),
        lambda: Range("year", 2020, 2010, 1, [(1.0,)]),
        lambda: Range("year", 2010, 2020, 0, [(1.0,)]),
        lambda: Range("year", 2010, 2020, 1, []),
    ],
    ids=["no choice", "two lengths", "one name twice", "no range", "no step", "no vector"],
)
def test_a_field_that_cannot_be_chosen_from_is_refused(make: object) -> None:
    with pytest.raises(FieldError, match="Expected"):
        make()  # type: ignore[operator]
