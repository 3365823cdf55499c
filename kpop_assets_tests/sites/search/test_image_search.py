import threading
from io import BytesIO

import pytest
import requests
from PIL import Image

from kpop_assets.sample_world.catalogue import KEYWORD_WITH_AMPERSAND, SAMPLE_PICTURE_HOST
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.http.transport import Limits
from kpop_assets.sites.search.crawl_notes import Crawl, CrawlNotes, OrderedResults
from kpop_assets.sites.search.image_crawler import SiteBingCrawler, SiteGoogleCrawler
from kpop_assets.sites.search.image_results import SiteBingFeeder, SiteBingParser
from kpop_assets.sites.search.image_search import KEYWORDS, PictureFetcher, crawl_pictures

KOREAN = "소녀 그룹 앨범 표지"


def page(html: str, address: str = "https://www.bing.com/images/async?q=x") -> requests.Response:
    response = requests.Response()
    response.status_code, response.url, response._content = 200, address, html.encode()
    return response


def as_it_comes(session: SiteSession, **options: object) -> PictureFetcher[bytes]:
    """A fetcher that keeps the bytes of pictures of at least 300 px."""
    return PictureFetcher(session, lambda content: content, min_size=(300, 300), **options)


@pytest.fixture
def crawl(session):
    results = OrderedResults(10)
    return Crawl(as_it_comes(session), "bing", "x", results, threading.Event(), CrawlNotes())


@pytest.fixture
def faulty_site(reference_folder):
    with SampleSite(reference_folder) as running:
        yield running


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


def test_what_waits_behind_a_picture_that_never_came_is_added_at_the_end():
    results = OrderedResults(10)
    for index in (3, 1, 2):
        results.settle(index, index)
    assert results.found == []
    results.finish()
    assert results.found == [1, 2, 3]


def test_an_odd_entry_of_a_google_page_does_not_lose_the_others(crawl):
    html = (
        r'<script>["http://a.kr/1.jpg",1,1],["http://a.kr/\x3d.jpg",1,1],["http://a.kr/2.jpg",1,1]'
    )
    found = SiteGoogleCrawler(crawl).parser.parse(page(html + "</script>"))
    assert [task["file_url"] for task in found] == ["http://a.kr/1.jpg", "http://a.kr/2.jpg"]


def test_pictures_are_found_in_the_order_of_listing_up_to_the_number_asked_for():
    results = OrderedResults(3)
    for index in (2, 0, 4, 3):
        results.settle(index, f"picture {index}")
    assert results.found == ["picture 0"]
    results.settle(1, None)
    assert results.found == ["picture 0", "picture 2", "picture 3"]
    assert results.is_full()
    results.finish()
    assert len(results.found) == 3


def test_no_more_pictures_are_under_way_than_may_be_needed():
    results = OrderedResults(2)
    assert [results.reserve() for _ in range(3)] == [True, True, False]
    results.settle(1, "picture 1")
    assert not results.reserve()
    results.settle(0, None)
    assert [results.reserve() for _ in range(2)] == [True, False]
    results.give_back()
    assert results.reserve()
    results.settle(2, "picture 2")
    assert results.found == ["picture 1", "picture 2"]
    assert not results.reserve()


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
    (search,) = crawl_pictures(as_it_comes(session), ["nobody asked this"], ["google"])
    assert (search.engine, search.keyword, search.found) == ("google", "nobody asked this", [])
    assert not search.was_answered
    assert "no picture listed on https://www.google.com/search" in search.notes


def test_an_unreachable_engine_gives_a_reason_and_no_exception():
    nowhere = SiteSession.sample("http://127.0.0.1:1", Limits(retries=0))
    (search,) = crawl_pictures(as_it_comes(nowhere), ["x"], ["bing"])
    assert search.found == []
    assert "5 x ConnectionError at www.bing.com" in search.notes


def test_a_filter_that_icrawler_does_not_know_is_a_reason_and_not_a_dead_thread(crawl):
    SiteBingCrawler(crawl).crawl("x", filters={"nonsense": "1"}, max_num=5)
    assert "feeder ended with KeyError" in crawl.notes.summary()


@pytest.mark.parametrize(
    ("part", "function", "reason"),
    [
        (SiteBingFeeder, "get_filter", "feeder ended with MemoryError: bug"),
        (SiteBingParser, "parse", "MemoryError in a result page: bug"),
        (SiteBingParser, "hand_on", "parser ended with MemoryError: bug"),
        (SiteBingCrawler, "crawl", "icrawler ended with MemoryError: bug"),
    ],
)
def test_a_part_of_icrawler_that_dies_is_named_and_ends_no_other_search(
    session, monkeypatch, part, function, reason
):
    def die(*_args, **_options):
        raise MemoryError("bug")

    monkeypatch.setattr(part, function, die)
    bing, google = crawl_pictures(
        as_it_comes(session), [KEYWORD_WITH_AMPERSAND], ["bing", "google"]
    )
    assert reason in bing.notes
    assert len(google.found) == 5


@pytest.mark.parametrize("engine", ["bing", "google"])
def test_a_keyword_with_ampersand_and_hangul_arrives_whole(session, engine):
    (search,) = crawl_pictures(as_it_comes(session), [KEYWORD_WITH_AMPERSAND], [engine])
    assert len(search.found) == 5
    assert {picture.keyword for picture in search.found} == {KEYWORD_WITH_AMPERSAND}


def test_a_search_fetches_no_picture_beyond_those_it_was_asked_for(faulty_site):
    session = SiteSession.sample(faulty_site.address)
    (search,) = crawl_pictures(
        as_it_comes(session), [KOREAN], ["bing"], max_per_keyword={"bing": 9}
    )
    assert len(search.found) == faulty_site.sent[SAMPLE_PICTURE_HOST, 200] == 9


def test_pictures_come_with_where_they_were_found(session):
    (search,) = crawl_pictures(
        as_it_comes(session), [KOREAN], ["google"], max_per_keyword={"google": 7}
    )
    assert len({picture.image_address for picture in search.found}) == 7
    for picture in search.found:
        assert min(Image.open(BytesIO(picture.answer.stored)).size) >= 300
        assert picture.engine == "google"
        assert picture.image_address.startswith("sample://covers.kpop-assets.sample/")
        assert picture.page_address.startswith("sample://www.google.com/search?q=")
        assert picture.answer.asked_at.tzinfo is not None
        assert picture.answer.validator


def test_what_the_receiver_raises_ends_the_crawl_and_is_raised(session):
    def refuse(_content):
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        crawl_pictures(PictureFetcher(session, refuse), [KOREAN])


def test_pictures_below_the_smallest_size_are_left_out_and_counted(session):
    fetcher = PictureFetcher(session, len, min_size=(401, 401))
    (search,) = crawl_pictures(fetcher, [KEYWORD_WITH_AMPERSAND], ["bing"])
    assert search.found == []
    assert "5 pictures listed, 0 kept; 5 x smaller than 401x401 px" in search.notes


def test_a_picture_known_already_costs_no_bytes(faulty_site):
    session = SiteSession.sample(faulty_site.address)
    (first,) = crawl_pictures(as_it_comes(session), [KOREAN], ["google"])
    known = {picture.image_address: picture.answer.validator for picture in first.found}
    faulty_site.sent.clear()
    (second,) = crawl_pictures(as_it_comes(session, known=known), [KOREAN], ["google"])
    assert faulty_site.sent[SAMPLE_PICTURE_HOST, 304] == len(first.found)
    assert faulty_site.sent[SAMPLE_PICTURE_HOST, 200] == 0
    assert all(p.answer.unchanged and p.answer.stored is None for p in second.found)
    assert [p.image_address for p in second.found] == [p.image_address for p in first.found]


def test_a_picture_that_two_searches_list_is_fetched_once_and_found_by_both(faulty_site):
    fetcher = as_it_comes(SiteSession.sample(faulty_site.address))
    searches = crawl_pictures(fetcher, [KOREAN], ["bing", "google"])
    places = [[picture.image_address for picture in search.found] for search in searches]
    assert len(set(places[0]) & set(places[1])) >= 7
    assert faulty_site.sent[SAMPLE_PICTURE_HOST, 200] == len(set(places[0]) | set(places[1]))


def test_an_address_that_says_there_is_no_picture_is_told_apart_from_other_troubles(faulty_site):
    faulty_site.faults.append(Fault(SAMPLE_PICTURE_HOST, "404", r"/release/\d*3/"))
    faulty_site.faults.append(Fault(SAMPLE_PICTURE_HOST, "HTML for a picture", r"/release/\d*4/"))
    fetcher = as_it_comes(SiteSession.sample(faulty_site.address))
    (search,) = crawl_pictures(fetcher, [KOREAN], ["google"])
    assert search.gone
    assert all(address.split("/")[4].endswith("3") for address in search.gone)
    assert "HTTP 404 at covers.kpop-assets.sample" in search.notes


def test_robots_txt_of_a_picture_host_is_asked_and_counted(faulty_site):
    faulty_site.robots[SAMPLE_PICTURE_HOST] = "User-agent: *\nDisallow: /"
    fetcher = as_it_comes(SiteSession.sample(faulty_site.address))
    (search,) = crawl_pictures(fetcher, [KEYWORD_WITH_AMPERSAND], ["bing"])
    assert f"5 x robots.txt of {SAMPLE_PICTURE_HOST} says no" in search.notes
    assert not search.gone


@pytest.mark.parametrize("address", ["ftp://a.test/1.jpg", "data:image/png;base64,AA", "//a", "::"])
def test_an_address_that_is_not_http_is_refused_and_named(session, address):
    answer = as_it_comes(session).fetch(address)
    assert answer.trouble == "address that is not http or https"


@pytest.mark.slow
def test_the_whole_sample_world_is_crawled_without_loss(site, session):
    searches = crawl_pictures(as_it_comes(session), KEYWORDS)
    assert len(searches) == 14
    listed = sum(len(site.catalogue.found[search.engine, search.keyword]) for search in searches)
    found = [picture for search in searches for picture in search.found]
    small, not_pictures = 4, 2
    assert len(found) == listed - small - not_pictures
    assert len({picture.image_address for picture in found}) == 456
