"""Whose albums the chart has."""

import dagster as dg

from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.world import of_sites
from kpop_assets.store.tables import Table

ENTRY = ["year", "rank", "artist", "album"]
"""What names an entry of the chart: several may share a rank."""


@dg.asset(
    group_name="insight",
    kinds={"pandas", "parquet"},
    code_version="2",
    io_manager_key="tables",
    automation_condition=WHEN_CONTENT_CHANGED,
)
def chart_diversity(
    context: dg.AssetExecutionContext,
    gaon_year_end_top10: Table,
    melon_covers: Table,
    cover_catalog: Table,
) -> dg.MaterializeResult[Table]:
    """By year: entries by artist type, distinct acts, entries that share a picture, the top act.

    Entries share a picture when their covers nearly equal each other: reissues and versions. The
    last row is that of all years.
    """
    from kpop_assets.insight.chart_diversity import diversity_by_year

    entries = gaon_year_end_top10[[*ENTRY, "artist_type"]]
    sites = ", ".join(sorted(gaon_year_end_top10["sites"].unique()))
    covers = melon_covers[[*ENTRY, "hash"]].drop_duplicates(ENTRY)
    representative = dict(zip(cover_catalog["hash"], cover_catalog["representative"], strict=True))
    entries = entries.merge(covers, on=ENTRY, how="left")
    table = diversity_by_year(entries.assign(representative=entries["hash"].map(representative)))
    table["sites"] = sites
    total = table.iloc[-1]
    context.log.info(
        f"{total['entries']} entries of {total['acts']} acts, {total['girl']} by women; "
        f"{total['sharing']} share a picture with another"
    )
    return dg.MaterializeResult(
        value=table,
        metadata={
            "by_year": dg.MetadataValue.table(
                [
                    dg.TableRecord({str(k): v for k, v in row.items()})
                    for row in table.to_dict("records")
                ]
            ),
            "acts": int(total["acts"]),
            "share_of_girl_entries": round(float(total["girl"] / total["entries"]), 3),
            "top_act": total["top_act"],
            "share_of_top_act": float(total["top_share"]),
            "sites": sites,
        },
    )


def definitions() -> dg.Definitions:
    """Return what the chart says, in the world of the sites."""
    return of_sites(chart_diversity)
