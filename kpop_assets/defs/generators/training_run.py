"""One training as an asset: reported while it runs, published whole, described for the UI."""

import functools
import logging
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from kpop_assets.covers.sets import require_enough
from kpop_assets.defs.previews import sheet_previews
from kpop_assets.defs.training.cancellation import cancellation
from kpop_assets.defs.training.published_training import (
    data_version,
    leave_others,
    publish,
    require_finished,
    training_metadata,
    training_record,
)
from kpop_assets.defs.training.training_progress import TrainingProgress
from kpop_assets.models.published import (
    MODEL_FILE,
    NETWORKS_FILE,
    RECORD_FILE,
    make_current,
    trained_asset,
)
from kpop_assets.models.settings import FilledSettings
from kpop_assets.models.training_record import FRAMES_FOLDER
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import local_folder
from kpop_assets.store.folders import remove_folder, remove_if_empty, stored_folder

if TYPE_CHECKING:
    from kpop_assets.models.conditional.told_covers import ToldCovers
    from kpop_assets.models.cover_source import CoverSource
    from kpop_assets.training.best_sampler import Judge
    from kpop_assets.training.trained_networks import TrainedNetworks

CODE_VERSION = "3"
"""Another one when the same settings and covers lead to other weights."""


@dataclass(frozen=True)
class Training:
    """What to train: covers as a tensor file, settings, and the folder for the result.

    `name` is the cover set, or another name. `about` goes into the record as it is. `told` is what
    each cover is, for a generator that is told what covers are to be, and `write_more` writes other
    files beside it. With `keep_networks`
    all networks are stored with the generator, for other trainings to start from; `start` is where
    this one starts. So many trainings with other settings stay beside it, unfinished ones and
    finished ones.
    """

    name: str
    tensors: Path
    settings: FilledSettings
    folder: Path
    about: dict[str, Any]
    partition: str | None = None
    start: "TrainedNetworks | None" = None
    told: "ToldCovers | None" = None
    write_more: Callable[[Path], None] = lambda _: None
    keep_networks: bool = False
    unfinished_kept: int = 3
    finished_kept: int = 3

    def take_as_current(self, log: logging.Logger, **about: int) -> None:
        """Make the generator in the folder the current one, and remove those that are too many."""
        make_current(self.folder, **about)
        leave_others(self.folder, self.finished_kept, "generator", log.info)


def train_and_publish(
    context: dg.AssetExecutionContext, store: Store, training: Training
) -> dg.MaterializeResult:
    """Train, or go on from the last checkpoint, and publish the generator with its record.

    Whoever calls has the `turn` of the asset. Raises TooFewCoversError before anything is trained.
    """
    from kpop_assets.covers.tensors import count_of_tensors, sites_of_tensors

    settings = training.settings
    with training.tensors.open("rb") as file:
        sites = sites_of_tensors(file)
        require_enough(training.name, count_of_tensors(file))
    context.log.info(
        f"{training.name}: {settings.steps:,} steps of the recipe {settings.recipe} at "
        f"{settings.image_size} pixels; starting TensorFlow"
    )
    from kpop_assets.models.generator_files import save_generator
    from kpop_assets.models.sampling import sample_covers
    from kpop_assets.models.training import train
    from kpop_assets.models.training_covers import training_covers
    from kpop_assets.training.tensorboard_log import TensorBoardLog
    from kpop_assets.training.trained_networks import write_networks

    checkpoints = checkpoints_folder(store, training.name, settings)
    frames = checkpoints / FRAMES_FOLDER
    progress = TrainingProgress(context, frames, settings.observe_every, training.partition)
    leave_others(checkpoints, training.unfinished_kept, "unfinished training", context.log.warning)
    told = training.told
    with (
        local_folder(checkpoints) as scratch,
        local_folder(store.folder("tensorboard", training.name)) as events,
        cancellation() as cancelled,
    ):
        covers = training_covers(
            training.tensors,
            settings.image_size,
            settings.covers_in_memory_mb,
            scratch,
            context.log.warning,
        )
        _log_covers(context, covers.count, settings.batch_size)
        log = TensorBoardLog(events)
        trained = train(
            covers,
            settings,
            checkpoints,
            f"{covers.fingerprint} {told.digest}" if told else covers.fingerprint,
            log.beside(progress.host(cancelled)),
            _judge(covers, training) if settings.evaluate_every else None,
            training.start,
            rule=told.learner if told else type(settings).untrained,
            preview=functools.partial(told.frame, seed=settings.seed) if told else None,
        )
        require_finished(context, trained, cancelled)
        log.close()
    config = trained.settings.model_dump()
    record = training_record(
        context,
        trained,
        config,
        CODE_VERSION,
        {
            "covers": covers.count,
            "covers_fingerprint": covers.fingerprint,
            "started_from": training.start.digest if training.start else None,
        },
        sites=sites,
        **training.about,
    )

    def write(folder: Path) -> None:
        save_generator(trained.generator, folder / MODEL_FILE)
        if training.keep_networks:
            write_networks(folder / NETWORKS_FILE, trained.networks)
        training.write_more(folder)

    asset = trained_asset(training.folder)
    warn = context.log.warning
    publish(training.folder, write, frames, record, RECORD_FILE, asset, warn)
    remove_folder(checkpoints)
    remove_if_empty(checkpoints.parent)
    drawn = told.samples if told else sample_covers
    samples = drawn(trained.generator, 24, settings.seed)
    return dg.MaterializeResult(
        data_version=data_version(record),
        metadata={
            **sheet_previews(samples, f"{training.name} samples"),
            "covers": covers.count,
            "started_from": "base_generator" if training.start else "nothing",
            **training_metadata(trained, config),
            "file": dg.MetadataValue.path(str(stored_folder(training.folder) / MODEL_FILE)),
            "sites": sites,
        },
    )


def _judge(covers: "CoverSource", training: Training) -> "Judge":
    from kpop_assets.judge.conditional_judge import ConditionalJudge
    from kpop_assets.judge.judge import CoverJudge

    samples, seed = training.settings.evaluation_samples, training.settings.seed
    if training.told is None:
        return CoverJudge(covers, samples, seed)
    return ConditionalJudge(covers, training.told, samples, seed)


def checkpoints_folder(store: Store, name: str, settings: FilledSettings) -> Path:
    """Return where the unfinished training of that name with these settings lies."""
    return store.folder("checkpoints", name) / settings.short_name()


def _log_covers(context: dg.AssetExecutionContext, count: int, batch_size: int) -> None:
    context.log.info(f"{count} covers in batches of {batch_size}")
    if count < batch_size:
        context.log.warning(
            f"{count} covers are fewer than a batch of {batch_size}: batches repeat covers"
        )
