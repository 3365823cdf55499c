"""A generator trained on all covers, from which sets with few covers start."""

import hashlib
import json
import logging
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import dagster as dg
from pydantic import Field

from kpop_assets.covers.sets import FEWEST_TO_TRAIN
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.covers.cover_tensors import TensorConfig
from kpop_assets.defs.covers.square_covers import write_covers
from kpop_assets.defs.generators.training_config import TrainingConfig
from kpop_assets.defs.generators.training_run import (
    CODE_VERSION,
    Training,
    checkpoints_folder,
    train_and_publish,
)
from kpop_assets.defs.pools import TRAINING
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.turns import turn
from kpop_assets.defs.reuse.unchanged import NOT_REPORTED
from kpop_assets.defs.training.published_training import trained_before
from kpop_assets.models.published import (
    ALL_SETS,
    NETWORKS_FILE,
    current,
    current_folder,
    make_current,
    same_training,
    trained_asset,
    training_record,
)
from kpop_assets.models.settings import FilledSettings
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.records import file_as_written
from kpop_assets.store.tables import Table

if TYPE_CHECKING:
    from kpop_assets.training.trained_networks import TrainedNetworks

NAME = "base"
_MUST_AGREE = ("recipe", "image_size", "noise_size", "width")


class BaseConfig(TensorConfig, TrainingConfig):
    """The training of the generator that sets with few covers start from."""

    sets_below: int = Field(
        60,
        ge=0,
        description="Sets with fewer covers start from this generator. Runs of larger sets do not "
        "train it, nor is it trained when all sets together have fewer. 0: it is of no use.",
    )


@dg.asset(
    group_name="training",
    pool=TRAINING,
    kinds={"tensorflow"},
    code_version=CODE_VERSION,
    automation_condition=WHEN_CONTENT_CHANGED,
)
def base_generator(
    context: dg.AssetExecutionContext,
    config: BaseConfig,
    cover_catalog: Table,
    store: StoreResource,
) -> Iterator[dg.MaterializeResult]:
    """The generator trained on the covers of all sets, from which sets with few covers start.

    It is trained once for a config and a catalog, and only when it is of use: not in the run of a
    set that has covers enough, and not when all sets together have too few.
    """
    open_store = store.open()
    settings = config.for_cover_set("")
    members = cover_catalog[cover_catalog["cover_sets"].map(len) > 0]
    partition = context.partition_key if context.has_partition_key else None
    reason = _reason_not_to_train(cover_catalog, partition, config.sets_below)
    if reason is not None:
        context.log.info(f"not trained: {reason}")
        with suppress(MissingArtifactError, DamagedArtifactError):
            make_current(current_folder(base_generators(open_store)), sets_below=config.sets_below)
        context.log_event(dg.AssetObservation(context.asset_key, metadata={"not_trained": reason}))
        yield dg.MaterializeResult(metadata=NOT_REPORTED)
        return
    fingerprint = _fingerprint(config, settings, members["hash"].tolist())
    tensors = checkpoints_folder(open_store, NAME, settings) / "covers.parquet"
    training = Training(
        name=NAME,
        tensors=tensors,
        settings=settings,
        folder=base_generators(open_store) / settings.short_name(fingerprint),
        about={"fingerprint": fingerprint},
        keep_networks=True,
        unfinished_kept=config.unfinished_kept,
        finished_kept=config.finished_kept,
    )
    with turn(context, store):
        before = same_training(training.folder, fingerprint, context.log.warning)
        if before is None or config.train_again:
            covers = write_covers(
                open_store,
                members,
                config.squaring,
                tensors,
                NAME,
                context.log.info,
                settings.image_size,
            )
            context.log.info(
                f"all sets: {len(covers.hashes)} covers, {len(covers.skipped)} skipped"
            )
            result = train_and_publish(context, open_store, training)
        else:
            result = trained_before(context, before)
        training.take_as_current(context.log, sets_below=config.sets_below)
        yield result


def base_generators(store: Store) -> Path:
    """Return the folder with the base generators, if there are any."""
    return store.folder("base_generator", ALL_SETS)


def start_for(
    store: Store, tensors: BinaryIO, settings: FilledSettings, log: logging.Logger
) -> "TrainedNetworks | None":
    """Return the base's networks for a set with few covers, or None where it starts from nothing.

    Raises DamagedArtifactError and NetworksFileError when they are damaged.
    """
    from kpop_assets.covers.tensors import count_of_tensors

    try:
        chosen_base = current(base_generators(store))
    except MissingArtifactError:
        return None
    if count_of_tensors(tensors) >= chosen_base.get("sets_below", 0):
        return None
    folder = current_folder(base_generators(store))
    record = training_record(folder)
    chosen = settings.model_dump()
    others = [name for name in _MUST_AGREE if record["config"][name] != chosen[name]]
    if others:
        other = ", ".join(f"{name} {record['config'][name]}, not {chosen[name]}" for name in others)
        log.warning(
            f"starting from nothing: base_generator has {other}; give both assets the same config "
            "to start from it"
        )
        return None
    from kpop_assets.training.trained_networks import read_networks

    path = folder / NETWORKS_FILE
    file_as_written(path, folder, record.get("files"), trained_asset(folder))
    return read_networks(path)


def _fingerprint(config: BaseConfig, settings: FilledSettings, hashes: list[str]) -> str:
    chosen = settings.model_dump(exclude=set(settings.without_effect))
    content = [CODE_VERSION, config.squaring, chosen, hashes]
    return hashlib.sha256(json.dumps(content).encode()).hexdigest()


def _reason_not_to_train(catalog: Table, cover_set: str | None, sets_below: int) -> str | None:
    sizes = catalog["cover_sets"].explode().value_counts()
    everything = int((catalog["cover_sets"].map(len) > 0).sum())
    fewest = max(sets_below, FEWEST_TO_TRAIN)
    if everything < fewest:
        return f"all sets together have {everything} covers, fewer than {fewest}"
    if cover_set is not None and sizes.get(cover_set, 0) >= sets_below:
        return f"{cover_set} has {sizes[cover_set]} covers, {sets_below} or more"
    return None
