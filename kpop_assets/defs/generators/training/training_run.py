"""One training as an asset: reported while it runs, published whole, described for the UI."""

import hashlib
import io
import json
import logging
import shutil
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
from PIL import Image

from kpop_assets.covers.sets import require_enough
from kpop_assets.defs.generators.measured_numbers import number_or_null, shown_number
from kpop_assets.defs.generators.training.cancellation import cancellation
from kpop_assets.defs.generators.training.training_progress import TrainingProgress
from kpop_assets.defs.previews import sheet_previews
from kpop_assets.defs.unchanged import SINCE, as_before, materialization
from kpop_assets.models.published import (
    FRAMES_FOLDER,
    MODEL_FILE,
    NETWORKS_FILE,
    RECORD_FILE,
    GeneratorRecord,
    make_current,
    trained_asset,
    weights_hash,
)
from kpop_assets.models.settings import FilledSettings
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_folder, read_file, remove_folder, sole_use
from kpop_assets.store.records import file_digests, record_bytes

if TYPE_CHECKING:
    import pandas as pd

    from kpop_assets.models.training import TrainedGenerator
    from kpop_assets.training.run import RunResult
    from kpop_assets.training.trained_networks import TrainedNetworks

CODE_VERSION = "2"


@dataclass(frozen=True)
class Training:
    """What to train: covers as a tensor file, settings, and the folder for the result.

    `name` is the cover set, or base. `about` goes into the record as it is. With `keep_networks`
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

    One run at a time trains what has one name. Raises TooFewCoversError before anything is trained.
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
    from kpop_assets.judge.judge import CoverJudge
    from kpop_assets.models.sampling import sample_covers
    from kpop_assets.models.training import train
    from kpop_assets.models.training_covers import training_covers
    from kpop_assets.training.tensorboard_log import TensorBoardLog

    checkpoints = checkpoints_folder(store, training.name, settings)
    frames = checkpoints / FRAMES_FOLDER
    progress = TrainingProgress(context, frames, settings.observe_every, training.partition)
    log = TensorBoardLog(store.folder("tensorboard", training.name))
    with sole_use(checkpoints.parent, f"a training of the set {training.name!r}"):
        leave_others(
            checkpoints, training.unfinished_kept, "unfinished training", context.log.warning
        )
        covers = training_covers(
            training.tensors,
            settings.image_size,
            settings.covers_in_memory_mb,
            checkpoints,
            context.log.warning,
        )
        _log_covers(context, covers.count, settings.batch_size)
        judge = None
        if settings.evaluate_every:
            judge = CoverJudge(covers, settings.evaluation_samples, settings.seed)
        with cancellation() as cancelled:
            trained = train(
                covers,
                settings,
                checkpoints,
                covers.fingerprint,
                log.beside(progress.host(cancelled)),
                judge,
                training.start,
            )
            stopped = trained.stopped or cancelled()
        log.close()
        if stopped:
            reached = len(trained.losses)
            context.log.info(
                f"stopped at step {reached:,}; checkpoint at step {reached:,}; "
                "run the same again to resume"
            )
            raise dg.DagsterExecutionInterruptedError
        settings = trained.settings
        digest = weights_hash(trained.generator)
        record = {
            **training.about,
            "sites": sites,
            "config": settings.model_dump(),
            "provenance": {
                "covers": covers.count,
                "covers_fingerprint": covers.fingerprint,
                "started_from": training.start.digest if training.start else None,
                "weights_hash": digest,
                "code_version": CODE_VERSION,
                "kpop_assets": version("kpop_assets"),
                "tensorflow": version("tensorflow"),
                "run_id": context.run_id,
                "finished_at": datetime.now(UTC).isoformat(timespec="seconds"),
                "resumed_from_step": trained.first_step,
                "attempts": trained.attempts,
                "best_step": trained.best_step,
                "seconds_of_last_run": round(trained.seconds, 1),
            },
            "losses": curves(trained.losses),
            "evaluations": curves(trained.evaluations),
        }
        _publish(trained, record, frames, training, context.log.warning)
        remove_folder(checkpoints)
        with suppress(OSError):  # others are unfinished
            checkpoints.parent.rmdir()
    last = trained.losses.iloc[-1]
    return dg.MaterializeResult(
        data_version=_data_version(record),
        metadata={
            **sheet_previews(
                sample_covers(trained.generator, 24, settings.seed), f"{training.name} samples"
            ),
            "covers": covers.count,
            "recipe": settings.recipe,
            "started_from": "base_generator" if training.start else "nothing",
            "steps": settings.steps,
            "best_step": trained.best_step,
            "attempts": trained.attempts,
            "resumed_from_step": trained.first_step,
            "seconds": round(trained.seconds, 1),
            "steps_per_second": round(
                (settings.steps - trained.first_step) / max(trained.seconds, 1e-9), 2
            ),
            **{f"loss_{name}": round(float(last[name]), 3) for name in trained.losses.columns[1:]},
            **evaluation_metadata(trained),
            "config": dg.MetadataValue.json(settings.model_dump()),
            "file": dg.MetadataValue.path(training.folder / MODEL_FILE),
            "sites": sites,
        },
    )


def checkpoints_folder(store: Store, name: str, settings: FilledSettings) -> Path:
    """Return where the unfinished training of that name with these settings lies."""
    return store.folder("checkpoints", name) / settings.short_name()


def leave_others(mine: Path, most: int, what: str, log: Callable[[str], object]) -> None:
    """Remove all but `most` trainings beside `mine`, the latest."""
    beside = [path for path in mine.parent.glob("[!.]*/") if path != mine]
    for path in sorted(beside, key=lambda path: path.stat().st_mtime, reverse=True)[most:]:
        log(f"the {what} {path} is removed: {most} others are kept")
        remove_folder(path)


def trained_before(
    context: dg.AssetExecutionContext, record: GeneratorRecord
) -> dg.MaterializeResult:
    """Return the generator of a record as the run reported it that trained it."""
    version, finished = _data_version(record), record["provenance"]["finished_at"]
    before = materialization(context, version)
    if before is None:
        context.log.info(f"unchanged since {finished}")
        return dg.MaterializeResult(data_version=version, metadata={SINCE: finished})
    return as_before(context, before)


def _data_version(record: Mapping[str, Any]) -> dg.DataVersion:
    """Return what a generator with this record counts as."""
    content = [record["provenance"]["weights_hash"], record["config"]]
    return dg.DataVersion(hashlib.sha256(json.dumps(content).encode()).hexdigest())


def _publish(
    trained: "TrainedGenerator",
    record: dict[str, Any],
    frames: Path,
    training: Training,
    warn: Callable[[str], object],
) -> None:
    from kpop_assets.models.generator_files import save_generator
    from kpop_assets.training.trained_networks import write_networks

    with atomic_folder(training.folder) as temporary:
        save_generator(trained.generator, temporary / MODEL_FILE)
        if training.keep_networks:
            write_networks(temporary / NETWORKS_FILE, trained.networks)
        damaged = damaged_frames(frames, training.name)
        for name, why in damaged.items():
            warn(f"the frame {name} is left out of the film: {why}")
        left_out = shutil.ignore_patterns(".*", *damaged)
        shutil.copytree(frames, temporary / FRAMES_FOLDER, ignore=left_out)
        record = {**record, "files": file_digests(temporary)}
        (temporary / RECORD_FILE).write_bytes(record_bytes(record, trained_asset(training.folder)))


def damaged_frames(frames: Path, name: str) -> dict[str, str]:
    """Return why frames of the training cannot be read back as PNG, by file name."""
    damaged = {}
    for path in sorted(frames.glob("*.png")):
        try:
            content = read_file(path, name)
            Image.open(io.BytesIO(content), formats=("PNG",)).verify()
        except Exception as error:  # Pillow's readers raise many kinds on damaged data
            damaged[path.name] = str(error)
    return damaged


def _log_covers(context: dg.AssetExecutionContext, count: int, batch_size: int) -> None:
    context.log.info(f"{count} covers in batches of {batch_size}")
    if count < batch_size:
        context.log.warning(
            f"{count} covers are fewer than a batch of {batch_size}: batches repeat covers"
        )


def curves(table: "pd.DataFrame") -> dict[str, list[float | None]]:
    """Return a table of losses or evaluations for a record: its columns by name."""
    return {
        str(name): [number_or_null(round(value, 5)) for value in values.tolist()]
        for name, values in table.items()
    }


def evaluation_metadata(trained: "RunResult") -> dict[str, Any]:
    """Return the best evaluation's numbers and the curve of all as a table."""
    if trained.evaluations.empty:
        return {}
    rows = trained.evaluations.set_index("step", drop=False)
    best = rows.loc[trained.best_step].to_dict()
    measures = [name for name in rows.columns if name != "step"]
    return {
        **{f"best_{name}": shown_number(best[name]) for name in measures},
        "evaluations": dg.MetadataValue.md(_markdown_table(rows.round(3))),
    }


def _markdown_table(rows: "pd.DataFrame") -> str:
    lines = [list(rows.columns), ["---"] * len(rows.columns)]
    lines += [[f"{value:g}" for value in row] for row in rows.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
