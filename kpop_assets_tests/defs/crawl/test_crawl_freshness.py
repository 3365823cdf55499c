"""Whether assets of the sites are overdue, and whether their sources answered."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from dagster._core.definitions.freshness_evaluator import TimeWindowFreshnessPolicyEvaluator
from dagster._core.loader import LoadingContextForTest
from dagster._core.test_utils import freeze_time

from kpop_assets.definitions import definitions
from kpop_assets.defs.freshness import CHART_FRESHNESS, CRAWL_FRESHNESS, SOURCES_ANSWERED
from kpop_assets.sample_world.catalogue import SAMPLE_PICTURE_HOST
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.settings import Settings
from kpop_assets_tests.conftest import failure_text
from kpop_assets_tests.defs.conftest import path_of

Answered = Callable[[], dg.AssetCheckEvaluation | None]


@pytest.fixture
def answered(instance: dg.DagsterInstance) -> Answered:
    """Returns what the check of the crawl says of the latest run, None where it ended before."""
    key = dg.AssetCheckKey(dg.AssetKey("crawled_covers"), SOURCES_ANSWERED)

    def latest() -> dg.AssetCheckEvaluation | None:
        record = instance.event_log_storage.get_latest_asset_check_execution_by_key([key])[key]
        found = record.evaluation
        return found if isinstance(found, dg.AssetCheckEvaluation) else None

    return latest


@pytest.mark.parametrize("fault", ["500", "empty search", "changed layout"])
def test_an_engine_that_brings_nothing_marks_nothing_and_is_a_warning(
    crawl, table, answered: Answered, running_site: SampleSite, fault: str
) -> None:
    assert crawl().success
    check = answered()
    assert check is not None
    assert check.passed
    before = table()
    assert before["engine"].iloc[0] == "bing"
    running_site.faults[:] = [
        Fault("www.bing.com", fault),
        Fault(SAMPLE_PICTURE_HOST, "404", path_of(before["image_address"].iloc[0])),
    ]
    assert crawl().success
    pd.testing.assert_series_equal(table()["gone_since"], before["gone_since"])
    check = answered()
    assert check is not None
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert "bing brought nothing" in str(check.description)


def test_a_crawl_that_fails_leaves_no_check_that_passed_and_the_earlier_covers(
    crawl, table, answered: Answered, running_site: SampleSite
) -> None:
    assert crawl().success
    before = table()
    for host in ("www.bing.com", "www.google.com"):
        running_site.faults.append(Fault(host, "reset mid-body"))
    assert "ChunkedEncodingError at www.bing.com" in failure_text(crawl())
    assert answered() is None
    pd.testing.assert_frame_equal(table(), before)

    running_site.faults.clear()
    assert crawl().success
    check = answered()
    assert check is not None
    assert check.passed


@pytest.mark.parametrize(("days", "state"), [(7, "PASS"), (9, "WARN"), (11, "FAIL")])
def test_dagster_finds_a_crawl_of_long_ago_overdue(
    instance: dg.DagsterInstance, tmp_path: Path, days: int, state: str
) -> None:
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=tmp_path))
    crawl = lineage.resolve_asset_graph().get(dg.AssetKey("crawled_covers"))
    instance.report_runless_asset_event(dg.AssetMaterialization("crawled_covers"))
    with freeze_time(datetime.now(UTC) + timedelta(days=days)):
        found = asyncio.run(
            TimeWindowFreshnessPolicyEvaluator().evaluate_freshness(
                LoadingContextForTest(instance), crawl
            )
        )
    assert found.value == state


@pytest.mark.parametrize(
    ("policy", "period"),
    [(CRAWL_FRESHNESS, timedelta(days=7)), (CHART_FRESHNESS, timedelta(days=366))],
)
def test_an_asset_is_overdue_after_one_missed_schedule_and_not_before(
    policy: dg.FreshnessPolicy, period: timedelta
) -> None:
    warn, fail = policy.warn_window.to_timedelta(), policy.fail_window.to_timedelta()
    assert period < warn < fail < 2 * period
