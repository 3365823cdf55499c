"""Differences between groups of covers, and what chance explains."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import mannwhitneyu

from kpop_assets.insight.contrast.contrasts import (
    bootstrap_intervals,
    cliffs_delta,
    contrasts,
    holm,
    permutation_p,
)


def groups(first: int, second: int, shift: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    chance = np.random.default_rng(seed)
    return chance.normal(shift, 1, (first, 1)), chance.normal(0, 1, (second, 1))


def test_delta_is_the_chance_of_more_less_the_chance_of_less() -> None:
    first, second = np.array([[1.0], [2.0], [3.0]]), np.array([[2.0], [0.0]])
    more, less = 4, 1
    assert cliffs_delta(first, second) == pytest.approx((more - less) / 6)
    assert cliffs_delta(second, first) == pytest.approx((less - more) / 6)
    assert cliffs_delta(first, first - 10) == pytest.approx(1)


def test_permutation_agrees_with_mann_and_whitney() -> None:
    first, second = groups(40, 30, 0.5)
    expected = mannwhitneyu(first[:, 0], second[:, 0]).pvalue
    found = permutation_p(first, second, np.random.default_rng(1))
    assert found[0] == pytest.approx(expected, abs=0.01)


def test_a_difference_beyond_every_draw_has_the_smallest_two_sided_p() -> None:
    first, second = groups(30, 30, 9.0)
    assert permutation_p(first, second, np.random.default_rng(0)).tolist() == [0.0002]


def test_the_interval_holds_the_true_delta_as_often_as_it_says() -> None:
    truth = cliffs_delta(*groups(2000, 2000, 0.6, seed=99))[0]
    held = 0
    for seed in range(200):
        pair = groups(40, 60, 0.6, seed)
        [[low, high]] = bootstrap_intervals(*pair, np.random.default_rng(seed))
        held += low <= truth <= high
    assert 180 <= held <= 198


def test_an_interval_with_ties_is_that_of_plain_resampling() -> None:
    chance = np.random.default_rng(3)
    first, second = chance.integers(0, 4, (30, 1)) * 1.0, chance.integers(0, 4, (25, 1)) * 1.0
    plain = [
        cliffs_delta(chance.choice(first, 30), chance.choice(second, 25))[0] for _ in range(4000)
    ]
    found = bootstrap_intervals(first, second, np.random.default_rng(0))[0]
    np.testing.assert_allclose(found, np.quantile(plain, [0.025, 0.975]), atol=0.03)


def test_few_groups_are_all_tried() -> None:
    first, second = np.array([[7.0], [8.0], [9.0]]), np.array([[1.0], [2.0], [3.0]])
    p_values = [permutation_p(first, second, np.random.default_rng(seed)) for seed in range(3)]
    assert p_values == [pytest.approx(2 / 20)] * 3


def test_holm_multiplies_by_what_is_left_and_keeps_the_order() -> None:
    np.testing.assert_allclose(holm(np.array([0.04, 0.01, 0.03])), [0.06, 0.03, 0.06])
    np.testing.assert_allclose(holm(np.array([0.6, 0.7])), [1.0, 1.0])


def test_contrasts_say_what_differs_and_leave_out_what_is_unknown() -> None:
    chance = np.random.default_rng(0)
    first = pd.DataFrame({"pink": chance.normal(1, 1, 60), "dark": chance.normal(0, 1, 60)})
    second = pd.DataFrame({"pink": chance.normal(0, 1, 50), "dark": chance.normal(0, 1, 50)})
    first["faces"], second["faces"] = 1.0, np.nan
    pink, dark = contrasts(first, second, ["pink", "dark", "faces"])
    assert (pink.measure, dark.measure) == ("pink", "dark")
    assert pink.is_different
    assert not dark.is_different
    assert pink.low < pink.delta < pink.high
    assert pink.first_mean == pytest.approx(first["pink"].mean())
    assert pink.p < pink.p_corrected
    assert contrasts(first, second, ["pink"]) == contrasts(first, second, ["pink"])


def test_two_covers_are_too_few_to_compare() -> None:
    table = pd.DataFrame({"pink": [0.1, 0.2]})
    with pytest.raises(ValueError, match="3 covers or more in each group, got 2 and 2"):
        contrasts(table, table, ["pink"])
