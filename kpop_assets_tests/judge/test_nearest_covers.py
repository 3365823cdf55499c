"""How near samples come to training covers, where covers are few or alike."""

import numpy as np
import pytest

from kpop_assets.judge.nearest_covers import nearest_covers
from kpop_assets.judge.seen_covers import SeenCovers


def unit(seed: int, count: int) -> np.ndarray:
    vectors = np.random.default_rng(seed).normal(size=(count, 40))
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def seen(covers: np.ndarray) -> list[SeenCovers]:
    return [SeenCovers(covers, covers, -covers)]


@pytest.mark.parametrize("noise", [0.0, 1e-7])
def test_a_sample_has_no_ratio_to_covers_that_are_all_alike(noise: float) -> None:
    covers = np.repeat(unit(0, 1), 8, axis=0) + noise * unit(1, 8)
    found = nearest_covers(unit(2, 5), seen(covers))
    assert np.isnan(found.ratios).all()
    assert np.isfinite(found.distances).all()


def test_a_lone_cover_is_near_but_gives_no_ratio_and_two_give_one() -> None:
    assert np.isnan(nearest_covers(unit(2, 5), seen(unit(0, 1))).ratios).all()
    assert np.isfinite(nearest_covers(unit(2, 5), seen(unit(0, 2))).ratios).all()


def test_a_distance_that_is_no_number_does_not_clear_a_sample_of_being_a_copy() -> None:
    samples = np.stack([unit(0, 1)[0], -unit(3, 1)[0], np.full(40, np.nan)])
    found = nearest_covers(samples, [SeenCovers(unit(0, 1), unit(0, 1), unit(0, 1))])
    assert found.copied.tolist() == [True, False, True]
