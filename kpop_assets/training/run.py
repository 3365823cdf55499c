"""One run of a training: its learner, its losses and evaluations so far, and its host."""

import pathlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from kpop_assets.training.best_sampler import BestSampler, Judge
from kpop_assets.training.cadence import Cadence, PeriodicAction
from kpop_assets.training.checkpoint import (
    Checkpoint,
    checkpoint_path,
    latest_checkpoint,
    write_checkpoint,
)
from kpop_assets.training.errors import DivergedError
from kpop_assets.training.host import StepReport, TrainingHost
from kpop_assets.training.state import (
    Arrays,
    arrays_of,
    assign,
    network_variables,
    run_fingerprint,
    state_variables,
)
from kpop_assets.training.step.learner import Learner
from kpop_assets.training.step.training_step import compiled_step
from kpop_assets.training.trained_networks import TrainedNetworks, begin_as

Preview = Callable[[keras.Model], np.ndarray]
MOST_ATTEMPTS = 3
_SECONDS_BETWEEN_STOP_QUESTIONS = 0.5
_REMEDY = (
    "lower the learning rates, for example by half, or train with another seed or larger batches."
)


@dataclass(frozen=True)
class Plan:
    """What a run is to do.

    `preview` makes a progress frame of the sampler, uint8 (H, W, 3). `fingerprint` is that of the
    training data and `settings` all else that decides the numbers, to be distinguished from other
    runs. `start` are the networks to begin as. `xla` compiles the step.
    """

    cadence: Cadence
    seed: int
    preview: Preview
    fingerprint: str
    settings: Mapping[str, Any]
    judge: Judge | None = None
    start: TrainedNetworks | None = None
    xla: bool = False


@dataclass(frozen=True)
class RunResult:
    """What a run made.

    `sampler` is the one with the best evaluation, or that of the last step when there was none;
    `best_step` is its step. `losses` has one row per step since step 1, also of the steps before a
    resume: step (int) and the learner's losses (float32). `evaluations` has a row for each
    evaluation: step and its numbers. `first_step` is the step the run went on from, 0 for a new
    one. `attempts` is how often it was trained from a checkpoint or the start: more than 1 after
    losses that were not finite. `stopped` says that the host ended it early. `networks` are the
    weights of all networks after the last step, which another training may start from. `seconds` is
    the wall time of this run.
    """

    sampler: keras.Model
    best_step: int
    losses: pd.DataFrame
    evaluations: pd.DataFrame
    first_step: int
    attempts: int
    stopped: bool
    networks: Arrays
    seconds: float


class Run:
    """One run of a learner; `build` makes it untrained, its variables on all devices."""

    def __init__(
        self,
        build: Callable[[], Learner],
        plan: Plan,
        strategy: tf.distribute.Strategy,
        host: TrainingHost,
        folder: pathlib.Path,
    ) -> None:
        self.started = time.monotonic()
        self.plan = plan
        self.cadence = plan.cadence
        self.host = host
        self.folder = folder
        with strategy.scope():
            self.learner = build()
        self.variables = state_variables(self.learner)
        fingerprint = plan.fingerprint
        if plan.start is not None:
            begin_as(plan.start, network_variables(self.learner))
            fingerprint = f"{fingerprint} from {plan.start.digest}"
        self.untrained = arrays_of(self.variables)
        self.learning_rates = {
            name: float(tf.convert_to_tensor(optimizer.learning_rate.value))
            for name, optimizer in self.learner.optimizers.items()
        }
        self.fingerprint = run_fingerprint(fingerprint, plan.settings, self.variables)
        self.best = BestSampler(plan.judge if plan.cadence.evaluate_every else None)
        self.failed_from = -1
        self.attempt = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.losses = np.empty((0, len(self.learner.loss_names)), np.float32)
        self.training_step = compiled_step(
            self.learner, plan.seed, self.attempt, strategy, plan.xla
        )

    def train(self) -> RunResult:
        """Train from the latest checkpoint, or the start, to the last step."""
        first_step = self.resume()
        return self.result(first_step, self.advance_through_failures(first_step))

    def resume(self) -> int:
        """Take over the latest checkpoint; return its step, 0 when there is none."""
        checkpoint = self._latest_checkpoint()
        if checkpoint is None:
            return 0
        self._take_over(checkpoint)
        self.attempt.assign(checkpoint.attempt)
        self.host.on_resume(checkpoint.step)
        return checkpoint.step

    def advance_through_failures(self, first_step: int) -> bool:
        """Train to the last step, going back when it diverges; return whether the host stopped."""
        while True:
            try:
                return self.advance(first_step)
            except DivergedError as error:
                if int(self.attempt) + 1 >= MOST_ATTEMPTS:
                    raise
                first_step = self._go_back(error)

    def advance(self, first_step: int) -> bool:
        """Train from `first_step` to the last step; return whether the host stopped it before."""
        cadence, host = self.cadence, self.host
        if first_step in (0, cadence.steps):
            self.show_frame(first_step)
        logs = PeriodicAction(cadence.log_every, cadence.log_seconds)
        frames = PeriodicAction(cadence.frame_every)
        evaluations = PeriodicAction(cadence.evaluate_every)
        saves = PeriodicAction(cadence.checkpoint_every, cadence.checkpoint_seconds)
        questions = PeriodicAction(0, _SECONDS_BETWEEN_STOP_QUESTIONS)
        reported_step, reported_at = first_step, time.monotonic()
        logs.done(reported_at)
        saves.done(reported_at)
        pending: list[tf.Tensor] = []
        for step in range(first_step + 1, cadence.steps + 1):
            pending.append(self.training_step(tf.constant(step, tf.int64)))
            last = step == cadence.steps
            now = time.monotonic()
            stop = False
            if not last and questions.is_due(step, now):
                stop = host.should_stop()
                questions.done(now)
            log = last or logs.is_due(step, now)
            frame = last or frames.is_due(step, now)
            evaluate = self.best.judges and (last or evaluations.is_due(step, now))
            save = last or stop or saves.is_due(step, now)
            if log or frame or evaluate or save:
                self.take_losses(pending)
                pending = []
            if log:
                self.report(step, reported_step, time.monotonic() - reported_at)
                reported_step, reported_at = step, time.monotonic()
                logs.done(reported_at)
            if frame:
                self.show_frame(step)
            if evaluate:
                evaluated_at = time.monotonic()
                host.on_evaluation(
                    step, self.best.evaluate(step, self.learner.sampler, host.on_warning)
                )
                reported_at += time.monotonic() - evaluated_at
            if save:
                self.save(step)
                saves.done(time.monotonic())
            if stop:
                return True
        return False

    def take_losses(self, pending: list[tf.Tensor]) -> None:
        """Add the losses of the latest steps; raise DivergedError when one is not finite."""
        before = len(self.losses)
        self.losses = np.concatenate([self.losses, tf.stack(pending).numpy()])
        finite = np.isfinite(self.losses[before:]).all(axis=1)
        if not finite.all():
            step = before + int(np.argmin(finite)) + 1
            names = self.learner.loss_names
            values = dict(zip(names, map(float, self.losses[step - 1]), strict=True))
            raise DivergedError(f"Expected finite losses, got {values} at step {step}; {_REMEDY}")

    def report(self, step: int, reported_step: int, seconds: float) -> None:
        """Tell the host the mean losses and the speed since the report before."""
        steps = self.cadence.steps
        speed = (step - reported_step) / max(seconds, 1e-9)
        means = self.losses[reported_step:step].mean(axis=0)
        losses = dict(zip(self.learner.loss_names, map(float, means), strict=True))
        self.host.on_step(StepReport(step, steps, losses, speed, (steps - step) / speed))

    def show_frame(self, step: int) -> None:
        """Give the host a progress frame."""
        self.host.on_frame(step, self.plan.preview(self.learner.sampler))

    def save(self, step: int) -> None:
        """Write a checkpoint and tell the host; raise DivergedError for weights not finite."""
        arrays = arrays_of(self.variables)
        broken = [name for name, array in arrays.items() if not np.isfinite(array).all()]
        if broken:
            raise DivergedError(
                f"Expected finite weights, got others in {len(broken)} arrays ({broken[0]} first) "
                f"after step {step}; {_REMEDY}"
            )
        checkpoint = Checkpoint(
            step,
            self.plan.seed,
            self.fingerprint,
            self.losses,
            arrays,
            int(self.attempt),
            self.best.evaluations,
            self.best.weights,
        )
        write_checkpoint(self.folder, checkpoint)
        self.host.on_checkpoint(step)

    def result(self, first_step: int, stopped: bool) -> RunResult:
        """Return what the run made; the sampler takes on the best weights."""
        losses = pd.DataFrame(self.losses, columns=list(self.learner.loss_names))
        losses.insert(0, "step", np.arange(1, len(losses) + 1))
        networks = arrays_of(network_variables(self.learner))
        best_step = self.best.restore(self.learner.sampler)
        return RunResult(
            self.learner.sampler,
            len(losses) if best_step is None else best_step,
            losses,
            pd.DataFrame(self.best.evaluations),
            first_step,
            int(self.attempt) + 1,
            stopped,
            networks,
            time.monotonic() - self.started,
        )

    def _latest_checkpoint(self) -> Checkpoint | None:
        return latest_checkpoint(
            self.folder, self.fingerprint, self.cadence.steps, self.host.on_warning
        )

    def _take_over(self, checkpoint: Checkpoint) -> None:
        assign(self.variables, checkpoint.variables)
        self.losses = checkpoint.losses
        self.best.take_over(checkpoint.evaluations, checkpoint.best)

    def _go_back(self, error: DivergedError) -> int:
        """Return to the last checkpoint, or the start, to try once more; return its step.

        A checkpoint from which the run failed before is removed, and the one before it used.
        """
        checkpoint = self._latest_checkpoint()
        if checkpoint is not None and checkpoint.step == self.failed_from:
            checkpoint_path(self.folder, checkpoint.step).unlink()
            checkpoint = self._latest_checkpoint()
        if checkpoint is None:
            assign(self.variables, self.untrained)
            self.losses = self.losses[:0]
            self.best.take_over([], [])
        else:
            self._take_over(checkpoint)
        step = self.failed_from = len(self.losses)
        self.attempt.assign_add(1)
        for name, optimizer in self.learner.optimizers.items():
            optimizer.learning_rate = self.learning_rates[name] * 0.5 ** int(self.attempt)
        self.host.on_warning(
            f"{error} Going back to step {step} with other random numbers and learning rates "
            f"divided by {2 ** int(self.attempt)}: attempt {int(self.attempt) + 1} of "
            f"{MOST_ATTEMPTS}."
        )
        self.host.on_resume(step)
        return step
