"""Whether what came from the sites is recent: warnings, also after a run that failed."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import dagster as dg

from kpop_assets.storage import StoreResource
from kpop_assets.store import Store

CRAWL_DAYS = 10
"""The general crawl runs weekly."""
CHART_DAYS = 400
"""The chart of a year comes out each January."""


@dataclass
class Freshness:
    """What is not fresh, and when something last came."""

    latest: datetime | None
    complaints: list[str] = field(default_factory=list)

    def require_younger(self, days: int, now: datetime) -> None:
        """Complain unless something came in the last `days`."""
        if self.latest is None:
            self.complaints.append("nothing ever came")
        elif now - self.latest > timedelta(days=days):
            age = (now - self.latest).days
            self.complaints.append(f"the latest came {age} days ago, more than {days}")

    @property
    def description(self) -> str:
        """The complaints in a line, or that all is fresh."""
        return "; ".join(self.complaints) or f"fresh: the latest came {self.latest:%Y-%m-%d}"

    def result(self) -> dg.AssetCheckResult:
        """A warning with the complaints, if there are any."""
        return dg.AssetCheckResult(
            passed=not self.complaints,
            severity=dg.AssetCheckSeverity.WARN,
            description=self.description,
            metadata=self.metadata,
        )

    @property
    def metadata(self) -> dict[str, str | list[str]]:
        """When something last came, and the complaints."""
        latest = self.latest.isoformat() if self.latest else "never"
        return {"latest": latest, "complaints": self.complaints}


def crawl_freshness(store: Store, now: datetime) -> Freshness:
    """Whether the latest crawl was well and not long ago.

    It was well if it ended, and if each engine that it asked brought pictures.
    """
    from kpop_assets.assets.crawl_files import CrawlAttempt, latest_sighting

    freshness = Freshness(latest_sighting(store))
    attempt = CrawlAttempt.latest(store)
    if attempt is not None and attempt.failure is not None:
        freshness.complaints.append(
            f"the crawl of {attempt.started_at} changed nothing: {attempt.failure}"
        )
    elif attempt is not None:
        freshness.complaints += [
            f"{engine} brought nothing on {attempt.started_at}: {why}"
            for engine, why in attempt.why_nothing.items()
        ]
    freshness.require_younger(CRAWL_DAYS, now)
    return freshness


def table_freshness(store: Store, asset: str, days: int, now: datetime) -> Freshness:
    """Whether the latest row of a chart table came in the last `days`.

    That is when it was checked or, where no table says so, fetched.
    """
    import pandas as pd

    path = store.table(asset)
    latest = None
    if path.exists():
        table = pd.read_parquet(path)
        times = table["checked_at" if "checked_at" in table else "fetched_at"].dropna()
        latest = None if times.empty else times.max().to_pydatetime()
    freshness = Freshness(latest)
    freshness.require_younger(days, now)
    return freshness


def chart_covers_freshness(store: Store, now: datetime) -> Freshness:
    """Whether covers of the chart were looked up not long ago, and none had to be kept."""
    import pandas as pd

    freshness = table_freshness(store, "melon_covers", CHART_DAYS, now)
    path = store.table("melon_covers")
    covers = pd.read_parquet(path) if path.exists() else pd.DataFrame()
    kept = covers["kept_because"].dropna() if "kept_because" in covers else pd.Series(dtype=str)
    if not kept.empty:
        freshness.complaints.append(
            f"{len(kept)} entries keep their cover from before, the first because: {kept.iloc[0]}"
        )
    return freshness


def report_failed_chart_covers(
    context: dg.AssetExecutionContext, store: Store, failure: str
) -> None:
    """Enter why the covers of the chart were not looked up, as no check is run after a failure."""
    freshness = chart_covers_freshness(store, datetime.now(UTC))
    freshness.complaints.insert(0, failure)
    context.log_event(
        dg.AssetCheckEvaluation(
            asset_key=dg.AssetKey("melon_covers"),
            check_name="chart_covers_are_fresh",
            passed=False,
            severity=dg.AssetCheckSeverity.WARN,
            description=freshness.description,
            metadata=freshness.metadata,
        )
    )


def report_crawl_freshness(context: dg.AssetExecutionContext, store: Store) -> None:
    """Enter the freshness of the crawl in a run that fails, after which no check is run."""
    freshness = crawl_freshness(store, datetime.now(UTC))
    context.log_event(
        dg.AssetCheckEvaluation(
            asset_key=dg.AssetKey("crawled_covers"),
            check_name="crawl_is_fresh",
            passed=not freshness.complaints,
            severity=dg.AssetCheckSeverity.WARN,
            description=freshness.description,
            metadata=freshness.metadata,
        )
    )


@dg.asset_check(
    asset="crawled_covers",
    description="The latest crawl ended, each engine that it asked brought pictures, and it is at "
    f"most {CRAWL_DAYS} days old. If not: see why, and materialize crawled_covers again.",
)
def crawl_is_fresh(store: StoreResource) -> dg.AssetCheckResult:
    """Warn when the crawl failed, an engine brought nothing, or the last crawl is long ago."""
    return crawl_freshness(store.open(), datetime.now(UTC)).result()


@dg.asset_check(
    asset="gaon_year_end_top10",
    description=f"The newest chart was fetched at most {CHART_DAYS} days ago. If not: materialize "
    "gaon_year_end_top10 again.",
)
def chart_is_fresh(store: StoreResource) -> dg.AssetCheckResult:
    """Warn when no chart was fetched since the last January."""
    files, now = store.open(), datetime.now(UTC)
    return table_freshness(files, "gaon_year_end_top10", CHART_DAYS, now).result()


@dg.asset_check(
    asset="melon_covers",
    description=f"Covers of the chart were looked up at most {CHART_DAYS} days ago, and none had "
    "to be kept because a source failed. If not: materialize melon_covers again.",
)
def chart_covers_are_fresh(store: StoreResource) -> dg.AssetCheckResult:
    """Warn when no cover was looked up since the last January, or some were kept from before."""
    return chart_covers_freshness(store.open(), datetime.now(UTC)).result()
