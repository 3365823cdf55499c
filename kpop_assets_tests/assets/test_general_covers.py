"""The general crawl on the sample site: it adds, marks and never loses."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.assets.crawl_files import CrawlAttempt, crawl_folder
from kpop_assets.automation import FRESHNESS_CHECKS
from kpop_assets.checks.freshness import CRAWL_DAYS, crawl_freshness, table_freshness
from kpop_assets.config import CrawlConfig
from kpop_assets.definitions import definitions
from kpop_assets.settings import Settings
from kpop_assets.sites.sample.faults import Fault
from kpop_assets.sites.sample.server import SampleSite
from kpop_assets.sites.sample_hosts import SAMPLE_PICTURE_HOST
from kpop_assets.store import Store, sole_use
from kpop_assets_tests.assets.conftest import RunningSite
from kpop_assets_tests.conftest import failure_text, metadata

KEYWORD, OTHER_KEYWORD = "한국 앨범 표지", "가온 앨범 아트"
CRAWL = CrawlConfig(keywords=[KEYWORD], bing_pictures=8, google_pictures=6, fewest_covers=5)
BING_ONLY = CRAWL.model_copy(update={"google_pictures": 0})
GOOGLE_ONLY = CRAWL.model_copy(update={"bing_pictures": 0})

Materialize = Callable[..., dg.ExecuteInProcessResult]
Crawl = Callable[[CrawlConfig], dg.ExecuteInProcessResult]


@pytest.fixture
def crawl(materialize_at: Materialize) -> Crawl:
    return lambda config=CRAWL: materialize_at("crawled_covers", crawled_covers=config)


@pytest.fixture
def table(tmp_path: Path) -> Callable[[], pd.DataFrame]:
    """Reads the table of crawled covers, by hash."""
    return lambda: pd.read_parquet(tmp_path / "crawled_covers.parquet").set_index("hash")


def data_version(result: dg.ExecuteInProcessResult) -> str:
    [event] = result.asset_materializations_for_node("crawled_covers")
    assert event.tags is not None
    return event.tags["dagster/data_version"]


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


def path_of(address: str) -> str:
    """What a fault matches of a recorded address."""
    return "/" + address.removeprefix("sample://").partition("/")[2] + "$"


def test_each_picture_says_where_and_when_it_was_found(crawl, table) -> None:
    assert crawl().success
    covers = table()
    assert covers.index.is_unique
    assert set(covers["engine"]) == {"bing", "google"}
    assert set(covers["keyword"]) == {KEYWORD}
    assert covers["image_address"].str.startswith(f"sample://{SAMPLE_PICTURE_HOST}/").all()
    assert covers["page_address"].str.startswith("sample://").all()
    assert covers[["width", "height"]].min(axis=None) >= 300
    assert (covers["first_seen_at"] == covers["last_seen_at"]).all()
    assert (covers["fetched_at"] >= covers["first_seen_at"]).all()
    assert covers["etag"].str.len().gt(10).all()
    assert covers["gone_since"].isna().all()


def test_a_picture_found_by_both_engines_is_one_row_with_two_findings(crawl, table) -> None:
    all_of_keyword = CRAWL.model_copy(update={"bing_pictures": 60, "google_pictures": 25})
    assert crawl(all_of_keyword).success
    covers = table()
    twice = covers[covers["findings"] == 2]
    assert len(twice) == 7
    assert set(twice["engine"]) == {"bing"}
    assert covers["findings"].max() == 2


def test_a_crawl_below_the_floor_fails_and_changes_no_byte(crawl, tmp_path) -> None:
    assert crawl().success
    path = tmp_path / "crawled_covers.parquet"
    before = path.read_bytes()
    result = crawl(CRAWL.model_copy(update={"fewest_covers": 1000}))
    assert "CrawlTooSmallError: expected at least 1000 covers, got 14" in failure_text(result)
    assert path.read_bytes() == before


def test_the_same_crawl_again_adds_nothing_and_costs_no_picture(
    crawl, table, running_site: SampleSite
) -> None:
    first = crawl()
    before = table()
    running_site.sent.clear()
    second = crawl()
    assert running_site.sent[SAMPLE_PICTURE_HOST, 200] == 0
    assert running_site.sent[SAMPLE_PICTURE_HOST, 304] == len(before)
    assert metadata(second, "crawled_covers")["new"] == 0
    assert data_version(first) == data_version(second)
    after = table()
    times = ["last_seen_at", "checked_at"]
    pd.testing.assert_frame_equal(after.drop(columns=times), before.drop(columns=times))
    assert (after["last_seen_at"] > before["last_seen_at"]).all()


def test_a_picture_missing_in_the_store_is_fetched_again(
    crawl, table, tmp_path: Path, running_site: SampleSite
) -> None:
    assert crawl().success
    lost, cut = (tmp_path / path for path in table()["path"].head(2))
    whole = lost.read_bytes(), cut.read_bytes()
    lost.unlink()
    cut.write_bytes(whole[1][:100])
    running_site.sent.clear()
    assert crawl().success
    assert running_site.sent[SAMPLE_PICTURE_HOST, 200] == 2
    assert (lost.read_bytes(), cut.read_bytes()) == whole


def test_a_picture_whose_address_is_gone_is_marked_and_loses_the_mark_when_it_returns(
    crawl, table, running_site: SampleSite
) -> None:
    first = crawl()
    before = table()
    gone = before.index[3]
    address = before.loc[gone, "image_address"]
    running_site.faults.append(Fault(SAMPLE_PICTURE_HOST, "404", path_of(address)))
    second = crawl()
    marked = table()
    assert list(marked.index[marked["gone_since"].notna()]) == [gone]
    assert set(before.index) <= set(marked.index)
    assert marked.loc[gone, "last_seen_at"] == before.loc[gone, "last_seen_at"]
    assert metadata(second, "crawled_covers")["gone_from_the_web"] == 1
    assert data_version(second) != data_version(first)

    assert crawl().success
    assert table().loc[gone, "gone_since"] == marked.loc[gone, "gone_since"]

    running_site.faults.clear()
    assert crawl().success
    assert table()["gone_since"].isna().all()


@pytest.mark.parametrize("trouble", ["500", "reset mid-body", "HTML for a picture"])
def test_a_picture_that_cannot_be_had_just_now_is_not_marked(
    crawl, table, running_site: SampleSite, trouble: str
) -> None:
    assert crawl().success
    before = table()
    address = before["image_address"].iloc[3]
    running_site.faults.append(Fault(SAMPLE_PICTURE_HOST, trouble, path_of(address)))
    assert crawl().success
    assert table()["gone_since"].isna().all()
    assert set(before.index) <= set(table().index)


def test_a_picture_no_longer_listed_is_asked_for_and_marked_only_if_it_is_gone(
    crawl, table, running_site: SampleSite
) -> None:
    assert crawl(BING_ONLY).success
    before = table()
    fewer = BING_ONLY.model_copy(update={"bing_pictures": 5})
    for config in (fewer.model_copy(update={"most_asked_again": 0}), fewer):
        assert crawl(config).success
        old = table()["last_seen_at"] == before["last_seen_at"].iloc[0]
        assert old.sum() == 3
        assert table()["gone_since"].isna().all()
    asked = table()["checked_at"] > table()["last_seen_at"]
    assert asked.sum() == 3

    gone = table().loc[asked, "image_address"].iloc[0]
    running_site.faults.append(Fault(SAMPLE_PICTURE_HOST, "404", path_of(gone)))
    result = crawl(fewer)
    covers = table()
    assert covers.loc[covers["gone_since"].notna(), "image_address"].tolist() == [gone]
    assert metadata(result, "crawled_covers")["asked_again"] == 3
    running_site.faults.clear()
    assert crawl(fewer).success
    assert table()["gone_since"].isna().all()


def test_those_checked_longest_ago_are_asked_first_and_no_more_than_allowed(crawl, table) -> None:
    assert crawl(BING_ONLY).success
    two = BING_ONLY.model_copy(update={"bing_pictures": 5, "most_asked_again": 2})
    checked = []
    for _ in range(2):
        assert crawl(two).success
        covers = table()
        checked.append(set(covers.index[covers["checked_at"] > covers["last_seen_at"]]))
    assert [len(hashes) for hashes in checked] == [2, 3]


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


def test_rows_of_a_keyword_no_longer_asked_for_stay(crawl, table) -> None:
    assert crawl().success
    before = table()
    assert crawl(CRAWL.model_copy(update={"keywords": [OTHER_KEYWORD]})).success
    after = table()
    assert set(after["keyword"]) == {KEYWORD, OTHER_KEYWORD}
    pd.testing.assert_frame_equal(
        after.loc[before.index, before.columns.drop("findings")],
        before.drop(columns="findings"),
    )


def test_the_order_of_rows_follows_from_what_was_found_not_from_the_order_of_crawls(
    crawl, table, tmp_path: Path
) -> None:
    versions, orders = set(), []
    for first, second in ((BING_ONLY, GOOGLE_ONLY), (GOOGLE_ONLY, BING_ONLY), (CRAWL, CRAWL)):
        (tmp_path / "crawled_covers.parquet").unlink(missing_ok=True)
        crawl(first)
        versions.add(data_version(crawl(second)))
        orders.append(table()["image_address"].tolist())
    assert len(versions) == 1
    assert orders[0] == orders[1] == orders[2]


def test_a_table_from_before_crawls_were_merged_is_taken_over(crawl, table, tmp_path: Path) -> None:
    assert crawl().success
    path = tmp_path / "crawled_covers.parquet"
    old = pd.read_parquet(path)
    later = ["first_seen_at", "last_seen_at", "checked_at", "gone_since", "findings"]
    old = old.drop(columns=[*later, "etag", "last_modified", "received_sha256"])
    old.to_parquet(path)
    assert crawl(GOOGLE_ONLY).success
    covers = table()
    assert set(covers.index) == set(old["hash"])
    of_bing = covers[covers["engine"] == "bing"]
    assert (of_bing["last_seen_at"] == of_bing["fetched_at"]).all()


def test_the_table_of_another_world_is_set_aside_and_comes_back(
    crawl, table, tmp_path: Path
) -> None:
    path = tmp_path / "crawled_covers.parquet"
    assert crawl().success
    live = pd.read_parquet(path).assign(sites="live", keyword="of the live world")
    live.to_parquet(path, index=False)
    assert crawl().success
    assert set(table()["sites"]) == {"sample"}
    kept = crawl_folder(Store(tmp_path)) / "live.parquet"
    pd.testing.assert_frame_equal(pd.read_parquet(kept), live)


def test_a_damaged_table_is_not_replaced(crawl, tmp_path: Path) -> None:
    path = tmp_path / "crawled_covers.parquet"
    path.write_bytes(b"PAR1 and then nothing")
    assert "DamagedArtifactError" in failure_text(crawl())
    assert path.read_bytes() == b"PAR1 and then nothing"


def test_two_crawls_at_a_time_are_one_too_many(crawl, tmp_path: Path) -> None:
    with sole_use(crawl_folder(Store(tmp_path)), "a crawl"):
        assert "FolderBusyError: expected no other run, but a crawl" in failure_text(crawl())


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
