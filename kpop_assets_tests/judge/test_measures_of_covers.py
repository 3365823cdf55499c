"""Quality and originality on drawn covers, altered in known ways."""

import numpy as np
import pytest
from PIL import Image, ImageFilter

from kpop_assets.judge.copies import appearances
from kpop_assets.judge.judge import FEATURE_SIZE
from kpop_assets.judge.nearest_covers import nearest_covers
from kpop_assets.judge.quality import RealFeatures, distances
from kpop_assets.judge.seen_covers import seen_covers
from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets.pretrained.pooled_features import pooled_features
from kpop_assets.sample_world.artwork import CoverDesign, draw_cover

COVERS = 160


@pytest.fixture(scope="module")
def pictures() -> np.ndarray:
    return np.stack(
        [
            np.asarray(draw_cover(CoverDesign(seed, "general", "NOVA", "Light"), 64))
            for seed in range(COVERS)
        ]
    )


@pytest.fixture(scope="module")
def features_of():
    network = pooled_mobilenet_v2(FEATURE_SIZE)
    return lambda pictures: pooled_features(network, pictures, FEATURE_SIZE)


@pytest.fixture(scope="module")
def features(pictures: np.ndarray, features_of) -> np.ndarray:
    return features_of(pictures)


def noisy(pictures: np.ndarray, levels: float) -> np.ndarray:
    noise = np.random.default_rng(0).normal(0, levels, pictures.shape)
    return np.clip(pictures + noise, 0, 255).astype(np.uint8)


def blurred(pictures: np.ndarray, radius: float) -> np.ndarray:
    blur = ImageFilter.GaussianBlur(radius)
    return np.stack([np.asarray(Image.fromarray(one).filter(blur)) for one in pictures])


def test_kid_of_two_halves_is_nothing_within_its_spread(features: np.ndarray) -> None:
    real, others = RealFeatures(features[::2]), features[1::2]
    assert abs(real.kid(others)) <= 2 * real.kid_spread(others)


@pytest.mark.parametrize("altered", [noisy, blurred])
def test_kid_grows_steadily_as_covers_are_spoilt(
    pictures: np.ndarray, features: np.ndarray, features_of, altered
) -> None:
    real = RealFeatures(features[::2])
    amounts = (0, 8, 20, 50, 90) if altered is noisy else (0, 0.6, 1.2, 2.4, 4.8)
    kids = [real.kid(features_of(altered(pictures[1::2], amount))) for amount in amounts]
    assert kids == sorted(kids)
    assert kids[-1] > kids[0] + 100


def test_coverage_falls_to_half_when_half_of_the_clusters_are_missing(
    pictures: np.ndarray, features_of
) -> None:
    designs, each = 8, 12
    varied = np.concatenate(
        [
            np.stack([noisy(np.roll(pictures[design], turn, axis=1), 6) for turn in range(each)])
            for design in range(designs)
        ]
    )
    features = features_of(varied)
    real, others = RealFeatures(features[::2]), features[1::2]
    assert real.coverage(others) > 0.9
    assert real.coverage(others[: len(others) // 2]) == pytest.approx(0.5, abs=0.05)


def test_planted_copies_are_flagged_and_named(pictures: np.ndarray, features_of) -> None:
    covers, samples = pictures[:100], pictures[100:].copy()
    samples[3] = noisy(pictures[7:8], 4)[0]
    samples[9] = pictures[42, :, ::-1]
    found = nearest_covers(
        appearances(samples, features_of(samples)),
        seen_covers(pooled_mobilenet_v2(FEATURE_SIZE), (covers[:70], covers[70:]), FEATURE_SIZE),
    )
    assert set(np.flatnonzero(found.copied)) >= {3, 9}
    assert found.copied.sum() <= 5
    assert (found.covers[3, 0], found.covers[9, 0]) == (7, 42)
    assert found.covers.shape == found.distances.shape == (60, 3)
    assert (np.diff(found.distances, axis=1) >= 0).all()
    assert max(found.ratios[3], found.ratios[9]) < np.median(found.ratios)


def test_density_is_about_one_for_other_covers_and_nothing_far_away(features: np.ndarray) -> None:
    real = RealFeatures(features[::2])
    assert 0.5 < real.density(features[1::2]) < 1.5
    far = features[1::2] + 10 * distances(features[:1], features).max()
    assert real.density(far) == 0
