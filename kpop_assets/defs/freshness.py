"""Whether what came from the sites is recent: warnings, also after a run that failed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import dagster as dg

from kpop_assets.defs.automation import FRESHNESS_CHECKS
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.world import of_sites
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.tables import stored_table

CHART, COVERS = "gaon_year_end_top10", "melon_covers"
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
    from kpop_assets.harvest.crawl_files import CrawlAttempt, latest_sighting

    freshness = Freshness(None)
    attempt = None
    try:
        freshness.latest = latest_sighting(store)
        attempt = CrawlAttempt.recorded(store)
    except DamagedArtifactError as error:
        freshness.complaints.append(str(error))
    except MissingArtifactError:
        attempt = None
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
    """Whether the latest row of a chart table came in the last `days`, and none had to be kept.

    It came when it was checked or, where no table says so, fetched.
    """
    freshness = Freshness(None)
    try:
        table = stored_table(store, asset)
    except MissingArtifactError:
        freshness.require_younger(days, now)
        return freshness
    except DamagedArtifactError as error:
        freshness.complaints.append(str(error))
        return freshness
    times = table["checked_at" if "checked_at" in table else "fetched_at"].dropna()
    freshness.latest = None if times.empty else times.max().to_pydatetime()
    freshness.require_younger(days, now)
    kept = table["kept_because"].dropna().tolist() if "kept_because" in table else []
    if kept:
        freshness.complaints.append(
            f"{len(kept)} entries are those from before, the first because: {kept[0]}"
        )
    return freshness


def chart_freshness(store: Store, now: datetime) -> Freshness:
    """Whether the chart was fetched not long ago, and no year had to be kept from before."""
    return table_freshness(store, CHART, CHART_DAYS, now)


def chart_covers_freshness(store: Store, now: datetime) -> Freshness:
    """Whether covers of the chart were looked up not long ago, and none had to be kept."""
    return table_freshness(store, COVERS, CHART_DAYS, now)


@contextmanager
def reported_if_it_fails(
    context: dg.AssetExecutionContext, measure: Callable[[Store, datetime], Freshness], store: Store
) -> Iterator[None]:
    """Enter the freshness as a warning when the block fails, since no check is run after that."""
    try:
        yield
    except Exception as error:
        freshness = measure(store, datetime.now(UTC))
        if not any(str(error) in complaint for complaint in freshness.complaints):
            freshness.complaints.insert(0, f"{type(error).__name__}: {error}")
        context.log_event(
            dg.AssetCheckEvaluation(
                asset_key=context.asset_key,
                check_name=FRESHNESS_CHECKS[context.asset_key.to_user_string()],
                passed=False,
                severity=dg.AssetCheckSeverity.WARN,
                description=freshness.description,
                metadata=freshness.metadata,
            )
        )
        raise


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
    description=f"The newest chart was fetched at most {CHART_DAYS} days ago, and no year had to "
    "be kept because the site failed. If not: materialize gaon_year_end_top10 again.",
)
def chart_is_fresh(store: StoreResource) -> dg.AssetCheckResult:
    """Warn when no chart was fetched since the last January, or years were kept from before."""
    return chart_freshness(store.open(), datetime.now(UTC)).result()


@dg.asset_check(
    asset="melon_covers",
    description=f"Covers of the chart were looked up at most {CHART_DAYS} days ago, and none had "
    "to be kept because a source failed. If not: materialize melon_covers again.",
)
def chart_covers_are_fresh(store: StoreResource) -> dg.AssetCheckResult:
    """Warn when no cover was looked up since the last January, or some were kept from before."""
    return chart_covers_freshness(store.open(), datetime.now(UTC)).result()


def definitions() -> dg.Definitions:
    """Return the checks of freshness, in the world of the sites."""
    return of_sites(checks=[chart_is_fresh, chart_covers_are_fresh, crawl_is_fresh])
