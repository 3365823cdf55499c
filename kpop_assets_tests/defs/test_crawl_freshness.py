"""Whether the crawl is fresh: after one that failed, long ago, or without an engine."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.defs.automation import FRESHNESS_CHECKS
from kpop_assets.defs.freshness import CRAWL_DAYS, crawl_freshness, table_freshness
from kpop_assets.harvest.crawl_files import CrawlAttempt, crawl_folder
from kpop_assets.sample_world.catalogue import SAMPLE_PICTURE_HOST
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.conftest import failure_text
from kpop_assets_tests.defs.conftest import (
    RunningSite,
    path_of,
)


@pytest.fixture
def freshness(instance: dg.DagsterInstance) -> Callable[[], dg.AssetCheckEvaluation]:
    """Returns what the freshness check of the crawl last said."""
    key = dg.AssetCheckKey(dg.AssetKey("crawled_covers"), "crawl_is_fresh")

    def latest() -> dg.AssetCheckEvaluation:
        records = instance.event_log_storage.get_latest_asset_check_execution_by_key([key])
        event = records[key].event
        assert event is not None
        assert event.dagster_event is not None
        return event.dagster_event.asset_check_evaluation_data

    return latest


@pytest.mark.parametrize("fault", ["500", "empty search", "changed layout"])
def test_an_engine_that_brings_nothing_marks_nothing_and_is_a_warning(
    crawl, table, freshness, running_site: SampleSite, fault: str
) -> None:
    assert crawl().success
    assert freshness().passed
    before = table()
    assert before["engine"].iloc[0] == "bing"
    running_site.faults[:] = [
        Fault("www.bing.com", fault),
        Fault(SAMPLE_PICTURE_HOST, "404", path_of(before["image_address"].iloc[0])),
    ]
    assert crawl().success
    pd.testing.assert_series_equal(table()["gone_since"], before["gone_since"])
    assert not freshness().passed
    assert freshness().severity == dg.AssetCheckSeverity.WARN
    assert "bing brought nothing" in str(freshness().description)

    running_site.faults.clear()
    assert crawl().success
    assert freshness().passed


def test_a_crawl_that_fails_turns_the_freshness_check_to_a_warning(
    crawl, table, freshness, running_site: SampleSite
) -> None:
    assert crawl().success
    before = table()
    for host in ("www.bing.com", "www.google.com"):
        running_site.faults.append(Fault(host, "reset mid-body"))
    result = crawl()
    assert "ChunkedEncodingError at www.bing.com" in failure_text(result)
    assert not freshness().passed
    assert freshness().severity == dg.AssetCheckSeverity.WARN
    assert "CrawlTooSmallError" in str(freshness().description)
    pd.testing.assert_frame_equal(table(), before)

    running_site.faults.clear()
    assert crawl().success
    assert freshness().passed


def test_a_site_that_is_stopped_is_a_warning_of_the_daily_check_as_well(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=tmp_path))
    stopped = RunningSite(sites="sample", address="http://127.0.0.1:1")
    result = dg.materialize(
        list(lineage.assets or []),
        selection=["crawled_covers"],
        resources={**(lineage.resources or {}), "sites": stopped},
        instance=instance,
        raise_on_error=False,
    )
    assert "ConnectionError at www.google.com" in failure_text(result)
    daily = lineage.resolve_job_def("freshness").execute_in_process(instance=instance)
    assert daily.success
    said = {e.check_name: e for e in daily.get_asset_check_evaluations()}
    assert set(said) == set(FRESHNESS_CHECKS.values())
    assert not any(evaluation.passed for evaluation in said.values())
    assert "CrawlTooSmallError" in str(said["crawl_is_fresh"].description)


def test_a_crawl_long_ago_is_not_fresh_however_well_it_went(crawl, tmp_path: Path) -> None:
    store = Store(tmp_path)
    assert crawl_freshness(store, datetime.now(UTC)).complaints == ["nothing ever came"]
    assert crawl().success
    now = datetime.now(UTC)
    assert crawl_freshness(store, now + timedelta(days=CRAWL_DAYS - 1)).complaints == []
    assert crawl_freshness(store, now + timedelta(days=CRAWL_DAYS + 2)).complaints == [
        f"the latest came {CRAWL_DAYS + 2} days ago, more than {CRAWL_DAYS}"
    ]


def test_an_attempt_file_that_cannot_be_read_is_no_attempt(crawl, tmp_path: Path) -> None:
    assert crawl().success
    store = Store(tmp_path)
    attempt = CrawlAttempt.latest(store)
    assert attempt is not None
    assert attempt.pictures == {"bing": 8, "google": 6}
    file = crawl_folder(store) / "latest_attempt.json"
    assert json.loads(file.read_text())["failure"] is None
    for damaged in ("{", "[]", '{"unknown": 1}'):
        file.write_text(damaged)
        assert CrawlAttempt.latest(store) is None


@pytest.mark.parametrize("column", ["fetched_at", "checked_at"])
def test_a_chart_table_is_fresh_by_its_latest_time(tmp_path: Path, column: str) -> None:
    store, now = Store(tmp_path), datetime.now(UTC)
    assert table_freshness(store, "melon_covers", 400, now).complaints == ["nothing ever came"]
    long_ago = now - timedelta(days=401)
    times = {"fetched_at": [long_ago, None], column: [now, None]}
    pd.DataFrame(times).to_parquet(store.table("melon_covers"))
    assert table_freshness(store, "melon_covers", 400, now).complaints == []
    pd.DataFrame({column: [long_ago, None]}).to_parquet(store.table("melon_covers"))
    assert table_freshness(store, "melon_covers", 400, now).complaints == [
        "the latest came 401 days ago, more than 400"
    ]
