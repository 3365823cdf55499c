"""One run of a training: its players, its losses and evaluations so far, and its host."""

import pathlib
import time
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from kpop_assets.gan.best_sampler import BestSampler
from kpop_assets.gan.checkpoint import (
    Checkpoint,
    checkpoint_path,
    latest_checkpoint,
    write_checkpoint,
)
from kpop_assets.gan.cover_source import CoverSource
from kpop_assets.gan.errors import DivergedError
from kpop_assets.gan.host import StepReport, TrainingHost
from kpop_assets.gan.quality import Evaluation
from kpop_assets.gan.recipes.registry import RECIPES
from kpop_assets.gan.sampling import progress_frame
from kpop_assets.gan.settings import FilledSettings
from kpop_assets.gan.state import (
    Arrays,
    arrays_of,
    assign,
    network_variables,
    run_fingerprint,
    state_variables,
)
from kpop_assets.gan.trained_networks import TrainedNetworks, begin_as
from kpop_assets.gan.training_step import compiled_step

Judge = Callable[[keras.Model], Evaluation]
MOST_ATTEMPTS = 3
_SECONDS_BETWEEN_STOP_QUESTIONS = 0.5
_REMEDY = (
    "lower the learning rates, for example by half, or train with another seed or larger batches."
)


@dataclass(frozen=True)
class TrainedGenerator:
    """What a run made.

    `generator` is the sampler with the best evaluation, or that of the last step when there was
    none; `best_step` is its step. `losses` has one row per step since step 1, also of the steps
    before a resume: step (int) and the recipe's losses (float32). `evaluations` has a row for each
    evaluation: step and its numbers. `first_step` is the step the run went on from, 0 for a new
    one. `attempts` is how often it was trained from a checkpoint or the start: more than 1 after
    losses that were not finite. `seconds` is the wall time of this call. `stopped` says that the
    host ended it early. `networks` are the weights of all networks after the last step, which
    another training may start from. `settings` are those it was trained with: filled, and without
    accelerations that could not be had.
    """

    generator: keras.Model
    best_step: int
    losses: pd.DataFrame
    evaluations: pd.DataFrame
    first_step: int
    attempts: int
    seconds: float
    stopped: bool
    networks: Arrays
    settings: FilledSettings


class Run:
    """One call of train: its players, its losses and evaluations so far, and its host."""

    def __init__(
        self,
        source: CoverSource,
        settings: FilledSettings,
        strategy: tf.distribute.Strategy,
        host: TrainingHost,
        folder: pathlib.Path,
        fingerprint: str,
        judge: Judge | None,
        start: TrainedNetworks | None,
    ) -> None:
        self.source = source
        self.settings = settings
        self.host = host
        self.folder = folder
        with strategy.scope():
            self.players = RECIPES[settings.recipe](settings, source)
        self.variables = state_variables(self.players)
        if start is not None:
            begin_as(start, network_variables(self.players))
            fingerprint = f"{fingerprint} from {start.digest}"
        self.untrained = arrays_of(self.variables)
        self.fingerprint = run_fingerprint(fingerprint, settings, self.variables)
        self.best = BestSampler(judge if settings.evaluate_every else None)
        self.failed_from = -1
        self.attempt = tf.Variable(0, dtype=tf.int64, trainable=False)
        self.losses = np.empty((0, len(self.players.loss_names)), np.float32)
        self.training_step = compiled_step(self.players, settings, self.attempt, strategy)

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
        settings, host = self.settings, self.host
        if first_step in (0, settings.steps):
            self.show_frame(first_step)
        reported_step, reported_at = first_step, time.monotonic()
        saved_at = reported_at
        asked_at = -np.inf
        pending: list[tf.Tensor] = []
        for step in range(first_step + 1, settings.steps + 1):
            pending.append(self.training_step(tf.constant(step, tf.int64)))
            last = step == settings.steps
            now = time.monotonic()
            stop = False
            if not last and now - asked_at >= _SECONDS_BETWEEN_STOP_QUESTIONS:
                stop = host.should_stop()
                asked_at = now
            log = (
                last or step % settings.log_every == 0 or now - reported_at >= settings.log_seconds
            )
            frame = last or step % settings.frame_every == 0
            evaluate = self.best.judges and (last or step % settings.evaluate_every == 0)
            save = (
                last
                or stop
                or step % settings.checkpoint_every == 0
                or now - saved_at >= settings.checkpoint_seconds
            )
            if log or frame or evaluate or save:
                self.take_losses(pending)
                pending = []
            if log:
                self.report(step, reported_step, time.monotonic() - reported_at)
                reported_step, reported_at = step, time.monotonic()
            if frame:
                self.show_frame(step)
            if evaluate:
                evaluated_at = time.monotonic()
                host.on_evaluation(
                    step, self.best.evaluate(step, self.players.sampler, host.on_warning)
                )
                reported_at += time.monotonic() - evaluated_at
            if save:
                self.save(step)
                saved_at = time.monotonic()
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
            names = self.players.loss_names
            values = dict(zip(names, map(float, self.losses[step - 1]), strict=True))
            raise DivergedError(f"Expected finite losses, got {values} at step {step}; {_REMEDY}")

    def report(self, step: int, reported_step: int, seconds: float) -> None:
        """Tell the host the mean losses and the speed since the report before."""
        steps = self.settings.steps
        speed = (step - reported_step) / max(seconds, 1e-9)
        means = self.losses[reported_step:step].mean(axis=0)
        losses = dict(zip(self.players.loss_names, map(float, means), strict=True))
        self.host.on_step(StepReport(step, steps, losses, speed, (steps - step) / speed))

    def show_frame(self, step: int) -> None:
        """Give the host a progress frame."""
        self.host.on_frame(step, progress_frame(self.players.sampler, self.settings.seed))

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
            self.settings.seed,
            self.fingerprint,
            self.losses,
            arrays,
            int(self.attempt),
            self.best.evaluations,
            self.best.weights,
        )
        write_checkpoint(self.folder, checkpoint)
        self.host.on_checkpoint(step)

    def result(self, first_step: int, seconds: float, stopped: bool) -> TrainedGenerator:
        """Return what the run made; the sampler takes on the best weights."""
        losses = pd.DataFrame(self.losses, columns=list(self.players.loss_names))
        losses.insert(0, "step", np.arange(1, len(losses) + 1))
        networks = arrays_of(network_variables(self.players))
        best_step = self.best.restore(self.players.sampler)
        return TrainedGenerator(
            self.players.sampler,
            len(losses) if best_step is None else best_step,
            losses,
            pd.DataFrame(self.best.evaluations),
            first_step,
            int(self.attempt) + 1,
            seconds,
            stopped,
            networks,
            self.settings,
        )

    def _latest_checkpoint(self) -> Checkpoint | None:
        return latest_checkpoint(
            self.folder, self.fingerprint, self.settings.steps, self.host.on_warning
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
        for name, optimizer in self.players.optimizers.items():
            rate = getattr(self.settings, name.replace("optimizer", "learning_rate"))
            optimizer.learning_rate = rate * 0.5 ** int(self.attempt)
        self.host.on_warning(
            f"{error} Going back to step {step} with other random numbers and learning rates "
            f"divided by {2 ** int(self.attempt)}: attempt {int(self.attempt) + 1} of "
            f"{MOST_ATTEMPTS}."
        )
        self.host.on_resume(step)
        return step
