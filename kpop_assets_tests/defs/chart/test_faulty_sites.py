"""Each fault of a site, met by a source asset that has a value: what is kept, refused, and why."""

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.defs.chart.gaon_year_end_top10 import ChartConfig
from kpop_assets.defs.chart.melon_covers import MelonConfig
from kpop_assets.defs.crawl.crawled_covers import CrawlConfig
from kpop_assets.defs.freshness import SOURCES_ANSWERED
from kpop_assets.sample_world.catalogue import KEYWORD_WITH_AMPERSAND, SAMPLE_PICTURE_HOST
from kpop_assets.sample_world.faults import CHANGED, SENT, Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets_tests.conftest import failure_text, metadata
from kpop_assets_tests.defs.conftest import materializing_at

CRAWL = CrawlConfig(
    keywords=[KEYWORD_WITH_AMPERSAND], bing_pictures=20, google_pictures=100, fewest_covers=1
)
LISTED = 5
CHART = ChartConfig(first_year=2014, last_year=2015)
SOME_PICTURES = r"/shop/\d*[02468]/"

PICTURE_FAULTS = {
    "429 with Retry-After": "HTTP 429",
    "500": "HTTP 500",
    "404": "HTTP 404",
    "reset mid-body": "ConnectionError|ChunkedEncodingError|SiteUnreachableError",
    "stall after the headers": "ConnectionError|SiteUnreachableError",
    "one byte a second": "ConnectionError|SiteUnreachableError",
    "headers one byte a second": "ConnectionError|ReadTimeout|SiteUnreachableError",
    "Content-Length too short": "cannot be decoded|truncated",
    "Content-Length too long": "ChunkedEncodingError",
    "gzip bomb": "ResponseTooLargeError",
    "300 MB body": "ResponseTooLargeError",
    "endless redirect": "TooManyRedirects",
    "redirect to 127.0.0.1": "HostNotInSampleError",
    "redirect to 169.254.169.254": "HostNotInSampleError",
    "redirect to [::1]": "HostNotInSampleError",
    "redirect to a private name": "HostNotInSampleError",
    "redirect to a file": "InvalidSchema",
    "error page with 200": "no such picture",
    "HTML for a picture": "no such picture",
    "SVG with script": "no such picture",
    "PNG bomb": "far more pixels",
    "truncated JPEG": "cannot be decoded|truncated",
}
KEPT = "kept_because"
PAGE_FAULTS = (*SENT, "error page with 200", "changed layout", "empty search")

SOME_FAULTS = ("500", "error page with 200")
"""An error of the session, and a page that is none: what follows is the same for the others."""

Materialize = Callable[..., dg.ExecuteInProcessResult]
TableBefore = Callable[[str], pd.DataFrame]


@pytest.fixture(scope="module")
def before_any_fault(
    running_site: SampleSite, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Path]:
    """By asset a store in which it is: crawled covers, a chart, a year's chart with its covers."""
    assets = ("crawled_covers", "gaon_year_end_top10", "melon_covers")
    stores = {asset: tmp_path_factory.mktemp(asset) for asset in assets}
    one_year = CHART.model_copy(update={"first_year": 2015})
    with dg.DagsterInstance.ephemeral() as instance:

        def make(asset: str, *upstream: str, **config: dg.Config) -> None:
            materialize = materializing_at(running_site, stores[asset], instance)
            assert materialize(*upstream, asset, **config).success

        make("crawled_covers", crawled_covers=CRAWL)
        make("gaon_year_end_top10", gaon_year_end_top10=CHART)
        make("melon_covers", "gaon_year_end_top10", gaon_year_end_top10=one_year)
    return stores


@pytest.fixture
def table_before(before_any_fault: dict[str, Path], tmp_path: Path) -> TableBefore:
    """Puts a store in which an asset is in the place of the test's; returns its table."""

    def table_before(asset: str) -> pd.DataFrame:
        shutil.copytree(before_any_fault[asset], tmp_path, dirs_exist_ok=True)
        return table_in(tmp_path, asset)

    return table_before


def table_in(store: Path, asset: str) -> pd.DataFrame:
    return pd.read_parquet(store / f"{asset}.parquet")


def said(result: dg.ExecuteInProcessResult, asset: str) -> str:
    """What the run says of the asset: its metadata, or the error."""
    if not result.success:
        return failure_text(result)
    return json.dumps(
        {k: str(v) for k, v in metadata(result, asset).items() if k not in ("preview", "sheet")},
        ensure_ascii=False,
    )


def pictures_are_whole(store: Path) -> None:
    stored = list((store / "pictures").rglob("*.jpg"))
    assert stored
    for path in stored:
        assert hashlib.sha256(path.read_bytes()).hexdigest() == path.stem
    assert not list(store.rglob("*.tmp"))


def test_every_fault_is_met_by_some_asset() -> None:
    content = {"CP949 text", "markup in artist names", "wrong album first"}
    assert {*PICTURE_FAULTS, *PAGE_FAULTS, *content} == {*SENT, *CHANGED}


@pytest.mark.parametrize(("kind", "reason"), PICTURE_FAULTS.items())
def test_pictures_with_a_fault_are_refused_with_the_reason_and_the_others_kept(
    materialize_at: Materialize,
    running_site: SampleSite,
    tmp_path: Path,
    kind: str,
    reason: str,
) -> None:
    running_site.faults[:] = [Fault(SAMPLE_PICTURE_HOST, kind, SOME_PICTURES)]
    result = materialize_at("crawled_covers", crawled_covers=CRAWL)
    assert result.success
    assert running_site.faults[0].met > 0
    kept = table_in(tmp_path, "crawled_covers")
    assert 0 < len(kept) < LISTED
    assert not kept["image_address"].str.contains(SOME_PICTURES).any()
    pictures_are_whole(tmp_path)
    assert any(word in said(result, "crawled_covers") for word in reason.split("|"))


@pytest.mark.parametrize("kind", SOME_FAULTS)
def test_a_crawl_of_which_all_pictures_have_a_fault_leaves_the_one_before(
    table_before: TableBefore,
    materialize_at: Materialize,
    running_site: SampleSite,
    tmp_path: Path,
    kind: str,
) -> None:
    before = table_before("crawled_covers")
    running_site.faults[:] = [Fault(SAMPLE_PICTURE_HOST, kind, "/(?!robots)")]
    result = materialize_at("crawled_covers", crawled_covers=CRAWL)
    assert not result.success
    assert "CrawlTooSmallError" in said(result, "crawled_covers")
    assert PICTURE_FAULTS[kind] in said(result, "crawled_covers")
    pd.testing.assert_frame_equal(table_in(tmp_path, "crawled_covers"), before)
    pictures_are_whole(tmp_path)


@pytest.mark.parametrize("kind", PAGE_FAULTS)
def test_an_engine_with_a_fault_brings_nothing_says_why_and_loses_nothing(
    table_before: TableBefore,
    materialize_at: Materialize,
    running_site: SampleSite,
    tmp_path: Path,
    kind: str,
) -> None:
    before = table_before("crawled_covers")
    running_site.faults[:] = [Fault("www.bing.com", kind)]
    result = materialize_at("crawled_covers", crawled_covers=CRAWL)
    assert result.success
    after = table_in(tmp_path, "crawled_covers")
    assert set(before["hash"]) <= set(after["hash"])
    assert after["gone_since"].isna().all()
    if kind != "Content-Length too short":
        assert "0 kept" in said(result, "crawled_covers")


@pytest.mark.parametrize("kind", SOME_FAULTS)
def test_a_crawl_of_which_both_engines_have_a_fault_leaves_the_one_before(
    table_before: TableBefore,
    materialize_at: Materialize,
    running_site: SampleSite,
    tmp_path: Path,
    kind: str,
) -> None:
    before = table_before("crawled_covers")
    running_site.faults[:] = [Fault("www.bing.com", kind), Fault("www.google.com", kind)]
    assert not materialize_at("crawled_covers", crawled_covers=CRAWL).success
    pd.testing.assert_frame_equal(table_in(tmp_path, "crawled_covers"), before)


@pytest.mark.parametrize("kind", PAGE_FAULTS)
def test_a_chart_with_a_fault_keeps_the_years_it_has_and_says_so(
    table_before: TableBefore,
    materialize_at: Materialize,
    running_site: SampleSite,
    tmp_path: Path,
    kind: str,
) -> None:
    before = table_before("gaon_year_end_top10")
    running_site.faults[:] = [Fault("circlechart.kr", kind)]
    result = materialize_at("gaon_year_end_top10", gaon_year_end_top10=CHART)
    assert result.success
    assert "2015" in str(metadata(result, "gaon_year_end_top10")["years_not_refreshed"])
    after = table_in(tmp_path, "gaon_year_end_top10")
    pd.testing.assert_frame_equal(after.drop(columns=KEPT), before.drop(columns=KEPT))
    assert after[KEPT].notna().tolist() == (after["year"] == 2015).tolist()
    checks = {each.check_name: each for each in result.get_asset_check_evaluations()}
    check = checks[SOURCES_ANSWERED]
    assert not check.passed
    assert check.severity == dg.AssetCheckSeverity.WARN
    assert "entries are those from before" in str(check.description)


@pytest.mark.parametrize("kind", SOME_FAULTS)
def test_a_chart_with_a_fault_and_a_year_that_is_not_stored_stays_as_it_is(
    table_before: TableBefore,
    materialize_at: Materialize,
    running_site: SampleSite,
    tmp_path: Path,
    kind: str,
) -> None:
    before = table_before("gaon_year_end_top10")
    running_site.faults[:] = [Fault("circlechart.kr", kind)]
    earlier = CHART.model_copy(update={"first_year": 2013})
    result = materialize_at("gaon_year_end_top10", gaon_year_end_top10=earlier)
    assert not result.success
    assert "2013" in failure_text(result)
    pd.testing.assert_frame_equal(table_in(tmp_path, "gaon_year_end_top10"), before)


@pytest.mark.parametrize("host", ["www.melon.com", "cdnimg.melon.co.kr"])
@pytest.mark.parametrize("kind", ["500", "error page with 200", "changed layout", "empty search"])
def test_melon_with_a_fault_keeps_the_covers_it_gave_before(
    table_before: TableBefore,
    materialize_at: Materialize,
    running_site: SampleSite,
    tmp_path: Path,
    host: str,
    kind: str,
) -> None:
    before = table_before("melon_covers")
    running_site.faults[:] = [Fault(host, kind)]
    again = MelonConfig(look_up_again=True)
    result = materialize_at("melon_covers", melon_covers=again)
    after = table_in(tmp_path, "melon_covers")
    assert after["hash"].tolist() == before["hash"].tolist()
    assert after["source"].tolist() == before["source"].tolist()
    if result.success and (host, kind) != ("cdnimg.melon.co.kr", "changed layout"):
        assert "kept_from_before" in said(result, "melon_covers")
    pictures_are_whole(tmp_path)


def test_a_wrong_album_first_in_melons_search_changes_no_cover(
    materialize_at: Materialize, running_site: SampleSite, tmp_path: Path
) -> None:
    running_site.faults[:] = [Fault("www.melon.com", "wrong album first", "/search/")]
    assert materialize_at("gaon_year_end_top10", "melon_covers", gaon_year_end_top10=CHART).success
    assert running_site.faults[0].met > 0
    wrong = table_in(tmp_path, "melon_covers")
    running_site.faults.clear()
    again = MelonConfig(look_up_again=True)
    assert materialize_at("melon_covers", melon_covers=again).success
    right = table_in(tmp_path, "melon_covers")
    assert wrong["hash"].tolist() == right["hash"].tolist()


def test_cp949_pages_are_read_as_what_they_are(
    materialize_at: Materialize, running_site: SampleSite, tmp_path: Path
) -> None:
    running_site.faults[:] = [
        Fault(host, "CP949 text")
        for host in ("circlechart.kr", "www.melon.com", "www.bing.com", "www.google.com")
    ]
    assert materialize_at("gaon_year_end_top10", "melon_covers", gaon_year_end_top10=CHART).success
    chart = table_in(tmp_path, "gaon_year_end_top10")
    assert "엑소" in set(chart["artist"])
    covers = table_in(tmp_path, "melon_covers")
    assert covers["hash"].notna().mean() > 0.8
    assert materialize_at("crawled_covers", crawled_covers=CRAWL).success


def test_markup_in_artist_names_stays_text(
    materialize_at: Materialize, running_site: SampleSite, tmp_path: Path
) -> None:
    running_site.faults[:] = [Fault("circlechart.kr", "markup in artist names")]
    result = materialize_at("gaon_year_end_top10", gaon_year_end_top10=CHART)
    assert result.success
    chart = table_in(tmp_path, "gaon_year_end_top10")
    assert chart["artist"].str.startswith("<img src=x onerror=alert(1)>").all()
    assert chart["artist_type"].isna().all()
