"""The trained generator of each cover set."""

import hashlib
import json
import shutil
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg

from kpop_assets.assets.previews import sheet_previews
from kpop_assets.assets.tensors import tensor_path
from kpop_assets.assets.training_progress import TrainingProgress
from kpop_assets.automation import WHEN_CONTENT_CHANGED
from kpop_assets.config import TrainingConfig
from kpop_assets.partitions import COVER_SET_PARTITIONS
from kpop_assets.storage import StoreResource
from kpop_assets.store import (
    MissingArtifactError,
    Store,
    atomic_folder,
    remove_folder,
    restore_folder,
    sole_use,
)

if TYPE_CHECKING:
    import keras
    import pandas as pd

    from kpop_assets.gan.training import TrainedGenerator

CODE_VERSION = "2"
MODEL_FILE = "generator.keras"
RECORD_FILE = "generator.json"
FRAMES_FOLDER = "frames"


@dg.asset(
    group_name="training",
    kinds={"tensorflow"},
    code_version=CODE_VERSION,
    partitions_def=COVER_SET_PARTITIONS,
    deps=["cover_tensors"],
    automation_condition=WHEN_CONTENT_CHANGED,
)
def cover_generator(
    context: dg.AssetExecutionContext, config: TrainingConfig, store: StoreResource
) -> dg.MaterializeResult:
    """The generator trained on a cover set, with its losses, evaluations and provenance.

    It is the best by an evaluation every so many steps: KID on a network that no recipe trains
    with, where copies of training covers count against it. A run that was killed goes on from its
    last checkpoint when it is started again with the same config and covers. One run at a time
    trains a set.
    """
    cover_set = context.partition_key
    settings = config.for_cover_set(cover_set)
    open_store = store.open()
    tensors = tensor_path(open_store, cover_set)
    if not tensors.exists():
        raise MissingArtifactError(tensors, "cover_tensors")
    context.log.info(
        f"{cover_set}: {settings.steps:,} steps of the recipe {settings.recipe} at "
        f"{settings.image_size} pixels; starting TensorFlow"
    )
    from kpop_assets.covers.tensors import sites_of_tensors
    from kpop_assets.gan.judge import CoverJudge
    from kpop_assets.gan.sampling import sample_covers
    from kpop_assets.gan.tensorboard_log import TensorBoardLog
    from kpop_assets.gan.training import train
    from kpop_assets.gan.training_covers import training_covers

    with tensors.open("rb") as file:
        sites = sites_of_tensors(file)
    checkpoints = open_store.folder("checkpoints", cover_set)
    frames = checkpoints / FRAMES_FOLDER
    folder = open_store.folder("cover_generator", cover_set)
    progress = TrainingProgress(context, frames, settings.observe_every)
    log = TensorBoardLog(open_store.folder("tensorboard", cover_set))
    with sole_use(checkpoints, f"a training of the set {cover_set!r}"):
        covers = training_covers(
            tensors,
            settings.image_size,
            settings.covers_in_memory_mb,
            checkpoints,
            context.log.warning,
        )
        _tell_covers(context, covers.count, settings.batch_size)
        judge = None
        if settings.evaluate_every and covers.count > 1:
            judge = CoverJudge(covers, settings.evaluation_samples, settings.seed)
        host = log.beside(progress.host())
        trained = train(covers, settings, checkpoints, covers.fingerprint, host, judge)
        log.close()
        weights_hash = _weights_hash(trained.generator)
        record = {
            "cover_set": cover_set,
            "sites": sites,
            "config": settings.model_dump(),
            "provenance": {
                "covers": covers.count,
                "covers_fingerprint": covers.fingerprint,
                "weights_hash": weights_hash,
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
            "losses": _columns(trained.losses),
            "evaluations": _columns(trained.evaluations),
        }
        _publish(trained.generator, record, frames, folder)
        remove_folder(checkpoints)
    last = trained.losses.iloc[-1]
    return dg.MaterializeResult(
        data_version=dg.DataVersion(
            hashlib.sha256(f"{weights_hash} {settings.model_dump_json()}".encode()).hexdigest()
        ),
        metadata={
            **sheet_previews(
                sample_covers(trained.generator, 24, settings.seed), f"{cover_set} samples"
            ),
            "covers": covers.count,
            "recipe": settings.recipe,
            "steps": settings.steps,
            "best_step": trained.best_step,
            "attempts": trained.attempts,
            "resumed_from_step": trained.first_step,
            "seconds": round(trained.seconds, 1),
            "steps_per_second": round(
                (settings.steps - trained.first_step) / max(trained.seconds, 1e-9), 2
            ),
            **{f"loss_{name}": round(float(last[name]), 3) for name in trained.losses.columns[1:]},
            **_evaluation_metadata(trained),
            "config": dg.MetadataValue.json(settings.model_dump()),
            "file": dg.MetadataValue.path(folder / MODEL_FILE),
            "sites": sites,
        },
    )


def generator_folder(store: Store, cover_set: str) -> Path:
    """Return the folder of a trained generator: model, record and progress frames.

    Raises `MissingArtifactError` when there is none.
    """
    folder = store.folder("cover_generator", cover_set)
    restore_folder(folder)
    if not (folder / RECORD_FILE).exists():
        raise MissingArtifactError(folder / RECORD_FILE, f"cover_generator [{cover_set}]")
    return folder


def generator_record(folder: Path) -> dict[str, Any]:
    """Return the record of a trained generator: config, provenance and losses."""
    record: dict[str, Any] = json.loads((folder / RECORD_FILE).read_text(encoding="utf-8"))
    return record


def _weights_hash(generator: "keras.Model") -> str:
    weights = b"".join(value.tobytes() for value in generator.get_weights())
    return hashlib.sha256(weights).hexdigest()


def _publish(generator: "keras.Model", record: dict[str, Any], frames: Path, folder: Path) -> None:
    from kpop_assets.gan.files import save_generator

    with atomic_folder(folder) as temporary:
        save_generator(generator, temporary / MODEL_FILE)
        (temporary / RECORD_FILE).write_text(json.dumps(record, indent=1), encoding="utf-8")
        shutil.copytree(frames, temporary / FRAMES_FOLDER, ignore=shutil.ignore_patterns(".*"))


def _tell_covers(context: dg.AssetExecutionContext, count: int, batch_size: int) -> None:
    context.log.info(f"{count} covers in batches of {batch_size}")
    if count < batch_size:
        context.log.warning(
            f"{count} covers are fewer than a batch of {batch_size}: batches repeat covers"
        )


def _columns(table: "pd.DataFrame") -> dict[str, list[float]]:
    return {
        str(name): [round(value, 5) for value in values.tolist()] for name, values in table.items()
    }


def _evaluation_metadata(trained: "TrainedGenerator") -> dict[str, Any]:
    """Return the best evaluation's numbers and the curve of all as a table."""
    if trained.evaluations.empty:
        return {}
    rows = trained.evaluations.set_index("step", drop=False)
    best = rows.loc[trained.best_step].to_dict()
    measures = [name for name in rows.columns if name != "step"]
    return {
        **{f"best_{name}": round(float(best[name]), 3) for name in measures},
        "evaluations": dg.MetadataValue.md(_markdown_table(rows.round(3))),
    }


def _markdown_table(rows: "pd.DataFrame") -> str:
    lines = [list(rows.columns), ["---"] * len(rows.columns)]
    lines += [[f"{value:g}" for value in row] for row in rows.itertuples(index=False)]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)
