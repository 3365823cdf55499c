import hashlib
import itertools
import pathlib
import shutil
import time
from dataclasses import dataclass, field

import numpy as np
import pytest

from kpop_assets.models.errors import CoversShapeError
from kpop_assets.models.generator_files import load_generator, save_generator
from kpop_assets.models.sampling import progress_frame, sample_covers
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.models.training import TrainedGenerator, train
from kpop_assets.training.checkpoint import checkpoint_steps
from kpop_assets.training.errors import CheckpointWriteError, DivergedError
from kpop_assets.training.host import StepReport, TrainingHost

LOSS_NAMES = ("discriminator_real", "discriminator_fake", "generator")


@dataclass
class Diary:
    """Everything a run told its host."""

    stop_after_frame: int | None = None
    reports: list[StepReport] = field(default_factory=list)
    frames: dict[int, np.ndarray] = field(default_factory=dict)
    checkpoints: list[int] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def host(self) -> TrainingHost:
        return TrainingHost(
            on_step=self.reports.append,
            on_frame=self.keep_frame,
            on_checkpoint=self.checkpoints.append,
            should_stop=lambda: self.stop_after_frame in self.frames,
            on_warning=self.warnings.append,
        )

    def keep_frame(self, step: int, frame: np.ndarray) -> None:
        self.frames[step] = frame
        if step == self.stop_after_frame:
            time.sleep(0.6)  # long enough for the run to ask again whether it should stop


def weights_digest(generator):
    return hashlib.sha256(b"".join(w.tobytes() for w in generator.get_weights())).hexdigest()


def mean_difference(one, other):
    return np.abs(one.astype(int) - other.astype(int)).mean()


def changed(settings, **fields):
    return settings.model_copy(update=fields)


@dataclass(frozen=True)
class FinishedRun:
    trained: TrainedGenerator
    diary: Diary
    folder: pathlib.Path


@pytest.fixture(scope="module")
def finished(covers, settings, tmp_path_factory) -> FinishedRun:
    folder = tmp_path_factory.mktemp("finished") / "checkpoints"
    diary = Diary()
    return FinishedRun(train(covers, settings, folder, "covers", diary.host()), diary, folder)


@pytest.fixture
def folder_of_finished(finished, tmp_path) -> pathlib.Path:
    return pathlib.Path(shutil.copytree(finished.folder, tmp_path / "copy"))


def test_the_host_is_told_of_reports_frames_and_checkpoints_when_they_are_due(finished):
    diary = finished.diary
    assert [report.step for report in diary.reports] == [3, 6, 8]
    assert list(diary.frames) == [0, 4, 8]
    assert diary.checkpoints == [4, 8] == checkpoint_steps(finished.folder)


def test_the_last_step_is_shown_reported_and_kept_wherever_it_falls(covers, settings, folder):
    diary = Diary()
    train(covers, changed(settings, steps=5), folder, "covers", diary.host())
    assert [report.step for report in diary.reports] == [3, 5]
    assert list(diary.frames) == [0, 4, 5]
    assert diary.checkpoints == [4, 5]


def test_losses_are_kept_for_every_step_and_reported_as_means(finished):
    trained, diary = finished.trained, finished.diary
    assert list(trained.losses.columns) == ["step", *LOSS_NAMES]
    assert list(trained.losses.step) == list(range(1, 9))
    middle = trained.losses.loc[3:5, list(LOSS_NAMES)].mean()
    assert diary.reports[1].losses == pytest.approx(middle.to_dict(), rel=1e-5)
    assert (trained.first_step, trained.stopped) == (0, False)


def test_speed_and_time_left_belong_together(finished):
    first, *_, last = finished.diary.reports
    assert first.seconds_left == pytest.approx(5 / first.steps_per_second)
    assert last.seconds_left == 0


def test_the_same_seed_gives_the_same_generator(covers, settings, finished, folder):
    again = train(covers, settings, folder, "covers", TrainingHost())
    assert weights_digest(again.generator) == weights_digest(finished.trained.generator)


def test_another_seed_gives_another_generator(covers, settings, finished, folder):
    other = train(covers, changed(settings, seed=1), folder, "covers", TrainingHost())
    assert weights_digest(other.generator) != weights_digest(finished.trained.generator)


def test_frames_come_from_the_same_noise_all_along(covers, settings, folder):
    frozen = changed(
        settings,
        generator_learning_rate=1e-30,
        discriminator_learning_rate=1e-30,
        batch_size=64,
        steps=40,
        frame_every=20,
    )
    diary = Diary()
    trained = train(covers, frozen, folder, "covers", diary.host())
    np.testing.assert_array_equal(diary.frames[40], progress_frame(trained.generator, 0))
    drift = mean_difference(diary.frames[20], diary.frames[40])
    other_noise = mean_difference(diary.frames[20], progress_frame(trained.generator, 1))
    assert drift < other_noise / 5, "only the running statistics may move a frozen generator"


def test_training_does_not_depend_on_how_often_the_host_is_told(covers, settings, finished, folder):
    often = changed(settings, frame_every=1, log_every=1, checkpoint_every=1)
    told = train(covers, often, folder, "covers", TrainingHost())
    assert weights_digest(told.generator) == weights_digest(finished.trained.generator)


def test_long_steps_are_reported_and_kept_by_seconds(covers, settings, folder, monkeypatch):
    clock = itertools.count()
    monkeypatch.setattr("kpop_assets.training.run.time.monotonic", lambda: 10.0 * next(clock))
    diary = Diary()
    seldom = changed(settings, log_every=1000, checkpoint_every=1000)
    train(covers, changed(seldom, log_seconds=25, checkpoint_seconds=35), folder, "c", diary.host())
    assert len(diary.reports) > 2
    assert len(diary.checkpoints) > 2


def test_what_the_settings_asked_for_and_a_cpu_has_not_is_not_told_as_used(
    covers, settings, folder
):
    asked = changed(settings, recipe="dcgan", steps=2, mixed_precision=True, xla=True)
    used = train(covers, asked, folder, "covers", TrainingHost()).settings
    assert (used.mixed_precision, used.xla) == (False, False)
    assert used.beta_1 == 0.5


def test_fewer_covers_than_a_batch_are_drawn_with_replacement(covers, settings, folder):
    trained = train(covers[:1], settings, folder, "covers", TrainingHost())
    assert len(trained.losses) == 8


def test_empty_settings_are_filled_as_for_the_popular_set(covers, settings, folder):
    trained = train(
        covers,
        changed(settings, batch_size=None, noise_size=None, steps=1),
        folder,
        "covers",
        TrainingHost(),
    )
    assert trained.generator.input_shape == (None, 1, 1, 100)


def test_a_stopped_run_goes_on_to_the_weights_losses_and_frames_of_an_unbroken_one(
    covers, settings, finished, folder
):
    unbroken = finished.trained
    stopped = train(covers, settings, folder, "covers", Diary(stop_after_frame=4).host())
    assert stopped.stopped
    assert len(stopped.losses) == 5
    assert checkpoint_steps(folder) == [4, 5]

    resumed_diary = Diary()
    resumed = train(covers, settings, folder, "covers", resumed_diary.host())
    assert resumed.first_step == 5
    assert not resumed.stopped
    assert weights_digest(resumed.generator) == weights_digest(unbroken.generator)
    assert resumed.losses.equals(unbroken.losses)
    assert list(resumed_diary.frames) == [8]
    np.testing.assert_array_equal(resumed_diary.frames[8], finished.diary.frames[8])


def test_a_finished_run_is_returned_again_without_training(
    covers, settings, finished, folder_of_finished
):
    diary = Diary()
    again = train(covers, settings, folder_of_finished, "covers", diary.host())
    assert again.first_step == 8
    assert (diary.reports, diary.checkpoints) == ([], [])
    assert list(diary.frames) == [8]
    np.testing.assert_array_equal(diary.frames[8], finished.diary.frames[8])
    assert weights_digest(again.generator) == weights_digest(finished.trained.generator)
    assert again.losses.equals(finished.trained.losses)


@pytest.mark.slow
def test_a_finished_run_can_be_lengthened(covers, settings, folder_of_finished, folder):
    longer = changed(settings, steps=12)
    lengthened = train(covers, longer, folder_of_finished, "covers", TrainingHost())
    at_once = train(covers, longer, folder, "covers", TrainingHost())
    assert lengthened.first_step == 8
    assert weights_digest(lengthened.generator) == weights_digest(at_once.generator)


def test_other_covers_train_anew(covers, settings, folder_of_finished):
    diary = Diary()
    other = train(covers, settings, folder_of_finished, "other covers", diary.host())
    assert other.first_step == 0
    assert len(other.losses) == 8
    assert "belongs to other covers or settings" in diary.warnings[0]


def test_the_trained_generator_is_ready_to_store_and_sample(settings, finished, tmp_path):
    save_generator(finished.trained.generator, tmp_path / "generator.keras")
    samples = sample_covers(load_generator(tmp_path / "generator.keras"), 24, settings.seed)
    np.testing.assert_array_equal(samples[0], finished.diary.frames[8][:32, :32])


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


def test_a_run_that_diverges_says_at_which_step_and_keeps_no_spoilt_checkpoint(
    covers, settings, folder
):
    wild = changed(settings, discriminator_learning_rate=1e30, generator_learning_rate=1e30)
    with pytest.raises(DivergedError, match=r"at step [1-4]; lower the learning rates"):
        train(covers, wild, folder, "covers", TrainingHost())
    assert checkpoint_steps(folder) == []


def test_a_checkpoint_that_cannot_be_written_ends_the_run(covers, settings, folder):
    def put_a_file_in_the_way(_step: int, _frame: np.ndarray) -> None:
        folder.touch()

    with pytest.raises(CheckpointWriteError, match="checkpoint of step 4"):
        train(covers, settings, folder, "covers", TrainingHost(on_frame=put_a_file_in_the_way))


@pytest.mark.slow
@pytest.mark.parametrize("image_size", [64, 128, 256, 512])
def test_every_size_trains(image_size, folder):
    covers = np.zeros((2, image_size, image_size, 3), np.uint8)
    settings = TrainingSettings(
        recipe="original", steps=1, image_size=image_size, batch_size=2, noise_size=4, width=2
    )
    diary = Diary()
    trained = train(covers, settings, folder, "covers", diary.host())
    assert np.isfinite(trained.losses.to_numpy()).all()
    assert diary.frames[1].shape[1] <= 1030


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
