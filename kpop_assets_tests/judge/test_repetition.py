"""Pictures that repeat a motif are counted, whatever its distance, colour and place."""

import numpy as np
import pytest
from numpy.typing import NDArray

from kpop_assets.judge.repetition import repeating_share

Pictures = NDArray[np.uint8]


@pytest.fixture
def covers() -> Pictures:
    """Coarse patches without order."""
    coarse = np.random.default_rng(0).integers(0, 256, (40, 8, 8, 3), dtype=np.uint8)
    return coarse.repeat(8, 1).repeat(8, 2)


def beaded(covers: Pictures, distance: int, turned: bool = False) -> Pictures:
    down, across = np.indices(covers.shape[1:3]) % distance
    beads = (across < 3) if turned else (down < 3) & (across < 3)
    return np.where(beads[..., None], 255 - covers // 4, covers // 4).astype(np.uint8)


def test_pictures_without_order_hardly_repeat(covers: Pictures) -> None:
    assert repeating_share(covers) < 0.3


@pytest.mark.parametrize("distance", [8, 11, 16])
@pytest.mark.parametrize("turned", [False, True])
def test_beads_at_any_distance_repeat(covers: Pictures, distance: int, turned: bool) -> None:
    assert repeating_share(beaded(covers, distance, turned)) > 0.9


def test_it_is_a_share_of_the_pictures(covers: Pictures) -> None:
    plain = np.full_like(covers, 90)
    assert repeating_share(plain) == 0
    half = np.concatenate([plain, beaded(covers, 11)])
    assert 0.45 <= repeating_share(half) <= 0.5


@pytest.mark.parametrize("larger", [2, 4])
def test_larger_pictures_have_the_same_share(covers: Pictures, larger: int) -> None:
    pictures = np.concatenate([covers, beaded(covers, 11)])
    enlarged = pictures.repeat(larger, 1).repeat(larger, 2)
    assert repeating_share(enlarged) == repeating_share(pictures)
