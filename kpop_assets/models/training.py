"""The training of a cover generator, of any recipe."""

import functools
import pathlib
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from kpop_assets.models.cover_source import CoverSource, as_cover_source
from kpop_assets.models.errors import CoversShapeError
from kpop_assets.models.networks.acceleration import usable_settings
from kpop_assets.models.sampling import progress_frame
from kpop_assets.models.settings import FilledSettings, TrainingSettings
from kpop_assets.training.best_sampler import Judge
from kpop_assets.training.host import TrainingHost
from kpop_assets.training.run import Plan, Run, RunResult
from kpop_assets.training.step.learner import Learner
from kpop_assets.training.step.replicas import Devices, strategy_over, visible_devices
from kpop_assets.training.trained_networks import TrainedNetworks

Rule = Callable[[FilledSettings, CoverSource], Learner]
Preview = Callable[[keras.Model], NDArray[np.uint8]]


@dataclass(frozen=True)
class TrainedGenerator(RunResult):
    """What a training made; `settings` are filled, without accelerations that could not be had."""

    settings: FilledSettings

    @property
    def generator(self) -> keras.Model:
        """The sampler."""
        return self.sampler


def train(
    covers: CoverSource | NDArray[np.uint8],
    settings: TrainingSettings,
    checkpoint_folder: pathlib.Path,
    fingerprint: str,
    host: TrainingHost,
    judge: Judge | None = None,
    start: TrainedNetworks | None = None,
    devices: Devices | None = None,
    rule: Rule = FilledSettings.untrained,
    preview: Preview | None = None,
) -> TrainedGenerator:
    """Train a generator on `covers`, uint8 (N, S, S, 3) with S = settings.image_size.

    Batches are drawn with replacement, as in the original, so N may be smaller than a batch.
    Settings left empty are filled as for any cover set but general.

    A checkpoint of the same `fingerprint` and settings in `checkpoint_folder` is gone on from, and
    on a CPU ends in the same weights, bit for bit, as if nothing had happened; one at the last step
    means that nothing is left to train. Remove the folder to train from the start.

    The host gets a report every log_every steps or log_seconds, a progress frame at step 0 and
    every frame_every steps, both at the last step, and a checkpoint every checkpoint_every steps or
    checkpoint_seconds, at the last and when it asks to stop. The judge is asked every
    evaluate_every steps and at the last. Frames and evaluations go by steps alone: by seconds they
    would depend on the machine, and the result on them.

    After a loss or a weight that is not finite the run goes back to its last checkpoint, with other
    random numbers and half the learning rates, at most twice; when it failed from that one before,
    to the one before it.

    With `start` the networks begin as those of another training of the same recipe, size, width
    and noise, and all of them go on learning.

    `devices`, all visible GPUs unless given, each take an equal part of every batch and end in the
    same losses as one device but for rounding; a run may go on with more or fewer of them. Without
    a GPU, mixed_precision and xla are left off with a warning.

    Raises CoversShapeError, BatchSplitError, DivergedError, CheckpointReadError,
    CheckpointWriteError, NetworksFileError when `start` does not fit, and what the recipe needs:
    WeightsMissingError, WeightsFileError.
    """
    filled = settings.for_cover_set("")
    source = as_cover_source(covers)
    if source.image_size != filled.image_size:
        raise CoversShapeError(
            f"Expected covers of {filled.image_size} pixels, got {source.image_size}; "
            "resize them to image_size or change image_size."
        )
    devices = devices or visible_devices()
    filled = usable_settings(filled, devices, source, host.on_warning)
    plan = Plan(
        filled.cadence(),
        filled.seed,
        preview or functools.partial(progress_frame, seed=filled.seed),
        fingerprint,
        filled.deciding(),
        judge,
        start,
        filled.xla,
    )
    strategy = strategy_over(devices, filled.batch_size)
    run = Run(lambda: rule(filled, source), plan, strategy, host, checkpoint_folder)
    return TrainedGenerator(**vars(run.train()), settings=filled)
