"""When assets of the sites are overdue, and whether their sources answered.

Overdue is Dagster's own freshness policy: it looks at when an asset was last materialized. What a
run that succeeded had to keep from before, since a source failed, the check `sources_answered`
says.
"""

from collections.abc import Sequence
from datetime import timedelta

import dagster as dg

from kpop_assets.store.tables import Table

CRAWL_FRESHNESS = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(days=10), warn_window=timedelta(days=8)
)
"""The general crawl runs weekly."""
CHART_FRESHNESS = dg.FreshnessPolicy.time_window(
    fail_window=timedelta(days=400), warn_window=timedelta(days=380)
)
"""The chart of a year comes out each January."""

SOURCES_ANSWERED = "sources_answered"


def sources_answered_spec(asset: str) -> dg.AssetCheckSpec:
    """Return the check that an asset makes of itself with `sources_answered`."""
    return dg.AssetCheckSpec(
        SOURCES_ANSWERED,
        asset=asset,
        description="Every source answered, and nothing had to be kept from before. If not: see "
        f"why, and materialize {asset} again.",
    )


def sources_answered(complaints: Sequence[str]) -> dg.AssetCheckResult:
    """Return a warning with the complaints, if there are any."""
    return dg.AssetCheckResult(
        check_name=SOURCES_ANSWERED,
        passed=not complaints,
        severity=dg.AssetCheckSeverity.WARN,
        description="; ".join(complaints) or "all answered",
        metadata={"complaints": list(complaints)},
    )


def kept_from_before(table: Table) -> list[str]:
    """Return a complaint about the entries of a chart table that an earlier run fetched."""
    why = table["kept_because"].dropna().tolist()
    return [f"{len(why)} entries are those from before, the first because: {why[0]}"] if why else []
