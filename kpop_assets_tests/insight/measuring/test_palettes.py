"""Dominant colours."""

import numpy as np
import pytest

from kpop_assets.insight.measuring.palettes import Palette, lab_of, palette, pooled_palette, rgb_of


def test_lab_is_that_of_the_cie() -> None:
    levels = np.array([[255, 255, 255], [0, 0, 0], [255, 0, 0], [0, 0, 255]], np.uint8)
    expected = [[100, 0, 0], [0, 0, 0], [53.24, 80.09, 67.20], [32.30, 79.19, -107.86]]
    np.testing.assert_allclose(lab_of(levels), expected, atol=0.02)


def test_colours_come_back_from_lab() -> None:
    levels = np.random.default_rng(0).integers(0, 256, (500, 3), dtype=np.uint8)
    np.testing.assert_array_equal(rgb_of(lab_of(levels)), levels)


def test_a_palette_has_the_colours_of_the_picture_by_share() -> None:
    picture = np.zeros((10, 10, 3), np.uint8)
    picture[:6] = (250, 200, 220)
    picture[6:9] = (20, 30, 90)
    found = palette(picture)
    assert found.colours == ("#fac8dc", "#141e5a", "#000000")
    assert found.weights == pytest.approx((0.6, 0.3, 0.1))


def test_many_colours_become_five() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    found = palette(picture)
    assert len(found.colours) == 5
    assert sum(found.weights) == pytest.approx(1)
    assert list(found.weights) == sorted(found.weights, reverse=True)
    assert palette(picture) == found


def test_pooled_palettes_count_the_same() -> None:
    red, blue = Palette(("#ff0000",), (1.0,)), Palette(("#0000ff", "#ff0000"), (0.5, 0.5))
    found = pooled_palette([red, blue])
    assert found.colours == ("#ff0000", "#0000ff")
    assert found.weights == pytest.approx((0.75, 0.25))
    with pytest.raises(ValueError, match="at least one palette"):
        pooled_palette([])
