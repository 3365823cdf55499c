"""The year-end album chart."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

import dagster as dg
from pydantic import Field, model_validator

from kpop_assets.artist_names import artist_key
from kpop_assets.defs.cluster.source_retries import asked_again
from kpop_assets.defs.freshness import (
    CHART_FRESHNESS,
    kept_from_before,
    sources_answered,
    sources_answered_spec,
)
from kpop_assets.defs.pools import CHART_SITE
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.turns import unless_just_made
from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.defs.versions import table_version
from kpop_assets.defs.world import of_sites
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.sites.charts.chart_rows import DEEPEST_RANK
from kpop_assets.sites.json_answers import LATEST_YEAR
from kpop_assets.store.tables import Table


class ChartConfig(dg.Config):
    """Which years of the chart, how deep, and where from."""

    first_year: int = Field(2010, ge=2010, description="First year; the chart began in 2010.")
    last_year: int | None = Field(
        None, le=LATEST_YEAR, description="Last year. Empty: the last finished calendar year."
    )
    chart_depth: int = Field(
        10,
        ge=10,
        le=DEEPEST_RANK,
        description="How many ranks of each year are taken, 10 to 100. covers_by_depth in the "
        "metadata says how many covers each set would have.",
    )
    refetch: bool = Field(
        False,
        description="Fetch every year again. Otherwise a finished year is fetched once and stored, "
        "except for the last one asked for.",
    )
    saved_pages: str | None = Field(
        None,
        description="Folder of saved year-end pages of the old gaonchart.co.kr, named by year "
        "(2010.html). Their years come from there. Relative paths count from the project.",
    )

    @model_validator(mode="after")
    def _years_are_in_order(self) -> Self:
        last = self.last(datetime.now(UTC))
        if self.first_year > last:
            raise ValueError(
                f"expected a first_year of up to {last}, the last year, got {self.first_year}"
            )
        return self

    def last(self, now: datetime) -> int:
        """Return the last year that is asked for."""
        return self.last_year or now.year - 1


@dg.asset(
    group_name="chart",
    pool=CHART_SITE,
    kinds={"pandas", "parquet"},
    code_version="2",
    io_manager_key="tables",
    freshness_policy=CHART_FRESHNESS,
    check_specs=[sources_answered_spec("gaon_year_end_top10")],
)
@unless_just_made
def gaon_year_end_top10(
    context: dg.AssetExecutionContext,
    config: ChartConfig,
    sites: SiteResource,
    store: StoreResource,
) -> Iterator[dg.MaterializeResult[Table]]:
    """The Gaon (today Circle) year-end album chart: ten entries a year from 2010 on, or deeper.

    Each year is fetched once and stored; the last one is fetched each time, all with `refetch`. A
    stored year outlives a site that is down, empty or changed. Album titles are as printed
    (`album_printed`) and without version remarks such as "(Kiss Ver.)" (`album`, `version`). The
    artist type comes from data/reference/artist_types.csv and is empty for an artist who is not in
    it; a check names such artists.
    """
    from kpop_assets.harvest import chart_entries, chart_years
    from kpop_assets.sample_world.deeper_chart import invented_artist_types
    from kpop_assets.sites.charts.gaon_pages import saved_pages

    last_year = config.last(sites.now())
    folder = config.saved_pages and PROJECT_FOLDER / Path(config.saved_pages).expanduser()
    pages = saved_pages(folder) if folder else {}
    with asked_again(context, sites), sites.session() as session:
        years = chart_years.chart_years(
            session,
            store.open(),
            config.first_year,
            last_year,
            refetch=config.refetch,
            saved_pages=pages,
            warn=context.log.warning,
        )
    types = chart_entries.artist_types(context.log.warning)
    if sites.sites == "sample":
        types |= invented_artist_types()
    table = chart_entries.chart_table(years.down_to(config.chart_depth), types)
    context.log.info(f"{len(table)} chart entries, {config.first_year} to {last_year}")
    if years.empty:
        context.log.warning(f"not on the chart yet: {', '.join(map(str, years.empty))}")
    every_row = years.down_to(DEEPEST_RANK)
    table = table.assign(
        sites=sites.sites,
        kept_because=table["year"].map(years.not_refreshed).astype("string"),
    )
    yield dg.MaterializeResult(
        value=table,
        check_results=[sources_answered(kept_from_before(table))],
        data_version=table_version(table, chart_entries.CONTENT),
        metadata={
            "years": f"{table['year'].min()} to {table['year'].max()}",
            "years_without_entries": years.empty,
            "years_fetched": years.fetched,
            "years_not_refreshed": {str(year): why for year, why in years.not_refreshed.items()},
            "left_out_of_years": {
                str(year): "; ".join(sentences) for year, sentences in years.left_out.items()
            },
            "years_from_saved_pages": [year for year in years.rows if year in pages],
            "artists": int(table["artist"].map(artist_key).nunique()),
            "artist_types": table["artist_type"].value_counts().to_dict(),
            "chart_depth": config.chart_depth,
            "covers_by_depth": dg.MetadataValue.table(
                [
                    dg.TableRecord(dict(counts))
                    for counts in chart_entries.covers_by_depth(every_row, types)
                ]
            ),
            "sites": sites.sites,
            "newest_year": dg.MetadataValue.table(
                [dg.TableRecord(entry) for entry in chart_entries.newest_year(table)]
            ),
        },
    )


def definitions() -> dg.Definitions:
    """Return the chart, in the world of the sites."""
    return of_sites(gaon_year_end_top10)
