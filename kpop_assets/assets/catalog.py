"""The catalog: which picture belongs to which cover set."""

from collections.abc import Callable

import dagster as dg

from kpop_assets.assets.previews import picture_previews
from kpop_assets.assets.versions import table_version
from kpop_assets.automation import WHEN_CONTENT_CHANGED
from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.storage import StoreResource
from kpop_assets.tables import Table

DESCRIPTION = """Which picture belongs to which cover set; one row per distinct picture.

`popular` holds every chart cover, `boy` and `girl` those by artist type, `general` the other
pictures without near-duplicates (perceptual hash) of a chart cover or of each other."""


def _catalog_asset(
    function: Callable[..., dg.MaterializeResult[Table]],
) -> dg.AssetsDefinition:
    return dg.asset(
        name="cover_catalog",
        group_name="covers",
        kinds={"pandas", "parquet"},
        code_version="1",
        io_manager_key="tables",
        description=DESCRIPTION,
        automation_condition=WHEN_CONTENT_CHANGED,
    )(function)


@_catalog_asset
def cover_catalog_of_sites(
    context: dg.AssetExecutionContext,
    melon_covers: Table,
    crawled_covers: Table,
    store: StoreResource,
) -> dg.MaterializeResult[Table]:
    """Return the catalog of the covers that the sites gave."""
    chart_covers = melon_covers[melon_covers["hash"].notna()]
    return _catalog(context, store, chart_covers, crawled_covers)


@_catalog_asset
def cover_catalog_of_folder(
    context: dg.AssetExecutionContext, folder_covers: Table, store: StoreResource
) -> dg.MaterializeResult[Table]:
    """Return the catalog of one's own pictures."""
    has_type = folder_covers["artist_type"].notna()
    return _catalog(context, store, folder_covers[has_type], folder_covers[~has_type])


def _catalog(
    context: dg.AssetExecutionContext,
    store: StoreResource,
    chart_covers: Table,
    general_covers: Table,
) -> dg.MaterializeResult[Table]:
    from kpop_assets.covers.catalog import catalog_table

    catalog = catalog_table(chart_covers, general_covers)
    sizes = {name: int(sum(name in sets for sets in catalog["cover_sets"])) for name in COVER_SETS}
    repeats = catalog["near_duplicate_of"].notna()
    context.log.info(f"covers by set: {sizes}; {repeats.sum()} near-duplicates marked")
    return dg.MaterializeResult(
        value=catalog,
        data_version=table_version(catalog, ["hash", "cover_sets"]),
        metadata={
            **picture_previews(store.open(), catalog["hash"].tolist(), "catalog"),
            **{f"covers_{name}": count for name, count in sizes.items()},
            "near_duplicates_in_general": int((repeats & (catalog["origin"] == "general")).sum()),
            "near_duplicates_in_popular": int((repeats & (catalog["origin"] == "chart")).sum()),
            "sites": ", ".join(sorted(catalog["sites"].unique())),
        },
    )
