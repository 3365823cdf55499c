"""Covers of the chart entries."""

import dagster as dg

from kpop_assets.assets.previews import picture_previews
from kpop_assets.assets.versions import table_version
from kpop_assets.automation import WHEN_CONTENT_CHANGED
from kpop_assets.site_resource import SiteResource
from kpop_assets.storage import StoreResource
from kpop_assets.tables import Table


@dg.asset(
    group_name="chart",
    kinds={"pandas", "image"},
    code_version="1",
    io_manager_key="tables",
    automation_condition=WHEN_CONTENT_CHANGED,
)
def melon_covers(
    context: dg.AssetExecutionContext,
    gaon_year_end_top10: Table,
    sites: SiteResource,
    store: StoreResource,
) -> dg.MaterializeResult[Table]:
    """One cover from Melon for each distinct album of the chart, one row per chart entry.

    `exact` tells whether artist and title are the chart's; an entry without a cover has the
    `reason`. Pictures lie in the store once each, re-encoded, under the SHA-256 of their content.
    """
    from kpop_assets.assets import entry_covers

    with sites.session() as session:
        table = entry_covers.covers_of_entries(
            gaon_year_end_top10, session, store.open(), context.log.info
        ).assign(sites=sites.sites)
    found = table[table["hash"].notna()]
    if found.empty:
        raise entry_covers.NoCoversError(
            f"expected covers for {len(table)} chart entries, but none was found; first reason: "
            f"{table['reason'].iloc[0]}"
        )
    without = table[table["hash"].isna()]
    context.log.info(
        f"{len(found)} of {len(table)} entries have a cover, "
        f"{found['hash'].nunique()} distinct pictures"
    )
    return dg.MaterializeResult(
        value=table,
        data_version=table_version(table, entry_covers.CONTENT),
        metadata={
            **picture_previews(store.open(), found["hash"].unique().tolist(), "chart covers"),
            "entries_with_cover": len(found),
            "entries_without_cover": len(without),
            "without_cover": [
                f"{row.year} #{row.rank} {row.artist}, {row.album}: {row.reason}"
                for row in without.itertuples()
            ],
            "distinct_pictures": int(found["hash"].nunique()),
            "inexact_matches": int((~found["exact"].astype(bool)).sum()),
            "sites": sites.sites,
        },
    )
