import keras
import numpy as np
import pytest

from kpop_assets.covers.showing.grid import GAP
from kpop_assets.models.errors import SamplingError
from kpop_assets.models.networks.dcgan_networks import build_generator
from kpop_assets.models.sampling import (
    frame_layout,
    interpolation_frames,
    progress_frame,
    sample_covers,
)
from kpop_assets.training.step import randomness


@pytest.fixture(scope="module")
def generator():
    generator = build_generator(32, 5, 4, seed=1)
    for step in range(8):
        generator(randomness.noise_vectors(32, 5, [step, 0]), training=True)
    return generator


def test_covers_come_as_bytes_at_the_generators_size(generator):
    covers = sample_covers(generator, 5, seed=0, batch=2)
    assert covers.shape == (5, 32, 32, 3)
    assert covers.dtype == np.uint8
    assert covers.min() < 100 < 150 < covers.max()


def test_a_seed_names_its_covers(generator):
    np.testing.assert_array_equal(sample_covers(generator, 3, 1), sample_covers(generator, 3, 1))
    assert not np.array_equal(sample_covers(generator, 3, 1), sample_covers(generator, 3, 2))


def test_a_cover_does_not_depend_on_how_many_are_made(generator):
    few, many = sample_covers(generator, 3, 1, 3), sample_covers(generator, 9, 1, 3)
    np.testing.assert_array_equal(few, many[:3])


def test_a_cover_does_not_depend_on_the_batch_it_is_made_in(generator):
    one_by_one = sample_covers(generator, 4, 1, batch=1).astype(int)
    together = sample_covers(generator, 4, 1, batch=4).astype(int)
    assert np.abs(one_by_one - together).max() <= 1


def test_all_covers_of_a_sample_differ(generator):
    assert len({cover.tobytes() for cover in sample_covers(generator, 20, 1)}) == 20


def test_no_covers_are_an_empty_array(generator):
    assert sample_covers(generator, 0, 1).shape == (0, 32, 32, 3)


@pytest.mark.parametrize(("count", "batch"), [(-1, 8), (8, 0)])
def test_impossible_numbers_are_a_named_error(generator, count, batch):
    with pytest.raises(SamplingError, match=f"got {count} and {batch}"):
        sample_covers(generator, count, 1, batch)


@pytest.mark.parametrize(
    ("image_size", "layout"),
    [(32, (6, 4)), (64, (6, 4)), (128, (6, 4)), (256, (4, 3)), (512, (2, 2))],
)
def test_a_frame_stays_near_a_thousand_pixels_wide(image_size, layout):
    assert frame_layout(image_size) == layout
    assert layout[0] * (image_size + 2) - 2 <= 1030


def test_a_frame_is_a_grid_of_six_by_four_with_gaps(generator):
    frame = progress_frame(generator, seed=0)
    assert frame.shape == (4 * 34 - 2, 6 * 34 - 2, 3)
    assert frame.dtype == np.uint8


def test_frames_of_an_unchanged_generator_are_identical_and_those_of_another_seed_are_not(
    generator,
):
    first, again = progress_frame(generator, 0), progress_frame(generator, 0)
    np.testing.assert_array_equal(first, again)
    assert not np.array_equal(first, progress_frame(generator, 1))


def test_truncation_multiplies_the_noise(generator):
    noise = randomness.noise_vectors(6, 5, randomness.fixed_seed(1))
    expected = np.asarray(generator(0.5 * noise, training=False) * 127.5 + 127.5).round()
    np.testing.assert_array_equal(sample_covers(generator, 6, 1, truncation=0.5), expected)


def test_truncation_of_one_is_off_and_less_makes_covers_more_alike(generator):
    whole = sample_covers(generator, 40, 1)
    np.testing.assert_array_equal(sample_covers(generator, 40, 1, truncation=1.0), whole)
    spread = [
        sample_covers(generator, 40, 1, truncation=share).astype(float).std(axis=0).mean()
        for share in (1.0, 0.6, 0.2)
    ]
    assert spread[0] > spread[1] > spread[2]


@pytest.mark.parametrize("truncation", [0, -0.5, float("nan"), float("inf")])
def test_an_impossible_truncation_is_a_named_error(generator, truncation):
    with pytest.raises(SamplingError, match="1 turns it off"):
        sample_covers(generator, 3, 1, truncation=truncation)


def test_a_generator_may_take_noise_of_another_shape():
    noise = keras.Input((12,))
    flat = keras.Model(noise, keras.layers.Reshape((2, 2, 3))(noise))
    covers = sample_covers(flat, 4, seed=1)
    vectors = randomness.noise_vectors(4, 12, randomness.fixed_seed(1)).numpy()
    levels = (vectors.reshape(4, 2, 2, 3).clip(-1, 1) * 127.5 + 127.5).round()
    inside = np.abs(vectors.reshape(4, 2, 2, 3)) < 1
    np.testing.assert_array_equal(covers[inside], levels[inside])


def test_an_interpolation_starts_with_sample_covers_and_runs_on_without_a_jump(generator):
    frames = [frame.astype(float) for frame in interpolation_frames(generator, 24, 1)]
    covers = sample_covers(generator, 6, 1)
    assert len(frames) == 24
    assert frames[0].shape == (
        2 * (32 + GAP) - GAP,
        3 * (32 + GAP) - GAP,
        3,
    )
    assert np.abs(frames[0][:32, :32] - covers[0]).max() <= 1
    assert np.abs(frames[0][34:, 68:] - covers[5]).max() <= 1
    steps = [np.abs(frames[k] - frames[k - 1]).mean() for k in range(24)]
    assert max(steps) < 4 * np.median(steps)
    assert np.abs(frames[0] - frames[12]).mean() > 1.5 * max(steps)


def test_an_interpolation_of_a_large_generator_stays_near_a_thousand_pixels_wide():
    picture = keras.Input((1, 1, 4))
    large = keras.Model(picture, keras.layers.UpSampling2D(512)(picture[..., :3]))
    (frame,) = interpolation_frames(large, 1, 0)
    assert frame.shape == (2 * 514 - 2, 2 * 514 - 2, 3)
