"""What an image search asks at most, and how it says why it brought nothing."""

import html
import json
from collections.abc import Callable

import pytest

from kpop_assets.sample_world.answers import HTML, NOT_FOUND, Answer, Request
from kpop_assets.sample_world.catalogue import SAMPLE_PICTURE_HOST
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.http.transport import Limits
from kpop_assets.sites.search.image_search import PictureFetcher, Search, crawl_pictures

HOSTS = {"bing": "www.bing.com", "google": "www.google.com"}
ENGINES = list(HOSTS)
QUICK = Limits(read_s=2, total_s=4, retries=0)
Handler = Callable[[Request], Answer]


@pytest.fixture
def faulty_site(reference_folder):
    with SampleSite(reference_folder) as running:
        yield running


def search(site: SampleSite, engine: str, most: int = 20, keyword: str = "x") -> Search[int]:
    fetcher = PictureFetcher(SiteSession.sample(site.address, QUICK), len)
    [found] = crawl_pictures(fetcher, [keyword], [engine], max_per_keyword={engine: most})
    return found


def answering(site: SampleSite, monkeypatch, host: str, handler: Handler) -> list[Request]:
    """Lets the handler answer for the host; returns the requests that it gets."""
    asked: list[Request] = []

    def answer(request: Request) -> Answer:
        asked.append(request)
        return handler(request)

    monkeypatch.setitem(site._hosts, host, answer)
    return asked


def result_page(engine: str, addresses: list[object]) -> Answer:
    if engine == "bing":
        entries = (html.escape(json.dumps({"murl": address})) for address in addresses)
        text = "".join(f'<div class="imgpt"><a m="{entry}"></a></div>' for entry in entries)
    else:
        text = "<script>" + ",".join(f"[{json.dumps(a)},300,300]" for a in addresses) + "</script>"
    return Answer(text.encode(), HTML)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("status", [301, 400, 403, 404, 429, 500, 503])
def test_a_result_page_that_is_refused_leaves_its_status(
    faulty_site, monkeypatch, engine, status
) -> None:
    answering(faulty_site, monkeypatch, HOSTS[engine], lambda _: Answer(b"no", HTML, status))
    why = search(faulty_site, engine).notes
    assert why is not None
    assert f"1 x HTTP {status} at {HOSTS[engine]}" in why


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"<title>Are you a robot?</title>", "no picture listed on https://{}/"),
        (b"", "no picture listed on https://{}/"),
        (b"<div>" * 6_000, "PageFormatError in a result page: https://{}/"),
        (b"x" * (5 * 2**20), "ResponseTooLargeError at {}"),
    ],
)
def test_a_result_page_that_cannot_be_used_leaves_the_reason(
    faulty_site, monkeypatch, engine, body, reason
) -> None:
    answering(faulty_site, monkeypatch, HOSTS[engine], lambda _: Answer(body, HTML))
    assert reason.format(HOSTS[engine]) in search(faulty_site, engine).notes


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("stall after the headers", "SiteUnreachableError|ConnectionError at"),
        ("reset mid-body", "ConnectionError|ChunkedEncodingError"),
        ("endless redirect", "TooManyRedirects at"),
        ("redirect to 127.0.0.1", "HostNotInSampleError at"),
        ("gzip bomb", "ResponseTooLargeError at"),
    ],
)
def test_an_engine_that_does_not_answer_leaves_the_reason(faulty_site, engine, fault, reason):
    faulty_site.faults.append(Fault(HOSTS[engine], fault))
    why = search(faulty_site, engine).notes
    assert any(word in why for word in reason.split("|"))


@pytest.mark.parametrize("engine", ENGINES)
def test_the_reason_of_a_page_is_not_pushed_out_by_those_of_pictures(
    faulty_site, monkeypatch, engine
) -> None:
    def first_page_only(request: Request) -> Answer:
        if request.query.get("first", request.query.get("start")) != "0":
            return Answer(b"", HTML, 403)
        return result_page(engine, [f"https://{n % 30}.test/{n}" for n in range(90)])

    answering(faulty_site, monkeypatch, HOSTS[engine], first_page_only)
    why = search(faulty_site, engine, most=400).notes
    assert f" x HTTP 403 at {HOSTS[engine]}; 3 x HostNotInSampleError at" in why


@pytest.mark.parametrize("engine", ENGINES)
def test_dead_addresses_are_asked_up_to_five_for_each_picture_that_is_wanted(
    faulty_site, monkeypatch, engine
) -> None:
    def flood(request: Request) -> Answer:
        page = request.query.get("first") or request.query.get("start")
        places = [f"https://{SAMPLE_PICTURE_HOST}/{page}-{n}" for n in range(2_000)]
        return result_page(engine, places)

    pages = answering(faulty_site, monkeypatch, HOSTS[engine], flood)
    dead = answering(faulty_site, monkeypatch, SAMPLE_PICTURE_HOST, lambda _: NOT_FOUND)
    for most, addresses in ((20, 100), (110, 550 if engine == "bing" else 400)):
        dead.clear()
        found = search(faulty_site, engine, most=most)
        pictures = [request for request in dead if request.path != "/robots.txt"]
        assert len(pictures) == found.listed == addresses
        assert f"only the first 200 pictures of https://{HOSTS[engine]}/" in found.notes
    assert len(pages) <= 10


def test_a_flood_on_one_page_costs_no_picture_of_the_next(faulty_site, monkeypatch) -> None:
    right = faulty_site._bing

    def flood_first(request: Request) -> Answer:
        if request.query["first"] != "0":
            return right(request)
        return result_page("bing", [f"https://{SAMPLE_PICTURE_HOST}/{n}" for n in range(9_000)])

    answering(faulty_site, monkeypatch, HOSTS["bing"], flood_first)
    found = search(faulty_site, "bing", most=100, keyword="한국 앨범 표지")
    assert len(found.found) > 10


@pytest.mark.parametrize("engine", ENGINES)
def test_an_entry_without_a_usable_address_is_counted_and_costs_no_other(
    faulty_site, monkeypatch, engine
) -> None:
    good = next(iter(faulty_site.catalogue.pictures))
    broken = [
        "https://a.test/\x1b[2J.jpg", "https://a.test/\u202e.jpg", "https://", "http://[::1/x.jpg",
        "https://a.test/\ud800.jpg", "https://a.test/" + "x" * 9_000,
    ]  # fmt: skip
    kinds = [None, 7, [], {"a": []}, float("nan"), "javascript:alert(1)", "ftp://a.test/1.jpg"]
    entries = [*broken, *(kinds if engine == "bing" else [])]
    address = f"https://{SAMPLE_PICTURE_HOST}{good}"
    answering(
        faulty_site, monkeypatch, HOSTS[engine], lambda _: result_page(engine, [*entries, address])
    )
    found = search(faulty_site, engine)
    assert [picture.image_address for picture in found.found] == [f"sample{address[5:]}"]
    assert f"{len(entries)} x entry of a result page without a picture address" in found.notes
