"""What must hold of the chart."""

import dagster as dg

from kpop_assets.tables import Table


@dg.asset_check(asset="gaon_year_end_top10", description="Ranks 1 to 10 once each in every year.")
def ten_entries_each_year(gaon_year_end_top10: Table) -> dg.AssetCheckResult:
    """Fail when a year has not exactly the ranks 1 to 10."""
    ranks = gaon_year_end_top10.groupby("year")["rank"].apply(sorted)
    wrong = {str(year): found for year, found in ranks.items() if found != list(range(1, 11))}
    return dg.AssetCheckResult(
        passed=not wrong,
        description=f"years with other ranks: {wrong}" if wrong else f"{len(ranks)} years",
        metadata={"years": len(ranks), "wrong_years": wrong},
    )


@dg.asset_check(
    asset="gaon_year_end_top10",
    description="Every artist stands in data/reference/artist_types.csv. Add those named there; "
    "until then their covers belong to popular only.",
)
def every_artist_has_a_type(gaon_year_end_top10: Table) -> dg.AssetCheckResult:
    """Warn with the names of artists whose type nobody entered."""
    untyped = gaon_year_end_top10["artist_type"].isna()
    artists = sorted(gaon_year_end_top10.loc[untyped, "artist"].unique())
    return dg.AssetCheckResult(
        passed=not artists,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"artists without a type: {', '.join(artists)}" if artists else "all typed",
        metadata={"artists": artists},
    )
