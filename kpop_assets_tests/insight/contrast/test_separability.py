"""Telling groups of covers apart by all measures together."""

import numpy as np
import pytest

from kpop_assets.insight.contrast.separability import held_out_auc, separability


def test_groups_that_differ_are_told_apart() -> None:
    chance = np.random.default_rng(0)
    found = separability(chance.normal(0.8, 1, (40, 10)), chance.normal(0, 1, (30, 10)))
    assert found.auc > 0.9
    assert found.p == pytest.approx(1 / 500)
    assert 0.5 < found.null_high < 0.75


def test_groups_of_one_kind_are_taken_for_different_as_rarely_as_p_says() -> None:
    chance = np.random.default_rng(1)
    p_values = [
        separability(chance.normal(size=(14, 10)), chance.normal(size=(40, 10)), seed).p
        for seed in range(30)
    ]
    assert sum(p <= 0.05 for p in p_values) <= 5
    assert 0.3 < np.mean(p_values) < 0.7


def test_guessing_has_half_of_the_area_also_with_few_covers() -> None:
    chance = np.random.default_rng(2)
    aucs = [
        held_out_auc(chance.normal(size=(6, 3)), chance.normal(size=(6, 3)), seed)
        for seed in range(400)
    ]
    assert np.mean(aucs) == pytest.approx(0.5, abs=0.04)


def test_too_few_covers_are_refused() -> None:
    with pytest.raises(ValueError, match="5 covers or more"):
        separability(np.zeros((4, 2)), np.zeros((9, 2)))


def test_the_area_alone_is_that_of_covers_that_were_not_seen() -> None:
    chance = np.random.default_rng(3)
    covers, alike = chance.normal(size=(60, 200)), chance.normal(size=(90, 200))
    assert held_out_auc(covers, alike) == pytest.approx(0.5, abs=0.15)
    assert held_out_auc(covers, alike + 1.0) > 0.95
    with pytest.raises(ValueError, match="5 covers or more"):
        held_out_auc(covers[:4], alike)
