"""What a training run tells its host, and what it asks of it."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np

logger = logging.getLogger("kpop_assets.training")


@dataclass(frozen=True)
class StepReport:
    """Where a training run stands after `step` of `steps` steps.

    `losses` are the recipe's own, by name, each the mean over the steps since the report before.
    `steps_per_second` is measured over the same steps; `seconds_left` assumes that speed to the
    end.
    """

    step: int
    steps: int
    losses: dict[str, float]
    steps_per_second: float
    seconds_left: float


def _ignore(*_values: object) -> None:
    """Take anything, do nothing."""


def _never() -> bool:
    return False


@dataclass(frozen=True)
class TrainingHost:
    """Callbacks of a training run; an exception in one of them ends the run.

    `on_frame` gets the step and a uint8 H×W×3 grid of samples from fixed noise. `on_checkpoint`
    comes after a checkpoint is safely on disk, and after every report and frame up to its step;
    `on_resume` comes first of all in a run that goes on from a checkpoint, with its step, and when
    a run goes back to it: frames of later steps no longer hold. `on_evaluation` gets the step and
    the numbers of an evaluation.
    `should_stop` is asked about twice a second. `on_warning` gets a sentence for a person.
    """

    on_step: Callable[[StepReport], None] = _ignore
    on_frame: Callable[[int, np.ndarray], None] = _ignore
    on_checkpoint: Callable[[int], None] = _ignore
    on_resume: Callable[[int], None] = _ignore
    on_evaluation: Callable[[int, Mapping[str, float]], None] = _ignore
    should_stop: Callable[[], bool] = _never
    on_warning: Callable[[str], None] = logger.warning
