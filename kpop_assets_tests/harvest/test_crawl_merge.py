"""What a crawl makes of the table of the crawls before it."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.harvest.crawl_merge import COLUMNS, EarlierCrawls, addresses_to_ask_again
from kpop_assets.harvest.crawl_merge import merged_table as merged
from kpop_assets.sites.http.validators import Validator
from kpop_assets.sites.search.crawl_notes import FoundPicture
from kpop_assets.sites.search.picture_fetcher import PictureAnswer
from kpop_assets.store.artifacts import Store

FIRST, SECOND = datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 1, 12, tzinfo=UTC)
GONE = PictureAnswer(SECOND, trouble="HTTP 404 at a.test", gone=True)


def found(
    name: str, address: str, keyword: str = "kpop", etag: str | None = "1", at: datetime = FIRST
) -> FoundPicture:
    kept = {"hash": name, "path": name, "width": 400, "height": 400, "bytes": 5}
    kept |= {"perceptual_hash": "0" * 16, "received_sha256": name}
    answer = PictureAnswer(at, kept, Validator(etag))
    return FoundPicture("bing", keyword, address, "https://page.test", answer)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def crawled(store: Store, *pictures: FoundPicture) -> pd.DataFrame:
    """The table of a first crawl; what depends on its pictures has to put them into the store."""
    return merged(EarlierCrawls(None, store), pictures, {}, set(), crawled_at=FIRST, sites="live")


def again(
    store: Store,
    table: pd.DataFrame,
    *pictures: FoundPicture,
    asked_again: dict[str, PictureAnswer] | None = None,
    gone: set[str] | None = None,
) -> pd.DataFrame:
    earlier = EarlierCrawls(table, store)
    return merged(
        earlier, pictures, asked_again or {}, gone or set(), crawled_at=SECOND, sites="live"
    ).set_index("hash")


def test_the_first_crawl_has_all_columns_and_may_be_empty(store: Store) -> None:
    assert list(crawled(store).columns) == COLUMNS
    assert list(crawled(store, found("aa", "https://a.test/1")).columns) == COLUMNS


def test_a_picture_that_stands_elsewhere_too_is_not_gone_with_one_address(store: Store) -> None:
    table = crawled(store, found("aa", "https://a.test/1"))
    elsewhere = found("aa", "https://b.test/9", etag="9")
    row = again(store, table, elsewhere, gone={"https://a.test/1"}).loc["aa"]
    assert pd.isna(row["gone_since"])
    assert (row["image_address"], row["etag"]) == ("https://a.test/1", "1")
    assert row["last_seen_at"] == SECOND


def test_an_address_with_another_picture_now_adds_that_and_marks_nothing(store: Store) -> None:
    first, second = (hashlib.sha256(content).hexdigest() for content in (b"first", b"second"))
    table = crawled(store, found(first, "https://a.test/1"))
    both = again(store, table, found(second, "https://a.test/1", etag="2"))
    assert both["gone_since"].isna().all()
    assert both["last_seen_at"].to_dict() == {first: FIRST, second: SECOND}
    for content in (b"first", b"second"):
        store.add_picture(content)
    known = EarlierCrawls(both.reset_index(), store)
    assert known.validators == {"https://a.test/1": Validator("2")}
    assert known.picture_at("https://a.test/1")["hash"] == second


def test_the_number_of_findings_never_falls(store: Store) -> None:
    twice = [found("aa", "https://a.test/1", keyword) for keyword in ("kpop", "album")]
    table = crawled(store, *twice)
    assert table["findings"].tolist() == [2]
    assert table["keyword"].tolist() == ["album"]
    assert again(store, table, twice[0])["findings"].tolist() == [2]


def test_a_mark_keeps_its_first_time_and_goes_only_with_the_picture_itself(store: Store) -> None:
    address = "https://a.test/1"
    marked = again(store, crawled(store, found("aa", address)), asked_again={address: GONE})
    assert marked.loc["aa", "gone_since"] == SECOND
    other = PictureAnswer(SECOND, {"hash": "bb"}, Validator("2"))
    still = again(store, marked.reset_index(), asked_again={address: other})
    assert still.loc["aa", "gone_since"] == SECOND
    for itself in (
        PictureAnswer(SECOND, validator=Validator("1"), unchanged=True),
        PictureAnswer(SECOND, {"hash": "aa"}, Validator("3")),
    ):
        back = again(store, marked.reset_index(), asked_again={address: itself})
        assert pd.isna(back.loc["aa", "gone_since"])


def test_a_trouble_that_may_pass_changes_nothing(store: Store) -> None:
    address = "https://a.test/1"
    table = crawled(store, found("aa", address))
    busy = PictureAnswer(SECOND, trouble="HTTP 429 at a.test")
    after = again(store, table, asked_again={address: busy})
    pd.testing.assert_frame_equal(after, table.set_index("hash"))


def test_only_addresses_of_searches_that_were_answered_are_asked_again(store: Store) -> None:
    table = crawled(
        store,
        found("aa", "https://a.test/1"),
        found("bb", "https://a.test/2"),
        found("cc", "https://a.test/3"),
        found("dd", "https://a.test/4", keyword="silent today"),
    )
    earlier = EarlierCrawls(table, store)
    listed = [found("aa", "https://a.test/1")]
    asked = addresses_to_ask_again(
        earlier, listed, {"https://a.test/2"}, {("bing", "kpop"), ("google", "silent today")}, 10
    )
    assert asked == ["https://a.test/3"]
