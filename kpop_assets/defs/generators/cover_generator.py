"""The trained generator of each cover set."""

import hashlib
import json
from collections.abc import Iterator
from importlib.metadata import version
from typing import TYPE_CHECKING, BinaryIO

import dagster as dg
from pydantic import Field

from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.covers.cover_tensors import opened_tensors, tensor_path
from kpop_assets.defs.generators.base_generator import start_for
from kpop_assets.defs.generators.generated_checks import LOSSES_ARE_FINITE, finite_losses
from kpop_assets.defs.generators.training_config import TrainingConfig
from kpop_assets.defs.generators.training_run import (
    CODE_VERSION,
    Training,
    train_and_publish,
)
from kpop_assets.defs.partitions import COVER_SET_PARTITIONS
from kpop_assets.defs.pools import TRAINING
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.turns import turn
from kpop_assets.defs.training.published_training import trained_before
from kpop_assets.models.published import same_training, training_record
from kpop_assets.models.settings import FilledSettings

if TYPE_CHECKING:
    from kpop_assets.training.trained_networks import TrainedNetworks

WHEN_COVERS_CHANGED = WHEN_CONTENT_CHANGED.ignore(dg.AssetSelection.assets("base_generator"))
"""A new base alone asks for no training."""


class GeneratorConfig(TrainingConfig):
    """The training of a cover set's generator."""

    from_base: bool = Field(
        True,
        description="Start a set with few covers from base_generator, if there is one with the "
        "same recipe, image_size, noise_size and width. false always starts from nothing.",
    )


@dg.asset(
    group_name="training",
    pool=TRAINING,
    kinds={"tensorflow"},
    code_version=CODE_VERSION,
    partitions_def=COVER_SET_PARTITIONS,
    deps=["cover_tensors", "base_generator"],
    check_specs=[LOSSES_ARE_FINITE],
    automation_condition=WHEN_COVERS_CHANGED,
)
def cover_generator(
    context: dg.AssetExecutionContext, config: GeneratorConfig, store: StoreResource
) -> Iterator[dg.MaterializeResult]:
    """The generator trained on a cover set, with its losses, evaluations and provenance.

    It is the best by an evaluation every so many steps: KID on a network that no recipe trains
    with, where copies of training covers count against it. A set with few covers starts from
    base_generator. A run that was killed goes on from its last checkpoint when it is started again
    with the same config and covers. One run at a time trains a set; others wait and take over what
    it made. Earlier generators stay beside it (`finished_kept`); what follows is made from the one
    that was materialized last.
    """
    cover_set = context.partition_key
    settings = config.for_cover_set(cover_set)
    open_store = store.open()
    tensors = tensor_path(open_store, cover_set)
    with opened_tensors(open_store, cover_set) as file:
        start = start_for(open_store, file, settings, context.log) if config.from_base else None
        fingerprint = _fingerprint(settings, file, start)
    folder = open_store.folder("cover_generator", cover_set) / settings.short_name(fingerprint)
    training = Training(
        name=cover_set,
        tensors=tensors,
        settings=settings,
        folder=folder,
        about={"cover_set": cover_set, "fingerprint": fingerprint},
        partition=cover_set,
        start=start,
        unfinished_kept=config.unfinished_kept,
        finished_kept=config.finished_kept,
    )
    with turn(context, store):
        before = same_training(folder, fingerprint, context.log.warning)
        if before is None or config.train_again:
            result = train_and_publish(context, open_store, training)
        else:
            context.log.info(f"{folder.name} is of this config and these covers")
            result = trained_before(context, before)
        training.take_as_current(context.log)
        yield result._replace(check_results=[finite_losses(training_record(folder)["losses"])])


def _fingerprint(
    settings: FilledSettings, tensors: BinaryIO, start: "TrainedNetworks | None"
) -> str:
    """Return a SHA-256 of all that decides the weights and the film of a training."""
    from kpop_assets.covers.resized import file_digest

    chosen = settings.model_dump(exclude=set(settings.without_effect - {"frame_every"}))
    versions = [CODE_VERSION, version("kpop_assets"), version("tensorflow")]
    content = [*versions, chosen, file_digest(tensors), start.digest if start else None]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
