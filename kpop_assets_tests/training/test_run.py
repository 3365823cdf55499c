"""The loop: what the host is told, exact resume, and runs that end early."""

import shutil
import time
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.training.checkpoint import checkpoint_steps
from kpop_assets.training.errors import CheckpointWriteError, DivergedError
from kpop_assets.training.host import StepReport, TrainingHost
from kpop_assets.training.run import RunResult
from kpop_assets_tests.training.small_training import (
    SmallLearner,
    small_training,
    weights_digest,
)


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


@dataclass(frozen=True)
class FinishedRun:
    trained: RunResult
    diary: Diary
    folder: Path


@pytest.fixture(scope="module")
def finished(tmp_path_factory) -> FinishedRun:
    folder = tmp_path_factory.mktemp("finished") / "checkpoints"
    diary = Diary()
    return FinishedRun(small_training(folder, diary.host()), diary, folder)


@pytest.fixture
def folder_of_finished(finished, tmp_path) -> Path:
    return Path(shutil.copytree(finished.folder, tmp_path / "copy"))


def test_the_host_is_told_of_reports_frames_and_checkpoints_when_they_are_due(finished):
    diary = finished.diary
    assert [report.step for report in diary.reports] == [3, 6, 8]
    assert list(diary.frames) == [0, 4, 8]
    assert diary.checkpoints == [4, 8] == checkpoint_steps(finished.folder)


def test_the_last_step_is_shown_reported_and_kept_wherever_it_falls(folder):
    diary = Diary()
    small_training(folder, diary.host(), steps=5)
    assert [report.step for report in diary.reports] == [3, 5]
    assert list(diary.frames) == [0, 4, 5]
    assert diary.checkpoints == [4, 5]


def test_losses_are_kept_for_every_step_and_reported_as_means(finished):
    trained, diary = finished.trained, finished.diary
    assert list(trained.losses.columns) == ["step", *SmallLearner.loss_names]
    assert list(trained.losses.step) == list(range(1, 9))
    middle = trained.losses.loc[3:5, list(SmallLearner.loss_names)].mean()
    assert diary.reports[1].losses == pytest.approx(middle.to_dict(), rel=1e-5)
    assert (trained.first_step, trained.stopped) == (0, False)


def test_speed_and_time_left_belong_together(finished):
    first, *_, last = finished.diary.reports
    assert first.seconds_left == pytest.approx(5 / first.steps_per_second)
    assert last.seconds_left == 0


def test_the_same_seed_gives_the_same_weights(finished, folder):
    again = small_training(folder)
    assert weights_digest(again.sampler) == weights_digest(finished.trained.sampler)


def test_another_seed_gives_other_weights(finished, folder):
    other = small_training(folder, seed=1)
    assert weights_digest(other.sampler) != weights_digest(finished.trained.sampler)


def test_training_does_not_depend_on_how_often_the_host_is_told(finished, folder):
    told = small_training(folder, frame_every=1, log_every=1, checkpoint_every=1)
    assert weights_digest(told.sampler) == weights_digest(finished.trained.sampler)


def test_long_steps_are_reported_and_kept_by_seconds(folder):
    diary = Diary()
    seldom = {"log_every": 1000, "checkpoint_every": 1000}
    small_training(folder, diary.host(), **seldom, log_seconds=1e-6, checkpoint_seconds=1e-6)
    assert len(diary.reports) == len(diary.checkpoints) == 8


def test_a_stopped_run_goes_on_to_the_weights_losses_and_frames_of_an_unbroken_one(
    finished, folder
):
    unbroken = finished.trained
    stopped = small_training(folder, Diary(stop_after_frame=4).host())
    assert stopped.stopped
    assert len(stopped.losses) == 5
    assert checkpoint_steps(folder) == [4, 5]

    resumed_diary = Diary()
    resumed = small_training(folder, resumed_diary.host())
    assert resumed.first_step == 5
    assert not resumed.stopped
    assert weights_digest(resumed.sampler) == weights_digest(unbroken.sampler)
    assert resumed.losses.equals(unbroken.losses)
    assert list(resumed_diary.frames) == [8]
    np.testing.assert_array_equal(resumed_diary.frames[8], finished.diary.frames[8])


def test_a_finished_run_is_returned_again_without_training(finished, folder_of_finished):
    diary = Diary()
    again = small_training(folder_of_finished, diary.host())
    assert again.first_step == 8
    assert (diary.reports, diary.checkpoints) == ([], [])
    assert list(diary.frames) == [8]
    np.testing.assert_array_equal(diary.frames[8], finished.diary.frames[8])
    assert weights_digest(again.sampler) == weights_digest(finished.trained.sampler)
    assert again.losses.equals(finished.trained.losses)


def test_a_finished_run_can_be_lengthened(folder_of_finished, folder):
    lengthened = small_training(folder_of_finished, steps=12)
    at_once = small_training(folder, steps=12)
    assert lengthened.first_step == 8
    assert weights_digest(lengthened.sampler) == weights_digest(at_once.sampler)


def test_other_data_trains_anew(folder_of_finished):
    diary = Diary()
    other = small_training(folder_of_finished, diary.host(), data="other numbers")
    assert other.first_step == 0
    assert len(other.losses) == 8
    assert "belongs to other covers or settings" in diary.warnings[0]


def test_a_run_that_diverges_says_at_which_step_and_keeps_no_spoilt_checkpoint(folder):
    with pytest.raises(DivergedError, match=r"at step [1-4]; lower the learning rates"):
        small_training(folder, learning_rate=1e30)
    assert checkpoint_steps(folder) == []


def test_a_checkpoint_that_cannot_be_written_ends_the_run(folder):
    def put_a_file_in_the_way(_step: int, _frame: np.ndarray) -> None:
        folder.touch()

    with pytest.raises(CheckpointWriteError, match="checkpoint of step 4"):
        small_training(folder, TrainingHost(on_frame=put_a_file_in_the_way))
