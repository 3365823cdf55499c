"""What a cover is to be, as places, and as numbers for a generator."""

import math

import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.conditional.condition_tensors import (
    REACH,
    STRENGTH,
    UNKNOWN_WEIGHT,
    condition_vectors,
    log_pair_weights,
)
from kpop_assets.models.conditional.conditions import (
    Choice,
    Conditions,
    Range,
    conditions_of_columns,
    conditions_of_record,
)
from kpop_assets.models.errors import ConditionError

SETS = Choice("set", ("boy", "general", "girl"))
YEARS = Range("year", 2010, 2020)
BOTH = Conditions((SETS, YEARS))


def vectors(*given):
    return condition_vectors(BOTH, tf.constant([BOTH.places(one) for one in given])).numpy()


def weights(wanted, had):
    places = [tf.constant([BOTH.places(one) for one in some], tf.float32) for some in (wanted, had)]
    return np.exp(log_pair_weights(BOTH, *places).numpy())


def test_columns_of_words_are_choices_and_columns_of_numbers_are_ranges():
    columns = {"set": ["girl", "boy", "general", "boy"], "year": [2020, None, "2010", 2012]}
    assert conditions_of_columns(columns) == BOTH


def test_a_column_with_one_value_makes_no_condition():
    assert (
        conditions_of_columns({"set": ["boy", "boy", None], "year": [2010, 2010, None]}).width == 0
    )


def test_a_choice_has_the_twelve_words_that_are_had_most():
    words = [f"genre {number:02d}" for number in range(20) for _ in range(20 - number)]
    (genres,) = conditions_of_columns({"genre": words}).fields
    assert genres.values == tuple(f"genre {number:02d}" for number in range(12))


def test_a_record_gives_the_conditions_back():
    assert conditions_of_record(BOTH.described()) == BOTH


def test_a_record_of_something_else_is_refused():
    with pytest.raises(ConditionError, match="expected conditions with name and values"):
        conditions_of_record([{"name": "year", "low": "early"}])


def test_covers_have_the_places_of_what_they_are():
    places = BOTH.places_of({"set": ["girl", None], "year": [2015, 2010]}, 2)
    np.testing.assert_array_equal(places, [[2, 0.5], [math.nan, 0]])


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"genre": "ballad"}, "expected conditions among set, year, got genre"),
        ({"set": "duo"}, "expected set to be one of boy, general, girl, got 'duo'"),
        ({"year": 1999}, "expected year to be from 2010 to 2020, got 1999"),
        ({"year": "soon"}, "expected year to be from 2010 to 2020, got 'soon'"),
    ],
)
def test_what_a_generator_knows_nothing_of_is_refused(given, message):
    with pytest.raises(ConditionError, match=message):
        BOTH.places(given)


def test_near_years_are_told_nearly_alike_and_a_year_between_lies_between():
    early, half, next_one, late = vectors(*({"year": year} for year in (2014, 2014.5, 2015, 2020)))
    assert np.linalg.norm(early - next_one) < 0.4 * np.linalg.norm(early - late)
    assert np.linalg.norm(half - (early + next_one) / 2) < 0.05 * np.linalg.norm(early - late)


def test_every_choice_is_told_as_strongly_and_what_is_left_open_not_at_all():
    told = vectors({"set": "boy"}, {"set": "girl"}, {})
    np.testing.assert_allclose(np.linalg.norm(told, axis=1), [STRENGTH, STRENGTH, 0])
    assert told.shape == (3, BOTH.width)


def test_a_cover_of_another_choice_counts_nothing():
    ((same, other),) = weights([{"set": "boy"}], [{"set": "boy"}, {"set": "girl"}])
    assert same == 1
    assert other < 1e-6


def test_a_cover_counts_less_the_further_its_year_is():
    had = [{"year": year} for year in (2014, 2015, 2018)]
    ((same, near, far),) = weights([{"year": 2014}], had)
    np.testing.assert_allclose([same, near], [1, math.exp(-0.5 * (0.1 / REACH) ** 2)], rtol=1e-5)
    assert far < 0.001


def test_a_cover_of_unknown_year_takes_part_and_all_years_do_where_none_is_asked_for():
    ((unknown,),) = weights([{"set": "boy", "year": 2014}], [{"set": "boy"}])
    open_ones = weights(
        [{"set": "boy"}], [{"set": "boy", "year": 2010}, {"set": "boy", "year": 2019}]
    )
    np.testing.assert_allclose(unknown, UNKNOWN_WEIGHT, rtol=1e-5)
    np.testing.assert_allclose(open_ones, [[UNKNOWN_WEIGHT, UNKNOWN_WEIGHT]], rtol=1e-5)
