"""Result pages of Bing and Google, damaged: a trouble that is counted, or addresses in bounds."""

import threading
from contextlib import suppress

import requests
from hypothesis import given

from kpop_assets.sites.errors import SiteError
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.search.crawl_notes import Crawl, CrawlNotes, OrderedResults
from kpop_assets.sites.search.image_crawler import SiteBingCrawler, SiteGoogleCrawler
from kpop_assets.sites.search.image_search import PictureFetcher
from kpop_assets_tests.fuzz.bounds import require_address
from kpop_assets_tests.fuzz.mutations import damaged

BING = """<div class="imgpt"><a class="iusc" m="{&quot;murl&quot;:&quot;https://a.kr/1.webp?w=1&amp;h=2
&quot;,&quot;purl&quot;:&quot;https://a.kr/앨범&quot;}"></a></div>
<div class="imgpt"><a m="{&quot;murl&quot;:&quot;https://a.kr/2.jpg&quot;}"></a></div>"""
GOOGLE = r"""<script>[0,["https://encrypted-tbn0.gstatic.com/images?q\u003dtbn",225,225],
["https://a.kr/1.webp?w\u003d9",400, 400],["https://a.kr/앨범.jpg",300,300]]</script>"""

CRAWL = Crawl(
    PictureFetcher(SiteSession.sample("http://127.0.0.1:9"), len),
    "bing",
    "x",
    OrderedResults(10),
    threading.Event(),
    CrawlNotes(),
)
PARSERS = {"bing": SiteBingCrawler(CRAWL).parser, "google": SiteGoogleCrawler(CRAWL).parser}


def listed(engine: str, content: bytes) -> None:
    page = requests.Response()
    page.status_code, page.url, page._content = 200, f"https://www.{engine}.com/x?q=1", content
    with suppress(SiteError):
        for task in PARSERS[engine].parse(page):
            for address in (task["file_url"], task["page"]):
                require_address(address)
                assert address.lower().startswith(("http://", "https://"))


@given(damaged([BING.replace("\n", "").encode()]))
def test_a_damaged_page_of_bing(content: bytes) -> None:
    listed("bing", content)


@given(damaged([GOOGLE.encode()]))
def test_a_damaged_page_of_google(content: bytes) -> None:
    listed("google", content)
