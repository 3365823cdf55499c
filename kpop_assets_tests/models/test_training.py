"""The training of a cover generator: what it asks of covers, and what it returns."""

import numpy as np
import pytest

from kpop_assets.models.errors import CoversShapeError
from kpop_assets.models.generator_files import load_generator, save_generator
from kpop_assets.models.sampling import progress_frame, sample_covers
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.models.training import train
from kpop_assets.training.host import TrainingHost


def mean_difference(one, other):
    return np.abs(one.astype(int) - other.astype(int)).mean()


def changed(settings, **fields):
    return settings.model_copy(update=fields)


def host_with(frames):
    return TrainingHost(on_frame=frames.__setitem__)


def test_frames_come_from_the_same_noise_all_along(covers, settings, folder):
    frozen = changed(
        settings,
        generator_learning_rate=1e-30,
        discriminator_learning_rate=1e-30,
        batch_size=64,
        steps=40,
        frame_every=20,
    )
    frames = {}
    trained = train(covers, frozen, folder, "covers", host_with(frames))
    np.testing.assert_array_equal(frames[40], progress_frame(trained.generator, 0))
    drift = mean_difference(frames[20], frames[40])
    other_noise = mean_difference(frames[20], progress_frame(trained.generator, 1))
    assert drift < other_noise / 5, "only the running statistics may move a frozen generator"


def test_what_the_settings_asked_for_and_a_cpu_has_not_is_not_told_as_used(
    covers, settings, folder
):
    asked = changed(settings, recipe="dcgan", steps=2, mixed_precision=True, xla=True)
    used = train(covers, asked, folder, "covers", TrainingHost()).settings
    assert (used.mixed_precision, used.xla) == (False, False)
    assert used.beta_1 == 0.5


def test_fewer_covers_than_a_batch_are_drawn_with_replacement(covers, settings, folder):
    trained = train(covers[:1], changed(settings, steps=1), folder, "covers", TrainingHost())
    assert len(trained.losses) == 1


def test_empty_settings_are_filled_as_for_the_popular_set(covers, settings, folder):
    trained = train(
        covers,
        changed(settings, batch_size=None, noise_size=None, steps=1),
        folder,
        "covers",
        TrainingHost(),
    )
    assert trained.generator.input_shape == (None, 1, 1, 100)


def test_the_trained_generator_is_ready_to_store_and_sample(covers, settings, folder, tmp_path):
    frames = {}
    trained = train(covers, settings, folder, "covers", host_with(frames))
    save_generator(trained.generator, tmp_path / "generator.keras")
    samples = sample_covers(load_generator(tmp_path / "generator.keras"), 24, settings.seed)
    np.testing.assert_array_equal(samples[0], frames[8][:32, :32])


@pytest.mark.parametrize(
    "wrong",
    [
        np.empty((0, 32, 32, 3), np.uint8),
        np.zeros((4, 32, 32, 3), np.float32),
        np.zeros((4, 64, 64, 3), np.uint8),
        np.zeros((4, 32, 32), np.uint8),
        np.zeros((4, 32, 32, 4), np.uint8),
    ],
)
def test_covers_of_another_kind_are_a_named_error(settings, folder, wrong):
    with pytest.raises(CoversShapeError, match=r"Expected .*cover.*got"):
        train(wrong, settings, folder, "covers", TrainingHost())
    assert not folder.exists()


@pytest.mark.slow
def test_a_generator_takes_on_the_light_and_shade_of_its_covers(folder):
    covers = np.random.default_rng(0).integers(0, 60, (16, 32, 32, 3), dtype=np.uint8)
    covers[:, :16] += 180
    settings = TrainingSettings(
        recipe="original",
        steps=200,
        image_size=32,
        batch_size=8,
        noise_size=8,
        width=8,
        generator_learning_rate=2e-3,
        discriminator_learning_rate=5e-4,
    )
    trained = train(covers, settings, folder, "covers", TrainingHost())
    samples = sample_covers(trained.generator, 16, seed=1).astype(float)
    top, bottom = samples[:, :16].mean(axis=(1, 2, 3)), samples[:, 16:].mean(axis=(1, 2, 3))
    assert (top - bottom > 60).all(), (top - bottom).round()
