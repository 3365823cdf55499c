import numpy as np
import pytest

from kpop_assets.models.errors import SamplingError
from kpop_assets.models.interpolation import between, closed_walk

RANDOM = np.random.default_rng(3)


def noise(count: int, *shape: int) -> np.ndarray:
    return RANDOM.standard_normal((count, *shape)).astype(np.float32)


def test_a_walk_passes_every_stop_and_returns() -> None:
    stops = noise(3, 1, 1, 50)
    walk = closed_walk(stops, 12)
    assert walk.shape == (12, 1, 1, 50)
    assert walk.dtype == np.float32
    np.testing.assert_allclose(walk[::4], stops, rtol=1e-5)


def test_its_steps_are_of_about_one_length_also_the_one_from_the_end_to_the_start() -> None:
    walk = closed_walk(noise(4, 200), 40)
    steps = [float(np.linalg.norm(walk[k] - walk[k - 1])) for k in range(40)]
    assert max(steps) < 1.6 * min(steps)


def test_the_vectors_on_the_way_are_as_long_as_noise() -> None:
    first, last = noise(2, 400)
    middle = between(first, last, 0.5)
    lengths = np.linalg.norm(first), np.linalg.norm(last)
    assert np.linalg.norm(middle) == pytest.approx(np.mean(lengths), rel=1e-5)
    assert np.linalg.norm((first + last) / 2) < 0.8 * np.linalg.norm(middle)


def test_direction_changes_evenly() -> None:
    first, last = np.float32([[1, 0], [0, 1]])
    angle = np.pi / 6
    np.testing.assert_allclose(
        between(first, last, 1 / 3), [np.cos(angle), np.sin(angle)], rtol=1e-6
    )


@pytest.mark.parametrize("last", [[2.0, 0.0], [-1.0, 0.0], [0.0, 0.0]])
def test_parallel_opposite_and_zero_vectors_are_joined_straight(last: list[float]) -> None:
    way = between(np.float32([1, 0]), np.float32(last), 0.25)
    np.testing.assert_allclose(way, [0.75 + 0.25 * last[0], 0.25 * last[1]], atol=1e-6)


def test_a_walk_past_one_stop_stays_there() -> None:
    stop = noise(1, 7)
    np.testing.assert_allclose(closed_walk(stop, 3), np.repeat(stop, 3, axis=0), rtol=1e-6)


@pytest.mark.parametrize(("stops", "frames"), [(0, 5), (2, 0)])
def test_a_walk_of_nothing_is_a_named_error(stops: int, frames: int) -> None:
    with pytest.raises(SamplingError, match=f"got {stops} and {frames}"):
        closed_walk(noise(stops, 7), frames)
