"""A generator trained on all covers, from which sets with few covers start."""

import hashlib
import json
import logging
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import dagster as dg
from pydantic import Field

from kpop_assets.covers.sets import FEWEST_TO_TRAIN
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.covers.cover_tensors import TensorConfig
from kpop_assets.defs.covers.square_covers import write_covers
from kpop_assets.defs.generators.training.training_config import TrainingConfig
from kpop_assets.defs.generators.training.training_run import (
    CODE_VERSION,
    Training,
    checkpoints_folder,
    data_version_of,
    train_and_publish,
)
from kpop_assets.defs.resources import StoreResource
from kpop_assets.models.published import (
    MODEL_FILE,
    NETWORKS_FILE,
    RECORD_FILE,
    GeneratorRecord,
    trained_asset,
    training_record,
)
from kpop_assets.models.settings import WITHOUT_EFFECT_ON_NUMBERS, FilledSettings
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.files import atomic_file, restore_folder
from kpop_assets.store.records import file_as_written, record_bytes
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
    kinds={"tensorflow"},
    code_version=CODE_VERSION,
    automation_condition=WHEN_CONTENT_CHANGED,
)
def base_generator(
    context: dg.AssetExecutionContext,
    config: BaseConfig,
    cover_catalog: Table,
    store: StoreResource,
) -> dg.MaterializeResult:
    """The generator trained on the covers of all sets, from which sets with few covers start.

    It is trained once for a config and a catalog, and only when it is of use: not in the run of a
    set that has covers enough, and not when all sets together have too few.
    """
    open_store = store.open()
    folder = base_folder(open_store)
    settings = config.for_cover_set("")
    members = cover_catalog[cover_catalog["cover_sets"].map(len) > 0]
    fingerprint = _fingerprint(config, settings, members["hash"].tolist())
    kept = _kept_record(folder, config.sets_below, context.log)
    partition = context.partition_key if context.has_partition_key else None
    reason = _reason_not_to_train(cover_catalog, partition, config.sets_below)
    same = kept is not None and kept.get("fingerprint") == fingerprint
    if reason is None and same and not config.train_again:
        reason = "it was trained with this config on these covers already"
    if reason is not None:
        context.log.info(f"not trained: {reason}")
        return _as_it_is(folder, kept, reason)
    tensors = checkpoints_folder(open_store, NAME, settings) / "covers.parquet"
    covers = write_covers(open_store, members, config.squaring, tensors, NAME)
    context.log.info(f"all sets: {len(covers.hashes)} covers, {len(covers.skipped)} skipped")
    training = Training(
        name=NAME,
        tensors=tensors,
        settings=settings,
        folder=folder,
        about={"fingerprint": fingerprint, "sets_below": config.sets_below},
        keep_networks=True,
        unfinished_kept=config.unfinished_kept,
    )
    return train_and_publish(context, open_store, training)


def base_folder(store: Store) -> Path:
    """Return where the base generator lies, if there is one."""
    folder = store.folder("base_generator", "all")
    restore_folder(folder)
    return folder


def start_for(
    store: Store, tensors: BinaryIO, settings: FilledSettings, log: logging.Logger
) -> "TrainedNetworks | None":
    """Return the base's networks for a set with few covers, or None where it starts from nothing.

    Raises DamagedArtifactError and NetworksFileError when they are damaged.
    """
    from kpop_assets.covers.tensors import count_of_tensors

    folder = base_folder(store)
    if not (folder / RECORD_FILE).exists():
        return None
    record = training_record(folder)
    if count_of_tensors(tensors) >= record.get("sets_below", 0):
        return None
    chosen = settings.model_dump()
    others = [name for name in _MUST_AGREE if record["config"][name] != chosen[name]]
    if others:
        told = ", ".join(f"{name} {record['config'][name]}, not {chosen[name]}" for name in others)
        log.warning(
            f"starting from nothing: base_generator has {told}; give both assets the same config "
            "to start from it"
        )
        return None
    from kpop_assets.training.trained_networks import read_networks

    path = folder / NETWORKS_FILE
    file_as_written(path, folder, record.get("files"), trained_asset(folder))
    return read_networks(path)


def _kept_record(folder: Path, sets_below: int, log: logging.Logger) -> GeneratorRecord | None:
    """Return the record of the base that is there, which says from now on who starts from it.

    None where there is none, or where the base is not as it was written.
    """
    asset = trained_asset(folder)
    try:
        kept = training_record(folder)
        for name in (MODEL_FILE, NETWORKS_FILE):
            file_as_written(folder / name, folder, kept.get("files"), asset)
    except MissingArtifactError:
        return None
    except DamagedArtifactError as error:
        log.warning(f"the base that is there counts as none: {error}")
        return None
    if kept.get("sets_below") != sets_below:
        kept["sets_below"] = sets_below
        with atomic_file(folder / RECORD_FILE) as file:
            file.write(record_bytes(kept, asset))
    return kept


def _fingerprint(config: BaseConfig, settings: FilledSettings, hashes: list[str]) -> str:
    chosen = settings.model_dump(exclude=set(WITHOUT_EFFECT_ON_NUMBERS))
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


def _as_it_is(folder: Path, kept: GeneratorRecord | None, reason: str) -> dg.MaterializeResult:
    metadata: dict[str, Any] = {"not_trained": reason}
    if kept is None:
        return dg.MaterializeResult(data_version=dg.DataVersion("none"), metadata=metadata)
    metadata["file"] = dg.MetadataValue.path(folder / MODEL_FILE)
    return dg.MaterializeResult(data_version=data_version_of(kept), metadata=metadata)
