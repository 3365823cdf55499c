"""The distance of patches notices texture at its level, and nothing else."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from kpop_assets.judge.errors import QualityError
from kpop_assets.judge.sliced_wasserstein import RealPatches, laplacian_pyramid
from kpop_assets.sample_world.artwork import CoverDesign, draw_cover

Covers = NDArray[np.uint8]


def drawn(numbers: range) -> Covers:
    designs = [
        CoverDesign(number, "general", f"ACT {number}", f"No. {number}") for number in numbers
    ]
    return np.stack(
        [
            np.asarray(draw_cover(design, 512).resize((64, 64), Image.Resampling.LANCZOS))
            for design in designs
        ]
    )


@pytest.fixture(scope="module")
def covers() -> Covers:
    return drawn(range(60))


@pytest.fixture(scope="module")
def real(covers: Covers) -> RealPatches:
    return RealPatches(covers)


def test_the_same_covers_are_at_no_distance(real: RealPatches, covers: Covers) -> None:
    assert real.distances(covers) == {64: 0.0, 32: 0.0, 16: 0.0}


def test_others_of_a_kind_are_near(real: RealPatches) -> None:
    assert max(real.distances(drawn(range(60, 120))).values()) < 120


def test_a_grid_is_noticed_at_its_level(real: RealPatches, covers: Covers) -> None:
    grid = np.indices((64, 64)).sum(axis=0) % 2 * 24 - 12
    found = real.distances((covers + grid[..., None]).clip(0, 255).astype(np.uint8))
    assert found[64] > 100
    assert found[64] > 3 * found[16]


def test_blur_is_noticed(real: RealPatches, covers: Covers) -> None:
    blurred = [Image.fromarray(cover).filter(ImageFilter.GaussianBlur(1.5)) for cover in covers]
    found = real.distances(np.stack([np.asarray(one) for one in blurred]))
    assert found[64] > 3 * found[16]


def test_the_pyramid_adds_up_to_the_covers(covers: Covers) -> None:
    fine, middle, coarse = laplacian_pyramid(covers[:2])
    assert (fine.shape, middle.shape, coarse.shape) == (
        (2, 64, 64, 3),
        (2, 32, 32, 3),
        (2, 16, 16, 3),
    )
    flat = np.full((1, 64, 64, 3), 77, np.uint8)
    *details, rest = laplacian_pyramid(flat)
    np.testing.assert_allclose(rest, 77, atol=1e-3)
    for level in details:
        np.testing.assert_allclose(level, 0, atol=1e-3)


def test_samples_of_another_size_and_none_are_refused(real: RealPatches, covers: Covers) -> None:
    with pytest.raises(QualityError, match="samples of 64 pixels"):
        real.distances(covers[:, :32, :32])
    with pytest.raises(QualityError, match="one cover or more"):
        real.distances(covers[:0])
