"""The year-end album chart."""

from datetime import UTC, datetime

import dagster as dg

from kpop_assets.assets.versions import table_version
from kpop_assets.config import ChartConfig
from kpop_assets.site_resource import SiteResource
from kpop_assets.tables import Table


@dg.asset(
    group_name="chart",
    kinds={"pandas", "parquet"},
    code_version="1",
    io_manager_key="tables",
)
def gaon_year_end_top10(
    context: dg.AssetExecutionContext, config: ChartConfig, sites: SiteResource
) -> dg.MaterializeResult[Table]:
    """The Gaon (today Circle) year-end album chart: ten entries a year from 2010 on.

    Album titles are as printed (`album_printed`) and without version remarks such as "(Kiss Ver.)"
    (`album`, `version`). The artist type comes from data/reference/artist_types.csv and is empty
    for an artist who is not in it; a check names such artists.
    """
    from kpop_assets.assets import chart_entries

    last_year = config.last_year or datetime.now(UTC).year - 1
    with sites.session() as session:
        rows, empty_years = chart_entries.fetched_rows(session, config.first_year, last_year)
    context.log.info(f"{len(rows)} chart entries, {config.first_year} to {last_year}")
    if empty_years:
        context.log.warning(f"not on the chart yet: {', '.join(map(str, empty_years))}")
    table = chart_entries.chart_table(rows).assign(sites=sites.sites)
    return dg.MaterializeResult(
        value=table,
        data_version=table_version(table, chart_entries.CONTENT),
        metadata={
            "years": f"{table['year'].min()} to {table['year'].max()}",
            "years_without_entries": empty_years,
            "artists": int(table["artist"].nunique()),
            "artist_types": table["artist_type"].value_counts().to_dict(),
            "sites": sites.sites,
            "newest_year": dg.MetadataValue.table(
                [dg.TableRecord(entry) for entry in chart_entries.newest_year(table)]
            ),
        },
    )
