from dataclasses import replace

import numpy as np
import pytest

from kpop_assets.judge.errors import QualityError
from kpop_assets.judge.quality import COLLAPSE_FLOOR, Evaluation, Quality, RealFeatures, distances
from kpop_assets.judge.texture import Texture

SAME_TEXTURE = Texture({64: 0.0, 32: 0.0}, fineness=0.0, peak=0.5, repeats=-0.1)


def normal(seed: int, count: int, size: int = 16, mean: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, 1.0, (count, size)).astype(np.float32)


def kid_by_definition(samples: np.ndarray, covers: np.ndarray) -> float:
    """Equation 4 of Bińkowski et al., term by term."""

    def kernel(some: np.ndarray, other: np.ndarray) -> float:
        return (float(some @ other) / len(some) + 1.0) ** 3

    m, n = len(samples), len(covers)
    within_samples = sum(
        kernel(samples[i], samples[j]) for i in range(m) for j in range(m) if i != j
    )
    within_covers = sum(kernel(covers[i], covers[j]) for i in range(n) for j in range(n) if i != j)
    across = sum(kernel(a, b) for a in samples for b in covers)
    return 1000 * (
        within_samples / (m * (m - 1)) + within_covers / (n * (n - 1)) - 2 * across / (m * n)
    )


def test_kid_is_the_published_estimate_times_a_thousand():
    samples, covers = normal(1, 7, mean=0.5).astype(float), normal(2, 9).astype(float)
    expected = kid_by_definition(samples, covers)
    assert RealFeatures(covers).kid(samples) == pytest.approx(expected, rel=1e-9)


def test_kid_of_two_halves_of_one_distribution_is_about_nothing_and_may_be_negative():
    halves = [RealFeatures(normal(seed, 200)).kid(normal(seed + 50, 200)) for seed in range(12)]
    assert abs(np.mean(halves)) < 3
    assert min(halves) < 0 < max(halves)


def test_the_spread_of_kid_is_that_of_kids_of_other_samples_and_covers():
    chance = np.random.default_rng(0)

    def drawn():
        covers, samples = chance.normal(size=(60, 8)), chance.normal(0.5, size=(120, 8))
        real = RealFeatures(covers)
        return real.kid(samples), real.kid_spread(samples)

    kids, spreads = zip(*(drawn() for _ in range(60)), strict=True)
    assert np.median(spreads) == pytest.approx(np.std(kids), rel=0.35)


def test_kid_grows_as_samples_move_away():
    covers = RealFeatures(normal(0, 300))
    kids = [covers.kid(normal(1, 300, mean=mean)) for mean in (0.0, 0.3, 0.6, 1.0)]
    assert kids == sorted(kids)
    assert kids[-1] > 1000


# Ten covers on a line, ten apart: the fifth neighbour lies 50 away at the ends, then 40, then 30.
LINE = np.arange(0.0, 100.0, 10.0)[:, None]


def test_coverage_counts_the_covers_with_a_sample_nearer_than_their_fifth_neighbour():
    covers = RealFeatures(LINE)
    assert covers.coverage(np.array([[0.0]])) == 0.3  # those at 0, 10 and 20, not that at 30
    assert covers.coverage(np.array([[-35.0]])) == 0.1
    assert covers.coverage(np.array([[1000.0]])) == 0.0
    assert covers.coverage(LINE) == 1.0


def test_the_fifth_neighbour_of_few_covers_is_the_farthest():
    covers = RealFeatures(np.array([[0.0], [10.0]]))
    assert covers.coverage(np.array([[9.0]])) == 1.0
    assert covers.coverage(np.array([[19.0]])) == 0.5


def test_used_counts_the_covers_that_are_nearest_to_some_sample():
    covers = RealFeatures(LINE)
    assert covers.used(np.array([[0.1], [2.0], [-5.0], [31.0]])) == 0.2
    assert covers.used(LINE + 1) == 1.0


def test_the_nearest_ratio_is_the_step_to_a_cover_in_steps_between_covers():
    covers = RealFeatures(LINE)
    assert covers.nearest_ratio(LINE + 5) == pytest.approx(0.5)
    assert covers.nearest_ratio(LINE) == 0.0
    assert np.isnan(RealFeatures(np.zeros((4, 3))).nearest_ratio(np.ones((2, 3))))


def test_diversity_is_one_for_real_and_nothing_for_one_picture_again_and_again():
    covers = RealFeatures(normal(0, 300))
    assert covers.diversity(normal(1, 300)) == pytest.approx(1.0, abs=0.02)
    assert covers.diversity(normal(1, 300) / 2) == pytest.approx(0.5, abs=0.02)
    assert covers.diversity(np.repeat(normal(1, 1), 30, axis=0)) == pytest.approx(0.0, abs=1e-3)


def copies_of_one(count: int, noise: float = 0.0) -> np.ndarray:
    return np.repeat(normal(5, 1), count, axis=0) + noise * normal(6, count)


@pytest.mark.parametrize("noise", [0.0, 1e-6, 1e-4])
def test_what_is_measured_against_covers_that_are_all_alike_is_no_number(noise):
    """The distances between such covers are rounding, and a ratio to rounding is anything."""
    covers = RealFeatures(copies_of_one(8, noise))
    for samples in (normal(1, 16), copies_of_one(16)):
        quality = covers.quality(samples, np.zeros(16, bool))
        assert np.isnan([quality.diversity, quality.nearest_ratio]).all()
        assert np.isfinite([quality.kid, quality.coverage, quality.used]).all()
        assert Evaluation(quality, SAME_TEXTURE).collapsed


def test_covers_that_mostly_have_a_twin_have_a_diversity_but_no_step():
    covers = RealFeatures(np.concatenate([normal(0, 6), normal(0, 6)]))
    assert np.isnan(covers.nearest_ratio(normal(1, 9)))
    assert covers.diversity(normal(1, 30)) == pytest.approx(1.0, abs=0.2)


def test_equal_pictures_are_exactly_nothing_apart():
    assert (distances(copies_of_one(4), copies_of_one(3)) == 0).all()
    assert RealFeatures(normal(0, 9)).diversity(copies_of_one(9)) == 0


def test_three_covers_or_samples_have_no_halves_and_so_no_spread():
    assert np.isnan(RealFeatures(normal(0, 3)).kid_spread(normal(1, 30)))
    assert np.isnan(RealFeatures(normal(0, 30)).kid_spread(normal(1, 3)))
    assert RealFeatures(normal(0, 4)).kid_spread(normal(1, 4)) > 0


def test_features_that_are_no_numbers_are_a_named_error():
    broken = normal(0, 9)
    broken[3, 2] = np.nan
    with pytest.raises(QualityError, match="finite features of the real covers"):
        RealFeatures(broken)
    with pytest.raises(QualityError, match="finite features of the samples"):
        RealFeatures(normal(0, 9)).diversity(broken)


def test_a_lone_cover_or_sample_is_a_named_error():
    with pytest.raises(QualityError, match="two real covers to compare, got 1"):
        RealFeatures(normal(0, 1))
    with pytest.raises(QualityError, match="two samples to compare, got 1"):
        RealFeatures(normal(0, 9)).kid(normal(1, 1))


def evaluation(texture: Texture = SAME_TEXTURE, **measures: float) -> Evaluation:
    good = Quality(kid=100.0, coverage=0.9, used=0.4, copies=0.0, nearest_ratio=1.0, diversity=0.9)
    return Evaluation(Quality(**{**vars(good), **measures}), texture)


def test_copies_count_against_the_score():
    assert evaluation().score == 100.0
    assert evaluation(copies=0.02).score == 120.0
    assert evaluation(kid=0.0, copies=1.0).score > evaluation(kid=400.0).score


def test_a_grid_a_blur_noise_and_strange_patches_count_against_the_score():
    assert evaluation(replace(SAME_TEXTURE, swd_levels={64: 100.0, 32: 40.0})).score == 170.0
    assert evaluation(replace(SAME_TEXTURE, peak=4.0)).score == 130.0
    assert evaluation(replace(SAME_TEXTURE, fineness=-2.0)).score == 120.0
    assert evaluation(replace(SAME_TEXTURE, fineness=2.0)).score == 120.0


def test_motifs_repeated_more_often_than_in_covers_count_against_the_score():
    assert evaluation(replace(SAME_TEXTURE, repeats=0.3)).score == 130.0
    assert evaluation(replace(SAME_TEXTURE, repeats=-0.3)).score == 100.0


def test_a_generator_of_one_picture_has_collapsed():
    assert evaluation(diversity=COLLAPSE_FLOOR / 2).collapsed
    assert not evaluation(diversity=0.56).collapsed
    assert evaluation(diversity=float("nan")).collapsed


def test_an_evaluation_is_a_row_of_numbers():
    assert evaluation(copies=0.01).numbers() == {
        "score": 110.0,
        "kid": 100.0,
        "coverage": 0.9,
        "used": 0.4,
        "copies": 0.01,
        "nearest_ratio": 1.0,
        "diversity": 0.9,
        "swd": 0.0,
        "swd_64px": 0.0,
        "swd_32px": 0.0,
        "fineness": 0.0,
        "peak": 0.5,
        "repeats": -0.1,
    }
