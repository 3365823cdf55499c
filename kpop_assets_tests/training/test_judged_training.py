"""A training that is judged returns its best generator; one that diverges goes back."""

import functools

import numpy as np
import pytest

from kpop_assets.judge.quality import Evaluation, Quality
from kpop_assets.judge.texture import Texture
from kpop_assets.training.checkpoint import checkpoint_steps
from kpop_assets.training.errors import DivergedError
from kpop_assets.training.host import TrainingHost
from kpop_assets_tests.training.small_training import Failure, small_training


class ScriptedJudge:
    """Gives the scores of a script in turn and keeps the weights it was shown."""

    def __init__(self, *scores: float, diversity: float = 1.0) -> None:
        self.scores = list(scores)
        self.shown: list[list[np.ndarray]] = []
        self.diversity = diversity

    def __call__(self, sampler):
        self.shown.append(sampler.get_weights())
        kid = self.scores[len(self.shown) - 1]
        quality = Quality(kid, 1.0, 1.0, 0.0, 1.0, self.diversity)
        return Evaluation(quality, Texture({64: 0.0, 32: 0.0}, fineness=0.0, peak=0.0, repeats=0.0))


def equal(one, other):
    return all(np.array_equal(a, b) for a, b in zip(one, other, strict=True))


def test_the_network_with_the_lowest_score_is_the_result(folder):
    judge = ScriptedJudge(5.0, 3.0, 4.0, 6.0)
    trained = small_training(folder, judge=judge)
    assert trained.best_step == 4
    assert list(trained.evaluations.step) == [2, 4, 6, 8]
    assert list(trained.evaluations.kid) == [5.0, 3.0, 4.0, 6.0]
    assert equal(trained.sampler.get_weights(), judge.shown[1])
    assert not equal(trained.sampler.get_weights(), judge.shown[3])


def test_the_best_network_outlives_a_resume(folder):
    first = ScriptedJudge(5.0, 1.0)
    small_training(folder, judge=first, steps=4)
    trained = small_training(folder, judge=ScriptedJudge(4.0, 6.0))
    assert (trained.first_step, trained.best_step) == (4, 4)
    assert list(trained.evaluations.kid) == [5.0, 1.0, 4.0, 6.0]
    assert equal(trained.sampler.get_weights(), first.shown[1])


def test_without_a_judge_the_last_network_is_the_result(folder):
    trained = small_training(folder)
    assert trained.best_step == 8
    assert trained.evaluations.empty


def test_a_collapse_is_warned_of(folder):
    warnings = []
    host = TrainingHost(on_warning=warnings.append)
    small_training(folder, host, ScriptedJudge(*[1.0] * 4, diversity=0.1))
    assert len(warnings) == 4
    assert "Step 2: the samples are nearly alike (diversity 0.10" in warnings[0]


def test_a_loss_that_is_not_finite_sends_the_run_back_to_its_checkpoint(folder, tmp_path):
    unbroken = small_training(tmp_path / "unbroken")
    warnings, resumed_at, frames = [], [], []
    host = TrainingHost(
        on_warning=warnings.append,
        on_resume=resumed_at.append,
        on_frame=lambda step, _frame: frames.append(step),
    )
    trained = small_training(folder, host, failure=Failure(7))
    assert trained.attempts == 2
    assert resumed_at == [4]
    assert frames == [0, 4, 8]
    assert "at step 7" in warnings[0]
    assert (
        "Going back to step 4 with other random numbers and learning rates divided by 2"
        in (warnings[0])
    )
    assert trained.losses[:4].equals(unbroken.losses[:4])
    assert not (trained.losses[4:] == unbroken.losses[4:]).to_numpy()[:, 1:].any()


def test_without_a_checkpoint_the_run_starts_anew(folder):
    frames = []
    host = TrainingHost(on_frame=lambda step, _frame: frames.append(step))
    trained = small_training(folder, host, failure=Failure(2))
    assert trained.attempts == 2
    assert frames == [0, 0, 4, 8]
    assert len(trained.losses) == 8


def test_after_the_third_attempt_the_failure_is_told(folder):
    warnings = []
    with pytest.raises(DivergedError, match="at step 7"):
        small_training(folder, TrainingHost(on_warning=warnings.append), failure=Failure(7, 9))
    assert [text.split(": ")[-1] for text in warnings] == ["attempt 2 of 3.", "attempt 3 of 3."]
    assert checkpoint_steps(folder) == [4]


def test_a_checkpoint_from_which_it_failed_before_gives_way_to_the_one_before(folder):
    resumed_at = []
    host = TrainingHost(on_resume=resumed_at.append)
    trained = small_training(folder, host, checkpoint_every=2, failure=Failure(7, 2))
    assert resumed_at == [6, 4]
    assert trained.attempts == 3
    assert checkpoint_steps(folder) == [6, 8]


@pytest.mark.parametrize("step", [4, 8])
def test_weights_that_are_not_finite_are_neither_kept_nor_returned(folder, step):
    warnings = []
    host = TrainingHost(on_warning=warnings.append)
    trained = small_training(folder, host, failure=Failure(step, of_weights=True))
    assert "Expected finite weights, got others in 1 arrays" in warnings[0]
    assert f"Going back to step {step - 4}" in warnings[0]
    assert all(np.isfinite(one).all() for one in trained.sampler.get_weights())
    assert trained.attempts == 2


def test_a_run_that_went_back_and_was_killed_ends_as_if_it_was_not(tmp_path):
    failing = functools.partial(small_training, failure=Failure(6))
    unbroken = failing(tmp_path / "unbroken", steps=12)
    failing(tmp_path / "halves")
    resumed = failing(tmp_path / "halves", steps=12)
    assert (resumed.first_step, resumed.attempts) == (8, 2)
    assert resumed.losses.equals(unbroken.losses)
    assert equal(resumed.sampler.get_weights(), unbroken.sampler.get_weights())
