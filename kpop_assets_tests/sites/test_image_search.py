import threading
from io import BytesIO

import pytest
import requests
from PIL import Image

from kpop_assets.sites.crawl_notes import Crawl, CrawlNotes, OrderedDelivery
from kpop_assets.sites.image_crawler import SiteBingCrawler, SiteGoogleCrawler
from kpop_assets.sites.image_search import KEYWORDS, crawl_pictures
from kpop_assets.sites.sample.catalogue import KEYWORD_WITH_AMPERSAND
from kpop_assets.sites.session import SiteSession
from kpop_assets.sites.transport import Limits

KOREAN = "소녀 그룹 앨범 표지"


def page(html: str, address: str = "https://www.bing.com/images/async?q=x") -> requests.Response:
    response = requests.Response()
    response.status_code, response.url, response._content = 200, address, html.encode()
    return response


@pytest.fixture
def crawl(session):
    delivery = OrderedDelivery(10, print)
    return Crawl(session, "bing", "x", delivery, threading.Event(), CrawlNotes())


def test_the_keywords_are_those_of_the_original_project():
    assert KEYWORDS == (
        "korean album cover",
        "kpop album cover",
        "kpop album art 2ne1",
        "kpop album cover boy group",
        "한국 앨범 표지",
        "소녀 그룹 앨범 표지",
        "가온 앨범 아트",
    )


def test_what_waits_behind_a_picture_that_never_came_is_handed_on_at_the_end():
    delivered = []
    delivery = OrderedDelivery(10, delivered.append)
    for index in (3, 1, 2):
        delivery.settle(index, index)
    assert delivered == []
    delivery.flush()
    assert delivered == [1, 2, 3]


def test_an_odd_entry_of_a_google_page_does_not_lose_the_others(crawl):
    html = (
        r'<script>["http://a.kr/1.jpg",1,1],["http://a.kr/\x3d.jpg",1,1],["http://a.kr/2.jpg",1,1]'
    )
    found = SiteGoogleCrawler(crawl).parser.parse(page(html + "</script>"))
    assert [task["file_url"] for task in found] == ["http://a.kr/1.jpg", "http://a.kr/2.jpg"]


def test_pictures_are_handed_on_in_the_order_of_listing_up_to_the_number_asked_for():
    delivered = []
    delivery = OrderedDelivery(3, delivered.append)
    for index in (2, 0, 4, 3):
        delivery.settle(index, f"picture {index}")
    assert delivered == ["picture 0"]
    delivery.settle(1, None)
    assert delivered == ["picture 0", "picture 2", "picture 3"]
    assert delivery.is_full()
    assert delivery.delivered == 3


def test_a_bing_page_gives_pictures_of_any_ending_and_outlives_odd_entries(crawl):
    html = """
    <div class="imgpt"></div>
    <div class="imgpt"><a href="/x">no m</a></div>
    <div class="imgpt"><a m="{not json"></a></div>
    <div class="imgpt"><a m="{&quot;turl&quot;:&quot;https://t.test/1&quot;}"></a></div>
    <div class="imgpt"><a m="{&quot;murl&quot;: &quot;https://a.test/1.webp?w=1&amp;amp;h=2&quot;,
      &quot;purl&quot;: &quot;https://a.test/page&quot;}"></a></div>
    <div class="imgpt"><a m="{&quot;murl&quot;:&quot;https://a.test/2.jpg&quot;}"></a></div>"""
    assert list(SiteBingCrawler(crawl).parser.parse(page(html))) == [
        {"file_url": "https://a.test/1.webp?w=1&amp;h=2", "page": "https://a.test/page"},
        {"file_url": "https://a.test/2.jpg", "page": "https://www.bing.com/images/async?q=x"},
    ]
    assert sum(crawl.notes.troubles.values()) == 2


def test_a_google_page_gives_the_pictures_of_all_scripts_but_no_thumbnails(crawl):
    html = r"""<script>var a=["https://a.test/page"];</script>
    <script>[0,["https://encrypted-tbn0.gstatic.com/images?q\u003dtbn",225,225],
    ["https://a.test/1.webp?w\u003d9",400, 400]]</script>
    <script>["https://a.test/2.jpg",300,300]</script>"""
    found = list(SiteGoogleCrawler(crawl).parser.parse(page(html)))
    assert [task["file_url"] for task in found] == [
        "https://a.test/1.webp?w=9",
        "https://a.test/2.jpg",
    ]


def test_a_dead_google_page_gives_no_picture_but_a_reason_and_no_exception(session):
    found = []
    (count,) = crawl_pictures(session, ["nobody asked this"], ["google"], on_picture=found.append)
    assert found == []
    assert (count.engine, count.keyword, count.pictures) == ("google", "nobody asked this", 0)
    assert "no picture listed on https://www.google.com/search" in count.reason


def test_an_unreachable_engine_gives_a_reason_and_no_exception():
    nowhere = SiteSession.sample("http://127.0.0.1:1", Limits(retries=0))
    (count,) = crawl_pictures(nowhere, ["x"], ["bing"], on_picture=print)
    assert count.pictures == 0
    assert "5 x ConnectionError at www.bing.com" in count.reason


@pytest.mark.parametrize("engine", ["bing", "google"])
def test_a_keyword_with_ampersand_and_hangul_arrives_whole(session, engine):
    found = []
    (count,) = crawl_pictures(session, [KEYWORD_WITH_AMPERSAND], [engine], on_picture=found.append)
    assert (count.pictures, count.reason) == (5, None)
    assert {picture.keyword for picture in found} == {KEYWORD_WITH_AMPERSAND}


def test_pictures_are_delivered_with_where_they_come_from(session):
    found = []
    (count,) = crawl_pictures(
        session, [KOREAN], ["google"], max_per_keyword={"google": 7}, on_picture=found.append
    )
    assert count.pictures == len(found) == 7
    assert len({picture.image_address for picture in found}) == 7
    for picture in found:
        assert min(Image.open(BytesIO(picture.content)).size) >= 300
        assert picture.engine == "google"
        assert picture.image_address.startswith("sample://covers.kpop-assets.sample/")
        assert picture.page_address.startswith("sample://www.google.com/search?q=")
        assert picture.fetched_at.tzinfo is not None


def test_what_the_receiver_raises_ends_the_crawl_and_is_raised(session):
    calls = []

    def refuse(picture):
        calls.append(picture)
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        crawl_pictures(session, [KOREAN], on_picture=refuse)
    assert len(calls) == 1


def test_pictures_below_the_smallest_size_are_left_out_and_counted(session):
    found = []
    (count,) = crawl_pictures(
        session, [KEYWORD_WITH_AMPERSAND], ["bing"], min_size=(401, 401), on_picture=found.append
    )
    assert found == []
    assert "5 pictures listed, 0 kept; 5 x smaller than 401x401 px" in count.reason


@pytest.mark.slow
def test_the_whole_sample_world_is_crawled_without_loss(site, session):
    found = []
    counts = crawl_pictures(session, KEYWORDS, on_picture=found.append)
    assert len(counts) == 14
    listed = sum(len(site.catalogue.found[count.engine, count.keyword]) for count in counts)
    small, not_pictures = 4, 2
    assert len(found) == sum(count.pictures for count in counts) == listed - small - not_pictures
    assert len({picture.image_address for picture in found}) == 456
