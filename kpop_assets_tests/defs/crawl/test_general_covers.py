"""The general crawl on the sample site: it adds, marks and never loses."""

from pathlib import Path

import dagster as dg
import pandas as pd
import pytest
from pydantic import ValidationError

from kpop_assets.defs.crawl.crawled_covers import CrawlConfig
from kpop_assets.harvest.crawl_files import crawl_folder
from kpop_assets.sample_world.catalogue import SAMPLE_PICTURE_HOST
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.conftest import failure_text, metadata
from kpop_assets_tests.defs.conftest import (
    BING_ONLY,
    CRAWL,
    GOOGLE_ONLY,
    KEYWORD,
    OTHER_KEYWORD,
    path_of,
)


def data_version(result: dg.ExecuteInProcessResult) -> str:
    [event] = result.asset_materializations_for_node("crawled_covers")
    assert event.tags is not None
    return event.tags["dagster/data_version"]


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


@pytest.mark.parametrize("keywords", [[], [""], [" \n"], ["앨범" * 101], ["kpop"] * 101])
def test_keywords_are_few_and_short_enough_to_be_searched(keywords: list[str]) -> None:
    with pytest.raises(ValidationError):
        CrawlConfig(keywords=keywords)
