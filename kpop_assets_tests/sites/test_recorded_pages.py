"""Pages in the live sites' formats that the sample world did not write, and what is read out."""

import threading
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

import pytest
import requests
from PIL import Image

from kpop_assets.sample_world.answers import HTML, JPEG, JSON, NOT_FOUND, Answer, Request
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.charts.circle import fetch_year_end_chart
from kpop_assets.sites.charts.gaon_pages import parse_year_end_page
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.matching.album_match import Candidate, Wanted
from kpop_assets.sites.search.crawl_notes import Crawl, CrawlNotes, OrderedResults
from kpop_assets.sites.search.image_crawler import SiteBingCrawler, SiteGoogleCrawler
from kpop_assets.sites.search.picture_fetcher import PictureFetcher
from kpop_assets.sites.shops.cover_art_archive import CoverArtArchive
from kpop_assets.sites.shops.deezer import Deezer, DeezerQuotaError
from kpop_assets.sites.shops.found_covers import NoSearchResultError
from kpop_assets.sites.shops.itunes import Itunes
from kpop_assets.sites.shops.melon import Melon, parse_search_page

PAGES = Path(__file__).parent / "pages"
NIGHT_BUS = Wanted("달무리", "새벽 정류장 'Night Bus'", 2024, ("DALMURI",))


def page(name: str) -> bytes:
    return (PAGES / name).read_bytes()


def picture(width: int) -> Answer:
    file = BytesIO()
    Image.new("RGB", (width, width), "teal").save(file, "JPEG")
    return Answer(file.getvalue(), JPEG)


@pytest.fixture
def asked(site: SampleSite, monkeypatch: pytest.MonkeyPatch):
    """Lets hosts answer as given; returns the requests that come to them."""

    def answers(**by_host: dict[str, Answer]) -> list[Request]:
        requests_seen: list[Request] = []

        def handler(answers_by_path: dict[str, Answer]):
            def handle(request: Request) -> Answer:
                requests_seen.append(request)
                return answers_by_path.get(request.path, NOT_FOUND)

            return handle

        for host, answers_by_path in by_host.items():
            monkeypatch.setitem(site._hosts, host, handler(answers_by_path))
        return requests_seen

    return answers


def test_the_year_end_chart_of_circle(session: SiteSession, asked):
    path = "/data/api/chart/album"
    seen = asked(**{"circlechart.kr": {path: Answer(page("circle_year.json"), JSON)}})
    first, second, third = fetch_year_end_chart(session, 2024)
    assert {"nationGbn": "T", "termGbn": "year", "hitYear": "2024"}.items() <= seen[0].form.items()
    assert (first.rank, first.artist, first.album) == (
        1,
        "달무리 (DALMURI)",
        "새벽 정류장 'Night Bus'",
    )
    assert (first.sales, first.distributor) == (1_204_330, "가온별 뮤직")
    thumbnail = "https://circlechart.kr/uploadDir/aoaAlbumImg/thumb/202401/900101_s.jpg"
    assert first.thumbnail == thumbnail
    assert (second.artist, second.album) == ("솔바람's", "유리숲 (Chinese Ver.)")
    assert (second.sales, second.distributor, second.thumbnail) == (88_012, None, None)
    assert (third.rank, third.album, third.sales) == (3, "첫눈 (KiT)", None)


def test_a_saved_page_of_the_old_gaon_chart():
    first, second = parse_year_end_page(
        page("gaon_2012.html"), 2012, source_address="saved", fetched_at=datetime.now(UTC)
    )
    assert (first.rank, first.artist, first.album) == (1, "물안개", "하루만 더 & Once More")
    assert (first.sales, first.distributor) == (101_337, "한빛유통")
    assert (second.artist, second.album) == ("오후 세시 (3PM)", "Rooftop's Song")
    assert (second.sales, second.distributor) == (None, None)


def test_a_search_page_of_melon():
    notes: list[str] = []
    html = page("melon_search.html").decode()
    assert parse_search_page(html, "page", notes.append) == [
        Candidate("10900101", "달무리 (DALMURI)", "새벽 정류장 'Night Bus'", 2024),
        Candidate("2219000", "Various Artists", "정류장"),
    ]
    assert not notes


def test_a_search_page_of_melon_without_results(session: SiteSession, asked):
    asked(
        **{"www.melon.com": {"/search/album/index.htm": Answer(page("melon_no_result.html"), HTML)}}
    )
    with pytest.raises(NoSearchResultError):
        Melon().find_cover(session, NIGHT_BUS)


MELON_PICTURE = "/cm2/album/images/109/00/101/10900101_20240108120000"
ITUNES_PICTURE = "/image/thumb/Music116/v4/0a/0b/0c/0a0b0c0d-0000-1111-2222-333344445555/cover.jpg"
DEEZER_PICTURE = "/images/cover/00112233445566778899aabbccddeeff/1000x1000-000000-80-0-0.jpg"
GROUP = "0f0e0d0c-1111-4222-8333-444455556666"
COVERS = {
    "melon": (
        Melon(),
        {
            "www.melon.com": {
                "/search/album/index.htm": Answer(page("melon_search.html"), HTML),
                "/album/detail.htm": Answer(page("melon_album.html"), HTML),
            },
            "cdnimg.melon.co.kr": {f"{MELON_PICTURE}_500.jpg": picture(500)},
        },
        ("10900101", "달무리 (DALMURI)", "새벽 정류장 'Night Bus'"),
        f"cdnimg.melon.co.kr{MELON_PICTURE}_500.jpg",
    ),
    "itunes": (
        Itunes(),
        {
            "itunes.apple.com": {"/search": Answer(page("itunes_search.json"), JSON)},
            "is1-ssl.mzstatic.com": {f"{ITUNES_PICTURE}/600x600bb.jpg": picture(600)},
        },
        ("900101", "DALMURI", "새벽 정류장 'Night Bus' - EP"),
        f"is1-ssl.mzstatic.com{ITUNES_PICTURE}/600x600bb.jpg",
    ),
    "deezer": (
        Deezer(),
        {
            "api.deezer.com": {"/search/album": Answer(page("deezer_search.json"), JSON)},
            "cdn-images.dzcdn.net": {DEEZER_PICTURE: picture(1000)},
        },
        ("900101", "DALMURI", "새벽 정류장 'Night Bus'"),
        f"cdn-images.dzcdn.net{DEEZER_PICTURE}",
    ),
    "cover_art_archive": (
        CoverArtArchive(),
        {
            "musicbrainz.org": {
                "/ws/2/release-group/": Answer(page("musicbrainz_search.json"), JSON)
            },
            "coverartarchive.org": {f"/release-group/{GROUP}/front-1200": picture(1200)},
        },
        (GROUP, "DALMURI feat. 솔바람", "새벽 정류장 ‘Night Bus’"),
        f"coverartarchive.org/release-group/{GROUP}/front-1200",
    ),
}


@pytest.mark.parametrize("name", list(COVERS))
def test_the_cover_of_an_album_by_the_answers_of_a_source(session: SiteSession, asked, name: str):
    source, answers, (album_id, artist, title), address = COVERS[name]
    seen = asked(**answers)
    cover = source.find_cover(session, NIGHT_BUS)
    assert (cover.source, cover.album_id) == (name, album_id)
    assert (cover.matched_artist, cover.matched_title) == (artist, title)
    assert cover.image_address == f"sample://{address}"
    query = " ".join(seen[0].query.values())
    assert "정류장" in query
    assert "달무리" in query or "DALMURI" in query


def test_deezer_over_its_quota(session: SiteSession, asked):
    asked(**{"api.deezer.com": {"/search/album": Answer(page("deezer_quota.json"), JSON)}})
    with pytest.raises(DeezerQuotaError):
        Deezer(quota_period_s=0.0).find_cover(session, NIGHT_BUS)


def results(engine: str, session: SiteSession, address: str, content: bytes):
    crawler = SiteBingCrawler if engine == "bing" else SiteGoogleCrawler
    notes = CrawlNotes()
    fetcher = PictureFetcher(session, lambda content: content)
    crawl = Crawl(fetcher, engine, "x", OrderedResults(10), threading.Event(), notes)
    response = requests.Response()
    response.status_code, response.url, response._content = 200, address, content
    return list(crawler(crawl).parser.parse(response)), dict(notes.troubles)


def test_a_result_page_of_bing(session: SiteSession):
    address = "https://www.bing.com/images/async?q=x&first=0"
    assert results("bing", session, address, page("bing_results.html")) == (
        [
            {
                "file_url": "https://img.example.com/covers/night-bus.jpg",
                "page": "https://blog.example.com/post/12?a=1&b=2",
            },
            {
                "file_url": "https://shop.example.kr/i/77.png?type=w800",
                "page": "https://shop.example.kr/goods/77",
            },
        ],
        {},
    )


def test_a_result_page_of_google(session: SiteSession):
    address = "https://www.google.com/search?q=x&tbm=isch"
    assert results("google", session, address, page("google_results.html")) == (
        [
            {"file_url": "https://img.example.com/covers/night-bus.jpg", "page": address},
            {"file_url": "https://shop.example.kr/i/88.webp?w=800&h=800", "page": address},
        ],
        {},
    )
