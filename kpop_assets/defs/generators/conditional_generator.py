"""One generator of all covers that is told what a cover is to be: its set, its year."""

import functools
import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Self

import dagster as dg
import numpy as np
from pydantic import Field, model_validator

from kpop_assets.covers.folder import CoversFolder
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
from kpop_assets.defs.world import settings_in_use
from kpop_assets.models.conditional.conditions import Conditions, Value, conditions_of_columns
from kpop_assets.models.errors import ConditionError
from kpop_assets.models.published import ALL_SETS, same_training, trained_asset
from kpop_assets.models.recipes import DEFAULT_RECIPE
from kpop_assets.store.artifacts import Store
from kpop_assets.store.tables import Table, read_table, stored_table, write_table

ASSET, NAME = "conditional_generator", "conditional"
COVERS_FILE = "covers.parquet"
FOLDER_COVERS = "folder_covers"
SET, YEAR = "set", "year"
_KINDS = ("boy", "girl", "general")


class ConditionalConfig(TensorConfig, TrainingConfig):
    """The training of the generator that is told what a cover is to be."""

    conditions: list[str] = Field(
        [SET, YEAR],
        description="What it can be told: set (boy, girl, mixed or general), year, or a column of "
        "the covers.csv of one's own pictures, such as genre. Columns of numbers are ranges, "
        "others choices of their 12 most frequent values. A column with one value is left out. [] "
        "trains nothing.",
    )
    guidance: float = Field(
        0.0,
        ge=0,
        lt=10,
        description="With more than 0 covers of other kinds push, so that what sets a kind apart "
        "grows stronger; 0.5 is a good first try.",
    )

    @model_validator(mode="after")
    def _recipe_can_be_told(self) -> Self:
        if self.recipe != DEFAULT_RECIPE:
            raise ValueError(
                f"expected the recipe {DEFAULT_RECIPE}, the one that can be told what a cover is "
                f"to be, got {self.recipe}; leave the field out"
            )
        return self


def conditional_generator_asset(folder: CoversFolder | None) -> dg.AssetsDefinition:
    """Return the asset; `folder` is that of one's own pictures, if covers come from there."""

    @dg.asset(
        group_name="training",
        pool=TRAINING,
        kinds={"tensorflow"},
        code_version=CODE_VERSION,
        deps=[FOLDER_COVERS] if folder else [],
        automation_condition=WHEN_CONTENT_CHANGED,
    )
    def conditional_generator(
        context: dg.AssetExecutionContext,
        config: ConditionalConfig,
        cover_catalog: Table,
        store: StoreResource,
    ) -> Iterator[dg.MaterializeResult]:
        """One generator of the covers of all sets, told which set and year a cover is to be of.

        Each generated cover drifts to the real ones of its kind; small sets are drawn more than
        their share. A cover whose year is not known takes part without. It is trained once for a
        config and a catalog, whichever set a run is of, and resumes as the sets' generators do.
        """
        open_store = store.open()
        members = cover_catalog[cover_catalog["cover_sets"].map(len) > 0]
        columns = {name: _column(open_store, members, name, folder) for name in config.conditions}
        conditions = conditions_of_columns(columns)
        reason = _reason_not_to_train(len(members), conditions, config.conditions)
        if reason is not None:
            context.log.warning(f"not trained: {reason}")
            observed = dg.AssetObservation(context.asset_key, metadata={"not_trained": reason})
            context.log_event(observed)
            yield dg.MaterializeResult(metadata=NOT_REPORTED)
            return
        with turn(context, store):
            yield _trained(context, config, open_store, members, columns, conditions)

    return conditional_generator


def definitions() -> dg.Definitions:
    """Return the generator, with the columns of one's own pictures where there are any."""
    own = settings_in_use().covers_dir
    return dg.Definitions(assets=[conditional_generator_asset(CoversFolder(own) if own else None)])


def conditional_generators(store: Store) -> Path:
    """Return the folder with the generators that can be told what a cover is to be."""
    return store.folder(ASSET, ALL_SETS)


def learned_covers(folder: Path) -> Table:
    """Return the covers that a generator learned from: `hash`, and a column for each condition.

    Raises MissingArtifactError and DamagedArtifactError.
    """
    return read_table(folder / COVERS_FILE, trained_asset(folder))


def _write_covers_table(table: Table, folder: Path) -> None:
    with (folder / COVERS_FILE).open("wb") as file:
        write_table(file, table, ASSET)


def _trained(
    context: dg.AssetExecutionContext,
    config: ConditionalConfig,
    store: Store,
    members: Table,
    columns: Mapping[str, Sequence[Value]],
    conditions: Conditions,
) -> dg.MaterializeResult:
    import pandas as pd

    from kpop_assets.models.conditional.told_covers import ToldCovers

    places = conditions.places_of(columns, len(members))
    settings = config.for_cover_set("")
    told = ToldCovers(conditions, places, config.guidance)
    chosen = settings.model_dump(exclude=set(settings.without_effect))
    content = [CODE_VERSION, config.squaring, chosen, members["hash"].tolist(), told.digest]
    fingerprint = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    folder = conditional_generators(store) / settings.short_name(fingerprint)
    before = same_training(folder, fingerprint, context.log.warning)
    training = Training(
        name=NAME,
        tensors=checkpoints_folder(store, NAME, settings) / "covers.parquet",
        settings=settings,
        folder=folder,
        about={"fingerprint": fingerprint, "conditions": conditions.described()},
        told=told,
        unfinished_kept=config.unfinished_kept,
        finished_kept=config.finished_kept,
    )
    if before is None or config.train_again:
        written = write_covers(
            store,
            members,
            config.squaring,
            training.tensors,
            NAME,
            context.log.info,
            settings.image_size,
        )
        there = members["hash"].isin(written.hashes).to_numpy()
        table = pd.DataFrame({"hash": members["hash"].to_numpy(), **columns})[there]
        context.log.info(f"{len(table)} covers, {len(written.skipped)} skipped; {conditions}")
        of_there = replace(
            training,
            told=ToldCovers(conditions, places[there], config.guidance),
            write_more=functools.partial(_write_covers_table, table),
        )
        result = train_and_publish(context, store, of_there)
    else:
        result = trained_before(context, before)
    training.take_as_current(context.log)
    return result


def _column(store: Store, members: Table, name: str, folder: CoversFolder | None) -> list[Value]:
    """Return what the covers are by one condition, None where it is not known."""
    if name == SET:
        return [_kind(list(sets)) for sets in members["cover_sets"]]
    if name == YEAR:
        return [None if np.isnan(year) else year for year in members["year"].astype(float)]
    if folder is None:
        raise ConditionError(
            f"expected conditions among {SET} and {YEAR}, got {name}; other columns are those of a "
            "covers.csv, so set KPOP_COVERS_DIR"
        )
    cells, listed = folder.cells(name), stored_table(store, FOLDER_COVERS)
    files = dict(zip(listed["hash"], listed["file"], strict=True))
    return [cells.get(files.get(cover, "")) or None for cover in members["hash"]]


def _kind(cover_sets: list[str]) -> str:
    """Return boy, girl or general, or mixed for a chart cover that is none of these."""
    return next((kind for kind in _KINDS if kind in cover_sets), "mixed")


def _reason_not_to_train(covers: int, conditions: Conditions, asked: list[str]) -> str | None:
    if covers < FEWEST_TO_TRAIN:
        return f"all sets together have {covers} covers, fewer than {FEWEST_TO_TRAIN}"
    if not asked:
        return "no conditions are asked for"
    if not conditions.fields:
        return f"the covers are all alike by {', '.join(asked)}"
    return None
