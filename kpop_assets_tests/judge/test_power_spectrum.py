"""The spectrum says how fine detail is, and shows a grid as a peak."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from kpop_assets.judge.power_spectrum import fineness, periodic_peak

Covers = NDArray[np.uint8]


@pytest.fixture(scope="module")
def covers() -> Covers:
    """Pictures like others: the power of a frequency falls with its square."""
    chance = np.random.default_rng(0)
    frequency = np.hypot(*np.meshgrid(*[np.fft.fftfreq(64, 1 / 64)] * 2))
    waves = np.fft.fft2(chance.standard_normal((80, 64, 64))) / np.maximum(frequency, 1)
    pictures = np.fft.ifft2(waves).real
    scaled = 128 + 30 * pictures / pictures.std()
    return np.repeat(scaled.clip(0, 255).astype(np.uint8)[..., None], 3, axis=3)


def test_pictures_of_one_kind_are_as_fine_and_have_no_peak(covers: Covers) -> None:
    assert fineness(covers, covers) == 0
    assert abs(fineness(covers[:40], covers[40:])) < 0.3
    assert periodic_peak(covers) < 1


@pytest.mark.parametrize("period", [2, 4, 8])
@pytest.mark.parametrize("across", [(1, 0), (0, 1), (1, 1), (1, -1)])
def test_stripes_are_a_peak_whichever_way_they_run(
    covers: Covers, period: int, across: tuple[int, int]
) -> None:
    place = np.tensordot(across, np.indices((64, 64)), 1)
    stripes = (place % period < period // 2) * 12
    assert periodic_peak((covers * 0.9 + stripes[..., None]).astype(np.uint8)) > 3


def test_a_grid_that_only_lies_over_detail_is_a_peak(covers: Covers) -> None:
    doubled = covers[:, ::2, ::2].repeat(2, axis=1).repeat(2, axis=2)
    roughened = (doubled - 128.0) * np.where(np.indices((64, 64)).sum(axis=0) % 4, 1, 0.5)[
        ..., None
    ]
    assert periodic_peak((roughened + 128).astype(np.uint8)) > 1.5


def test_blur_and_noise_are_told_apart_by_the_sign(covers: Covers) -> None:
    blurred = [Image.fromarray(cover).filter(ImageFilter.GaussianBlur(1)) for cover in covers]
    assert fineness(np.stack([np.asarray(one) for one in blurred]), covers) < -5
    noise = np.random.default_rng(1).normal(0, 12, (*covers.shape[:3], 1))
    assert fineness((covers + noise).clip(0, 255).astype(np.uint8), covers) > 1.5
