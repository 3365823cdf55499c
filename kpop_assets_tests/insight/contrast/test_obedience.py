"""Whether covers are what a generator was told, by features and by measures."""

import numpy as np
import pandas as pd
import pytest

from kpop_assets.insight.contrast.obedience import ToldApart, moved, told_apart


def kind(centre: float, seed: int, count: int = 60) -> np.ndarray:
    features = np.random.default_rng(seed).normal(size=(count, 40))
    features[:, 0] += centre
    return features


REAL = {"boy": kind(-0.6, 1), "girl": kind(0.6, 2)}


@pytest.mark.parametrize(
    ("strength", "says"),
    [(0.0, "less than real ones"), (0.6, "as real ones"), (4.0, "exaggerated")],
)
def test_generated_kinds_are_told_apart_by_what_real_ones_differ_in(
    strength: float, says: str
) -> None:
    [pair] = told_apart(REAL, {"boy": kind(-strength, 3), "girl": kind(strength, 4)})
    assert 0.65 < pair.real < 0.9
    assert pair.says == says


def test_kinds_that_no_classifier_tells_apart_are_not_exaggerated_by_chance() -> None:
    assert ToldApart("general", "girl", real=0.4, generated=0.53).says == "as real ones"


def test_kinds_that_are_swapped_are_seen() -> None:
    [pair] = told_apart(REAL, {"boy": REAL["girl"], "girl": REAL["boy"]})
    assert pair.generated < 0.3


def test_three_kinds_make_three_pairs() -> None:
    of_three = {**REAL, "mixed": kind(0.0, 5)}
    pairs = [(one.first, one.second) for one in told_apart(of_three, of_three)]
    assert pairs == [("boy", "girl"), ("boy", "mixed"), ("girl", "mixed")]


def test_measures_move_with_the_year_as_far_as_their_ranks_say() -> None:
    years = np.arange(2010.0, 2030)
    real = pd.DataFrame({"year": years, "bright": years, "dark": 1.0, "text": np.nan})
    generated = pd.DataFrame({"year": years, "bright": -years, "dark": 1.0, "text": np.nan})
    [one] = moved("year", real, generated)
    assert (one.measure, one.real, one.generated) == ("bright", pytest.approx(1), pytest.approx(-1))
    assert one.real_ones_move
