"""What TensorBoard reads of a training."""

import pytest
import tensorflow as tf

from kpop_assets.judge.quality import Evaluation, Quality
from kpop_assets.judge.texture import Texture
from kpop_assets.training.host import TrainingHost
from kpop_assets.training.tensorboard_log import TensorBoardLog
from kpop_assets_tests.training.small_training import small_training


def events_in(folder):
    """Return the steps of every tag in all event files of a folder."""
    steps: dict[str, list[int]] = {}
    for path in sorted(folder.iterdir()):
        for event in tf.compat.v1.train.summary_iterator(str(path)):
            for value in event.summary.value:
                steps.setdefault(value.tag, []).append(event.step)
    return steps


def judge(_sampler):
    return Evaluation(Quality(5.0, 1.0, 1.0, 0.0, 1.0, 1.0), Texture({64: 0.0}, 0.0, 0.0, 0.0))


@pytest.fixture
def run(folder, tmp_path):
    told = []

    def training(**fields):
        log = TensorBoardLog(tmp_path / "events")
        host = log.beside(TrainingHost(on_step=told.append))
        small_training(folder, host, judge, **{"evaluate_every": 4, **fields})
        log.close()
        return events_in(tmp_path / "events")

    training.told = told
    return training


def test_losses_speed_evaluations_and_frames_are_there_and_the_host_is_told_too(run):
    steps = run()
    assert steps["loss/gap"] == [3, 6, 8] == [report.step for report in run.told]
    assert steps["speed/steps_per_second"] == [3, 6, 8]
    assert steps["evaluation/kid"] == [4, 8]
    assert steps["samples"] == [0, 4, 8]


def test_a_longer_training_adds_events_and_a_new_one_removes_them(run):
    run()
    assert run(steps=12)["samples"] == [0, 4, 8, 12]
    assert run(seed=4)["samples"] == [0, 4, 8]
