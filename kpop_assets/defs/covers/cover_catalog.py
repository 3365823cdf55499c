"""The catalog: which picture belongs to which cover set."""

from collections.abc import Callable

import dagster as dg
from pydantic import Field, field_validator

from kpop_assets.covers.sets import COVER_SETS, TrainingUses
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.previews import picture_previews
from kpop_assets.defs.progress import with_progress
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.turns import unless_just_made
from kpop_assets.defs.versions import catalog_version
from kpop_assets.defs.world import settings_in_use
from kpop_assets.project import project_file
from kpop_assets.store.tables import Table

DAMAGED_SHOWN = 50
DAMAGED_LOGGED = 1_000
DESCRIPTION = """Which picture belongs to which cover set; one row per distinct picture.

`popular` holds the chart covers, `boy` and `girl` those by artist type, `general` the other
pictures that nearly equal no chart cover: by perceptual hash, plain and minimal covers by their
look. Of pictures that nearly equal each other a set holds one, their `representative`: the largest,
then the earliest. The config can keep all of them. Pictures that
data/reference/rejected_covers.csv lists stay here, with the reason in `rejected`, but belong to no
set; `make review` shows those that may be no covers (`not_cover_reasons`). Materialize the catalog
again after changing that table. Pictures that are gone from the store or damaged there are named;
materialize the asset that found them again."""


class CatalogConfig(dg.Config):
    """Which pictures the cover sets hold."""

    training_uses: TrainingUses = Field(
        TrainingUses.one,
        description="one keeps one cover of those that show the same picture, the largest; all "
        "keeps every one of them.",
    )
    rejected_covers: str = Field(
        "data/reference/rejected_covers.csv",
        description="Table (hash,reason) of pictures that a person took out of all sets. A "
        "relative path counts from the project.",
    )

    @field_validator("rejected_covers")
    @classmethod
    def _table_is_readable(cls, value: str) -> str:
        from kpop_assets.covers.curating.rejected import rejected_covers

        rejected_covers(project_file(value))
        return value


def _catalog_asset(
    function: Callable[..., dg.MaterializeResult[Table]],
) -> dg.AssetsDefinition:
    return dg.asset(
        name="cover_catalog",
        group_name="covers",
        kinds={"pandas", "parquet"},
        code_version="4",
        io_manager_key="tables",
        description=DESCRIPTION,
        automation_condition=WHEN_CONTENT_CHANGED,
    )(unless_just_made(function))


@_catalog_asset
def cover_catalog_of_sites(
    context: dg.AssetExecutionContext,
    config: CatalogConfig,
    melon_covers: Table,
    crawled_covers: Table,
    store: StoreResource,
) -> dg.MaterializeResult[Table]:
    """Return the catalog of the covers that the sites gave."""
    chart_covers = melon_covers[melon_covers["hash"].notna()]
    return _catalog(context, config, store, chart_covers, crawled_covers)


@_catalog_asset
def cover_catalog_of_folder(
    context: dg.AssetExecutionContext,
    config: CatalogConfig,
    folder_covers: Table,
    store: StoreResource,
) -> dg.MaterializeResult[Table]:
    """Return the catalog of one's own pictures."""
    has_type = folder_covers["artist_type"].notna()
    return _catalog(context, config, store, folder_covers[has_type], folder_covers[~has_type])


def definitions() -> dg.Definitions:
    """Return the catalog of the world that covers come from."""
    own = settings_in_use().covers_dir is not None
    return dg.Definitions(assets=[cover_catalog_of_folder if own else cover_catalog_of_sites])


def _catalog(
    context: dg.AssetExecutionContext,
    config: CatalogConfig,
    store: StoreResource,
    chart_covers: Table,
    general_covers: Table,
) -> dg.MaterializeResult[Table]:
    import pandas as pd

    from kpop_assets.covers.curating.catalog import catalog_table
    from kpop_assets.covers.curating.rejected import rejected_covers
    from kpop_assets.defs.covers.catalog_metadata import catalog_metadata
    from kpop_assets.harvest.pictures import examined

    rejected = rejected_covers(project_file(config.rejected_covers), context.log.warning)
    only_general = {*general_covers["hash"]} - {*chart_covers["hash"], *rejected}
    covers = pd.concat(
        [table[["hash", "width", "height"]] for table in (chart_covers, general_covers)]
    )
    looked_at = examined(store.open(), covers, only_general)
    pictures = covers["hash"].nunique()
    shown = dict(with_progress(looked_at, pictures, "pictures looked at", context.log.info))
    damaged = {name: one.damage for name, one in shown.items() if one.damage}
    reasons = {name: one.reasons for name, one in shown.items() if one.reasons is not None}
    for name, why in list(damaged.items())[:DAMAGED_LOGGED]:
        context.log.warning(f"the picture {name} cannot be used: {why}")
    catalog = catalog_table(
        chart_covers,
        general_covers,
        training_uses=config.training_uses,
        rejected=rejected,
        not_cover_reasons=reasons,
        looks={name: one.look for name, one in shown.items() if one.look},
    )
    metadata = catalog_metadata(chart_covers, catalog)
    sizes = {name: metadata[f"covers_{name}"] for name in COVER_SETS}
    context.log.info(
        f"covers by set: {sizes}; {metadata['repeats']} pictures repeat "
        f"others, {metadata['may_be_no_covers']} may be no covers (make review), "
        f"{metadata['rejected']} are rejected"
    )
    return dg.MaterializeResult(
        value=catalog,
        data_version=catalog_version(catalog),
        metadata={
            **picture_previews(store.open(), catalog["hash"].tolist(), "catalog"),
            "training_uses": config.training_uses.value,
            "not_measured": len(only_general) - len(reasons),
            "damaged_pictures": len(damaged),
            "damaged_by_hash": dict(list(damaged.items())[:DAMAGED_SHOWN]),
            **metadata,
        },
    )
