"""What the drift sees of a cover's own pixels."""

import numpy as np
import pytest
import tensorflow as tf

from kpop_assets.models.drifting.picture_features import PATCH, picture_features

SIDE = 64


def features(picture):
    """Return the features by name, of one picture (S, S, 3) or (S, S)."""
    if picture.ndim == 2:
        picture = np.repeat(picture[..., None], 3, axis=2)
    names = ("colours", "blocks", "strengths", "strength_places")
    names += ("patches", "between", "waves")
    found = picture_features(tf.constant(picture[None], tf.float32))
    return {name: one.numpy()[0] for name, one in zip(names, found, strict=True)}


def noise(seed=0):
    return np.random.default_rng(seed).normal(0, 0.3, (SIDE, SIDE, 3))


@pytest.mark.parametrize("side", [32, 64, 128, 256])
def test_every_size_has_the_same_colours_and_strengths_and_more_patches(side):
    found = features(np.zeros((side, side, 3)))
    assert found["colours"].shape == (1, 8 * 8 * 3)
    assert found["blocks"].shape == (16, 4 * 4 * 3)
    assert found["strengths"].shape == (1, 8 * 8 * 9)
    assert found["strength_places"].shape == (64, 9)
    assert found["patches"].shape == ((side // PATCH // 2) ** 2, PATCH * PATCH * 3)
    assert found["between"].shape == ((side // PATCH // 2) ** 2, PATCH * PATCH * 3)
    assert found["waves"].shape == (1, PATCH * PATCH * 3)


def test_every_second_patch_is_its_pixels_and_those_between_lie_across_four():
    picture = noise()
    found = features(picture)
    np.testing.assert_allclose(found["patches"][5], picture[16:24, 16:24].ravel(), atol=1e-6)
    np.testing.assert_allclose(found["between"][1], picture[4:12, 20:28].ravel(), atol=1e-6)


@pytest.mark.parametrize(("period", "band"), [(2, 0), (4, 1), (8, 2)])
def test_detail_of_each_size_is_in_its_band(period, band):
    stripes = np.where(np.indices((SIDE, SIDE))[1] % period < period / 2, 0.5, -0.5)
    inner = features(stripes)["strength_places"].reshape(8, 8, 3, 3)[2:-2, 2:-2]
    assert inner.mean(axis=(0, 1, 3)).argmax() == band


def test_detail_is_found_in_the_cell_where_it_is():
    picture = np.zeros((SIDE, SIDE, 3))
    picture[16:24, 40:48] = noise()[:8, :8]
    strengths = features(picture)["strength_places"].mean(axis=1)
    assert strengths.argmax() == 2 * 8 + 5


def test_a_grid_of_two_pixels_counts_four_times_as_much_as_one_of_eight():
    def strength(period):
        stripes = np.cos(2 * np.pi * np.arange(SIDE) / period)
        stripes *= 0.1 / stripes.std()
        return np.linalg.norm(features(np.tile(stripes, (SIDE, 1)))["waves"])

    assert strength(2) == pytest.approx(4 * strength(8), rel=1e-4)


@pytest.mark.parametrize("period", [2, 4, 8])
def test_a_faint_grid_stands_out_of_the_waves_of_the_mean_patch_and_all_else_fades(period):
    grid = np.where(np.indices((SIDE, SIDE))[0] % period < period / 2, 0.1, -0.1)[..., None]
    frequencies = np.fft.fftfreq(SIDE, 1 / SIDE)
    radius = np.hypot(*np.meshgrid(frequencies, frequencies)).clip(1)[..., None]
    like_a_cover = np.fft.ifft2(np.fft.fft2(noise(), axes=(0, 1)) * 4 / radius, axes=(0, 1)).real
    with_grid, without = (
        np.linalg.norm(features(one)["waves"]) for one in (like_a_cover + grid, like_a_cover)
    )
    assert with_grid > 5 * without
    plain = features(np.full((SIDE, SIDE, 3), 0.7))["waves"]
    np.testing.assert_allclose(plain, 0, atol=1e-5)
