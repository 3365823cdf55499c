"""What must hold of the chart."""

from collections import Counter

import dagster as dg

from kpop_assets.defs.world import of_sites
from kpop_assets.store.tables import Table

FEWEST_RANKS = 10
EARLY_RANKS, EARLY_UNTIL = 50, 2015
"""The charts of the first years reached rank 50."""

LEAST_WITH_COVER = 0.9
SHOWN_ROWS = 200


@dg.asset_check(
    asset="gaon_year_end_top10",
    description="Every year has the ranks from 1 to the depth of the chart once each (to 50 at "
    "least in the years until 2015). Two entries at rank 2 are a tie when nothing is at rank 3.",
)
def ranks_without_gaps(gaon_year_end_top10: Table) -> dg.AssetCheckResult:
    """Fail when a year lacks or repeats a rank, and show the years' entries around it.

    The depth is the deepest rank of any year, 10 at least. So many entries as share a rank take
    the ranks after it: 1, 2, 2, 4.
    """
    depth = max(FEWEST_RANKS, int(gaon_year_end_top10["rank"].max()))
    wrong, suspects = {}, []
    for year in sorted(gaon_year_end_top10["year"].unique()):
        entries = gaon_year_end_top10[gaon_year_end_top10["year"] == year]
        ends = min(depth, EARLY_RANKS) if year <= EARLY_UNTIL else depth
        entries_at = Counter(int(rank) for rank in entries["rank"])
        taken = {rank: set(range(rank + 1, rank + n)) for rank, n in entries_at.items()}
        expected = range(1, max(ends, *entries_at) + 1)
        missing = sorted(set(expected) - entries_at.keys() - set().union(*taken.values()))
        repeated = sorted(rank for rank in taken if taken[rank] & entries_at.keys())
        if not missing and not repeated:
            continue
        wrong[str(year)] = {"missing": missing, "repeated": repeated}
        near = {rank + step for rank in missing for step in (-1, 1)}
        suspects.append(entries[entries["rank"].isin(near.union(repeated))])
    years = int(gaon_year_end_top10["year"].nunique())
    return dg.AssetCheckResult(
        passed=not wrong,
        description=f"years with other ranks: {wrong}" if wrong else f"{years} years",
        metadata={
            "years": years,
            "depth": depth,
            "wrong_years": wrong,
            **_shown("entries_around", suspects),
        },
    )


@dg.asset_check(
    asset="gaon_year_end_top10",
    description="Within a year no entry sold more than one that is ranked above it; entries "
    "without sales are passed over.",
)
def sales_do_not_rise_with_rank(gaon_year_end_top10: Table) -> dg.AssetCheckResult:
    """Fail when an entry sold more than one above it, and show each with the one it outsold."""
    suspects = []
    for _, entries in gaon_year_end_top10.groupby("year"):
        sold = entries[entries["sales"].notna()].sort_values("rank", kind="stable")
        rising = (sold["sales"] > sold["sales"].cummin().shift()).fillna(False)
        outsold = rising.shift(-1, fill_value=False)
        if rising.any():
            suspects.append(sold[rising | outsold])
    count = sum(len(rows) for rows in suspects)
    return dg.AssetCheckResult(
        passed=not suspects,
        description=f"sales rise with rank in {len(suspects)} years: see the {count} entries"
        if suspects
        else "sales fall with rank in every year",
        metadata=_shown("rising_entries", suspects),
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


@dg.asset_check(
    asset="melon_covers",
    description=f"At least {LEAST_WITH_COVER:.0%} of the chart entries have a cover. With fewer, "
    "popular is not what was popular: see needs_review in the metadata of melon_covers.",
)
def most_entries_have_a_cover(melon_covers: Table) -> dg.AssetCheckResult:
    """Warn when many entries have no cover."""
    share = float(melon_covers["hash"].notna().mean())
    return dg.AssetCheckResult(
        passed=share >= LEAST_WITH_COVER,
        severity=dg.AssetCheckSeverity.WARN,
        description=f"{share:.0%} of {len(melon_covers)} entries have a cover",
        metadata={"share": round(share, 3)},
    )


def _shown(name: str, suspects: list[Table]) -> dict[str, dg.TableMetadataValue]:
    """The suspect entries as a metadata table for a person to read, when there are any."""
    import pandas as pd

    rows = [
        dg.TableRecord(
            {
                "year": int(entry["year"]),
                "rank": int(entry["rank"]),
                "artist": entry["artist"],
                "album": entry["album_printed"],
                "sales": "" if pd.isna(entry["sales"]) else f"{entry['sales']:,}",
            }
        )
        for entries in suspects
        for entry in entries.sort_values("rank", kind="stable").to_dict("records")
    ]
    return {name: dg.MetadataValue.table(rows[:SHOWN_ROWS])} if rows else {}


def definitions() -> dg.Definitions:
    """Return the checks of the chart, in the world of the sites."""
    return of_sites(
        checks=[
            ranks_without_gaps,
            sales_do_not_rise_with_rank,
            every_artist_has_a_type,
            most_entries_have_a_cover,
        ]
    )
