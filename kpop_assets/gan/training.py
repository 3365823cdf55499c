"""The training loop of a cover generator: knows nothing of its host, tells it what happens."""

import pathlib
import time
from dataclasses import dataclass

import keras
import numpy as np
import pandas as pd
import tensorflow as tf

from kpop_assets.gan.checkpoint import Checkpoint, latest_checkpoint, write_checkpoint
from kpop_assets.gan.errors import CoversShapeError, DivergedError
from kpop_assets.gan.host import LOSS_NAMES, StepReport, TrainingHost
from kpop_assets.gan.sampling import progress_frame
from kpop_assets.gan.settings import TrainingSettings
from kpop_assets.gan.state import TrainingState, initial_state, run_fingerprint
from kpop_assets.gan.training_step import build_training_step

__all__ = ["StepReport", "TrainedGenerator", "TrainingHost", "train"]

_SECONDS_BETWEEN_STOP_QUESTIONS = 0.5


@dataclass(frozen=True)
class TrainedGenerator:
    """What a run made.

    `losses` has one row per step since step 1, also of the steps before a resume: step (int) and
    the three of LOSS_NAMES (float32, nats). `first_step` is the step the run went on from, 0 for a
    new one. `seconds` is the wall time of this call. `stopped` says that the host ended it early.
    """

    generator: keras.Model
    losses: pd.DataFrame
    first_step: int
    seconds: float
    stopped: bool


def train(
    covers: np.ndarray,
    settings: TrainingSettings,
    checkpoint_folder: pathlib.Path,
    fingerprint: str,
    host: TrainingHost,
) -> TrainedGenerator:
    """Train a generator on `covers`, uint8 (N, S, S, 3) with S = settings.image_size.

    Batches are drawn with replacement, as in the original, so N may be smaller than a batch.
    Settings left empty are filled as for any cover set but general.

    A checkpoint of the same `fingerprint` and settings in `checkpoint_folder` is gone on from, and
    on a CPU ends in the same weights, bit for bit, as if nothing had happened; one at the last step
    means that nothing is left to train. Remove the folder to train from the start.

    The host gets a report every log_every steps, a progress frame at step 0 and every frame_every,
    both at the last step, and a checkpoint every checkpoint_every steps, at the last and when it
    asks to stop.

    Raises CoversShapeError, DivergedError, CheckpointReadError, CheckpointWriteError.
    """
    started = time.monotonic()
    settings = settings.for_cover_set("")
    _require_covers(covers, settings.image_size)
    state = initial_state(settings)
    run = _Run(
        state, settings, host, checkpoint_folder, run_fingerprint(fingerprint, settings, state)
    )
    first_step = run.resume()
    stopped = run.advance(covers, first_step)
    return TrainedGenerator(
        state.generator, run.loss_table(), first_step, time.monotonic() - started, stopped
    )


class _Run:
    """One call of train: its state, its losses so far and its host."""

    def __init__(
        self,
        state: TrainingState,
        settings: TrainingSettings,
        host: TrainingHost,
        folder: pathlib.Path,
        fingerprint: str,
    ) -> None:
        self.state = state
        self.settings = settings
        self.host = host
        self.folder = folder
        self.fingerprint = fingerprint
        self.losses = np.empty((0, len(LOSS_NAMES)), np.float32)

    def resume(self) -> int:
        """Take over the latest checkpoint; return its step, 0 when there is none."""
        checkpoint = latest_checkpoint(
            self.folder, self.fingerprint, self.settings.steps, self.host.on_warning
        )
        if checkpoint is None:
            return 0
        self.state.assign(checkpoint.variables)
        self.losses = checkpoint.losses
        self.host.on_resume(checkpoint.step)
        return checkpoint.step

    def advance(self, covers: np.ndarray, first_step: int) -> bool:
        """Train from `first_step` to the last step; return whether the host stopped it before."""
        settings, host, state = self.settings, self.host, self.state
        if first_step in (0, settings.steps):
            self.show_frame(first_step)
        if first_step == settings.steps:
            return False
        training_step = build_training_step(
            state.generator,
            state.discriminator,
            state.generator_optimizer,
            state.discriminator_optimizer,
            covers,
            settings,
        )
        training_step.get_concrete_function()
        reported_step, reported_at = first_step, time.monotonic()
        asked_at = -np.inf
        pending: list[tf.Tensor] = []
        for step in range(first_step + 1, settings.steps + 1):
            pending.append(training_step(tf.constant(step, tf.int64)))
            last = step == settings.steps
            stop = False
            if not last and time.monotonic() - asked_at >= _SECONDS_BETWEEN_STOP_QUESTIONS:
                stop = host.should_stop()
                asked_at = time.monotonic()
            log = last or step % settings.log_every == 0
            frame = last or step % settings.frame_every == 0
            save = last or stop or step % settings.checkpoint_every == 0
            if log or frame or save:
                self.take_losses(pending)
                pending = []
            if log:
                self.report(step, reported_step, time.monotonic() - reported_at)
                reported_step, reported_at = step, time.monotonic()
            if frame:
                self.show_frame(step)
            if save:
                self.save(step)
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
            values = dict(zip(LOSS_NAMES, map(float, self.losses[step - 1]), strict=True))
            raise DivergedError(
                f"Expected finite losses, got {values} at step {step}; lower both learning rates, "
                "for example by half, or train with another seed or larger batches."
            )

    def report(self, step: int, reported_step: int, seconds: float) -> None:
        """Tell the host the mean losses and the speed since the report before."""
        steps = self.settings.steps
        speed = (step - reported_step) / max(seconds, 1e-9)
        means = self.losses[reported_step:step].mean(axis=0)
        losses = dict(zip(LOSS_NAMES, map(float, means), strict=True))
        self.host.on_step(StepReport(step, steps, losses, speed, (steps - step) / speed))

    def show_frame(self, step: int) -> None:
        """Give the host a progress frame."""
        self.host.on_frame(step, progress_frame(self.state.generator, self.settings.seed))

    def save(self, step: int) -> None:
        """Write a checkpoint and tell the host."""
        write_checkpoint(
            self.folder,
            Checkpoint(
                step, self.settings.seed, self.fingerprint, self.losses, self.state.arrays()
            ),
        )
        self.host.on_checkpoint(step)

    def loss_table(self) -> pd.DataFrame:
        """Return the losses of all steps, one row each."""
        table = pd.DataFrame(self.losses, columns=list(LOSS_NAMES))
        table.insert(0, "step", np.arange(1, len(table) + 1))
        return table


def _require_covers(covers: np.ndarray, image_size: int) -> None:
    expected = (image_size, image_size, 3)
    if covers.dtype != np.uint8 or covers.ndim != 4 or covers.shape[1:] != expected:
        raise CoversShapeError(
            f"Expected covers as uint8 (N, {image_size}, {image_size}, 3), got {covers.dtype} "
            f"{covers.shape}; resize them to image_size or change image_size."
        )
    if len(covers) == 0:
        raise CoversShapeError(
            "Expected at least one cover, got none; materialize the crawl for this cover set first."
        )
