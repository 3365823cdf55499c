"""The trained generator of each cover set."""

import dagster as dg
from pydantic import Field

from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.covers.cover_tensors import opened_tensors, tensor_path
from kpop_assets.defs.generators.base_generator import start_for
from kpop_assets.defs.generators.generated_checks import LOSSES_ARE_FINITE, finite_losses
from kpop_assets.defs.generators.training.training_config import TrainingConfig
from kpop_assets.defs.generators.training.training_run import (
    CODE_VERSION,
    Training,
    train_and_publish,
)
from kpop_assets.defs.partitions import COVER_SET_PARTITIONS
from kpop_assets.defs.resources import StoreResource
from kpop_assets.models.published import training_record

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
    kinds={"tensorflow"},
    code_version=CODE_VERSION,
    partitions_def=COVER_SET_PARTITIONS,
    deps=["cover_tensors", "base_generator"],
    check_specs=[LOSSES_ARE_FINITE],
    automation_condition=WHEN_COVERS_CHANGED,
)
def cover_generator(
    context: dg.AssetExecutionContext, config: GeneratorConfig, store: StoreResource
) -> dg.MaterializeResult:
    """The generator trained on a cover set, with its losses, evaluations and provenance.

    It is the best by an evaluation every so many steps: KID on a network that no recipe trains
    with, where copies of training covers count against it. A set with few covers starts from
    base_generator. A run that was killed goes on from its last checkpoint when it is started again
    with the same config and covers. One run at a time trains a set.
    """
    cover_set = context.partition_key
    settings = config.for_cover_set(cover_set)
    open_store = store.open()
    tensors = tensor_path(open_store, cover_set)
    with opened_tensors(open_store, cover_set) as file:
        start = start_for(open_store, file, settings, context.log) if config.from_base else None
    training = Training(
        name=cover_set,
        tensors=tensors,
        settings=settings,
        folder=open_store.folder("cover_generator", cover_set),
        about={"cover_set": cover_set},
        partition=cover_set,
        start=start,
        unfinished_kept=config.unfinished_kept,
    )
    result = train_and_publish(context, open_store, training)
    losses = training_record(training.folder)["losses"]
    return result._replace(check_results=[finite_losses(losses)])
