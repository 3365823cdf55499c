"""What a hostile host may send, byte by byte, and what the client makes of it."""

import socket
import threading
import time
from collections.abc import Callable, Iterator

import pytest
import requests

from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.errors import PageFormatError, PrivateAddressError, SiteUnreachableError
from kpop_assets.sites.html_pages import MAX_NESTING, parsed_page
from kpop_assets.sites.http.addresses import AddressGuard
from kpop_assets.sites.http.manners import Manners
from kpop_assets.sites.http.robots import RobotsAnswer, RobotsRules
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.http.transport import Limits
from kpop_assets.sites.http.validators import Validator
from kpop_assets.sites.search.image_search import PictureFetcher, crawl_pictures

OK = b"HTTP/1.1 200 OK\r\n"
Host = Callable[[Callable[[str], list[bytes]]], str]
"""Starts a host that sends these pieces, 0.15 s apart, for each path; returns its address."""


@pytest.fixture
def host() -> Iterator[Host]:
    listeners: list[socket.socket] = []

    def serve(connection: socket.socket, pieces_of: Callable[[str], list[bytes]]) -> None:
        with connection, connection.makefile("rb") as stream:
            while line := stream.readline():
                headers = [line]
                while (header := stream.readline()) not in (b"\r\n", b""):
                    headers.append(header)
                asked = b"".join(headers).decode("latin-1")
                try:
                    for piece in pieces_of(asked):
                        connection.sendall(piece)
                        time.sleep(0.15)
                except OSError:
                    return

    def start(pieces_of: Callable[[str], list[bytes]]) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def accept() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection, pieces_of), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}"

    yield start
    for listener in listeners:
        listener.close()


def live(address: str, limits: Limits | None = None) -> SiteSession:
    port = int(address.rpartition(":")[2])
    guard = AddressGuard(("127.0.0.1", port))
    quick = limits or Limits(read_s=2, total_s=3, retries=0)
    return SiteSession("live", manners=Manners(pause_s=0), guard=guard, limits=quick)


def whole(body: bytes, *headers: str) -> bytes:
    lines = "".join(f"{header}\r\n" for header in headers).encode("latin-1")
    return OK + lines + f"Content-Length: {len(body)}\r\n\r\n".encode() + body


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"Content-Length: \xb2\r\n\r\nab",
        b"HTTP/1.1 302 Found\r\nLocation: http://[::1\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://a/\xff\xfe\r\nContent-Length: 0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: http://a..b/\r\nContent-Length: 0\r\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n",
        b"HTTP/1.1 103 Early Hints\r\n\r\n",
        b"nonsense\r\n\r\n",
    ],
)
def test_a_malformed_answer_is_a_named_error_or_an_answer_but_nothing_else(
    host: Host, answer: bytes
) -> None:
    address = host(lambda _path: [answer])
    try:
        came = live(address).get(f"{address}/x")
    except SiteUnreachableError:
        return
    assert came.content == b"ab"


@pytest.mark.parametrize("url", ["http://a..b/x", "http://" + "a" * 64 + ".test/", "http://[::1"])
def test_an_address_that_is_none_is_a_named_error(url: str) -> None:
    with pytest.raises(SiteUnreachableError):
        SiteSession("live", limits=Limits(retries=0)).get(url)


def test_redirects_share_the_time_of_one_request(host: Host) -> None:
    def slow(_path: str) -> list[bytes]:
        time.sleep(0.5)
        return [b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n"]

    address = host(slow)
    start = time.monotonic()
    with pytest.raises(SiteUnreachableError, match="still on its way"):
        live(address, Limits(total_s=1.2, retries=0)).get(f"{address}/x")
    assert time.monotonic() - start < 2.0


def test_early_hints_do_not_shift_the_answers_of_a_host(host: Host) -> None:
    def hinting(asked: str) -> list[bytes]:
        path = asked.split()[1].encode()
        hints = [b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"] if path == b"/hints" else []
        return [*hints, whole(path)]

    address = host(hinting)
    session = live(address)
    with pytest.raises(SiteUnreachableError, match="103 without a final answer"):
        session.get(f"{address}/hints")
    for path in ("/a", "/b"):
        assert session.get(f"{address}{path}").text == path


def test_no_cookie_is_kept(host: Host) -> None:
    asked: list[str] = []

    def setting(request: str) -> list[bytes]:
        asked.append(request)
        return [whole(b"", "Set-Cookie: a=1", "Set-Cookie: b=2; Domain=.0.0.1")]

    address = host(setting)
    session = live(address)
    for _ in range(2):
        session.get(f"{address}/x")
    assert len(asked) == 2
    assert "cookie" not in "".join(asked).lower()


def test_proxies_and_passwords_of_this_machine_are_not_used(
    host: Host, monkeypatch: pytest.MonkeyPatch, tmp_path
) -> None:
    asked: list[str] = []

    def noting(request: str) -> list[bytes]:
        asked.append(request)
        if "/first" in request.partition("\r\n")[0]:
            return [b"HTTP/1.1 302 Found\r\nLocation: /second\r\nContent-Length: 0\r\n\r\n"]
        return [whole(b"ok")]

    address = host(noting)
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password secret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    assert live(address).get(f"{address}/first").text == "ok"
    assert len(asked) == 2
    assert "authorization" not in "".join(asked).lower()

    monkeypatch.setenv("http_proxy", address)
    asked.clear()
    with pytest.raises(PrivateAddressError):
        live(address).get("http://169.254.169.254/latest/meta-data/")
    assert asked == []


def test_validators_that_cannot_be_sent_back_are_not_kept() -> None:
    for etag in ('\x0b"a"', '"a\x00\x1b"', '"' + "a" * 60_000 + '"', '"é"', ' "a"', ""):
        assert not Validator.of({"ETag": etag})
        assert Validator(etag).request_headers() == {}
    assert Validator.of({"ETag": 'W/"a"'}).request_headers() == {"If-None-Match": 'W/"a"'}


@pytest.mark.parametrize(
    "line", ["Crawl-delay: ²", "Request-rate: ²/1", "Crawl-delay: " + "9" * 5000]
)
def test_a_line_of_a_robots_txt_that_cannot_be_read_costs_no_other_rule(line: str) -> None:
    text = f"User-agent: *\n{line}\nDisallow: /private\n"
    robots = RobotsRules("x", lambda _address: RobotsAnswer(200, text), lambda *_: None)
    assert robots.allow("https://a.test/1.jpg")
    assert not robots.allow("https://a.test/private/1.jpg")


@pytest.mark.parametrize("rule", ["Disallow: http://[x", "Disallow: //["])
def test_an_odd_rule_is_no_exception(rule: str) -> None:
    text = f"User-agent: *\n{rule}\n"
    robots = RobotsRules("x", lambda _address: RobotsAnswer(200, text), lambda *_: None)
    assert robots.allow("https://a.test/1.jpg") in (True, False)


def test_a_long_crawl_delay_is_cut_to_the_ceiling() -> None:
    pauses: dict[str, float] = {}
    text = "User-agent: *\nCrawl-delay: " + "9" * 400
    robots = RobotsRules("x", lambda _address: RobotsAnswer(200, text), pauses.__setitem__)
    robots.allow("https://a.test/1.jpg")
    assert pauses == {"a.test": 30.0}


@pytest.mark.parametrize("url", ["https://a%5B.example/x.jpg", "https://a.test/\ud800.jpg"])
def test_an_odd_link_is_not_allowed_and_no_exception(url: str) -> None:
    robots = RobotsRules("x", lambda _address: RobotsAnswer(404, ""), lambda *_: None)
    assert robots.allow(url) in (True, False)


@pytest.mark.parametrize(
    "address",
    ["fec0::2", "::127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b:1::7f00:1", "5f00::1", "3fff::1"],
)
def test_rare_spellings_of_private_addresses_are_refused(address: str) -> None:
    with pytest.raises(PrivateAddressError):
        AddressGuard(resolve=lambda *_: [address]).checked_addresses("a.test", 80)


def test_a_page_that_only_opens_elements_is_refused_before_it_is_parsed() -> None:
    for opened in ("<div>", "<ul><li>", "<svg><wbr>", "<x-a>"):
        with pytest.raises(PageFormatError, match="elements that are not closed"):
            parsed_page(opened * 300_000, "page")
    with pytest.raises(PageFormatError, match="at most"):
        parsed_page("a" * 5_000_000, "page")
    flat = "<div><p>a<br><li>b</div>" * (MAX_NESTING + 1)
    assert len(parsed_page(flat, "page").css("div")) == MAX_NESTING + 1


def test_odd_entries_of_a_result_page_cost_no_others(
    monkeypatch: pytest.MonkeyPatch, site: SampleSite
) -> None:
    from kpop_assets.sample_world import pages

    odd = [
        r'{"murl":"https://covers.kpop-assets.sample/1.jpg","purl":"https://x/\ud800"}',
        r'{"murl":"https://\ud800.com/9.jpg"}',
        '{"murl":"https://a%5B.example/x.jpg"}',
        '{"murl":"http://[::1/x.jpg"}',
        '{"murl":"https://a.test/' + "x" * 9000 + '"}',
        "[" * 100_000,
    ]
    whole_page = pages.bing_results_page

    def with_odd_entries(pictures) -> str:
        entries = "".join(f"<div class=imgpt><a m='{entry}'></a></div>" for entry in odd)
        return entries + whole_page(pictures)

    monkeypatch.setattr(pages, "bing_results_page", with_odd_entries)
    fetcher = PictureFetcher(SiteSession.sample(site.address), len)
    [search] = crawl_pictures(fetcher, ["한국 앨범 표지"], ["bing"], max_per_keyword={"bing": 5})
    assert len(search.found) == 5
    for found in search.found:
        (found.image_address + found.page_address).encode()
    search.notes.encode()


def test_icrawlers_session_has_named_errors_too(host: Host) -> None:
    address = host(lambda _path: [OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nabc\r\n"])
    with pytest.raises((SiteUnreachableError, requests.RequestException)):
        live(address).new_requests_session().get(f"{address}/x")


def test_a_tls_handshake_that_never_ends_is_cut_off() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        address = f"https://127.0.0.1:{silent.getsockname()[1]}"
        start = time.monotonic()
        with pytest.raises(SiteUnreachableError, match="still on its way"):
            live(address, Limits(connect_s=6, total_s=1, retries=0)).get(f"{address}/x")
        assert time.monotonic() - start < 4


def test_picture_hosts_are_told_the_name_of_the_project(host: Host) -> None:
    asked: list[str] = []

    def noting(request: str) -> list[bytes]:
        asked.append(request)
        return [whole(b"")]

    address = host(noting)
    PictureFetcher(live(address), len).fetch(f"{address}/1.jpg")
    assert [request.split()[1] for request in asked] == ["/robots.txt", "/1.jpg"]
    for request in asked:
        assert "User-Agent: kpop-assets/" in request
        assert "Mozilla" not in request


@pytest.mark.parametrize(
    "sent",
    [
        OK + b"Content-Length: 500\r\n\r\nUser-agent: *\nDisallow: /private\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n1f\r\nUser-agent: *\nDisallow: /private\n\r\n",
        OK + b"Transfer-Encoding: chunked\r\n\r\n0f",
        b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_robots_txt_that_does_not_come_whole_allows_nothing(host: Host, sent: bytes) -> None:
    address = host(lambda asked: [sent if "robots" in asked or "again" in asked else whole(b"")])
    trouble = (
        PictureFetcher(live(address, Limits(read_s=1, total_s=1, retries=0)), len)
        .fetch(f"{address}/1.jpg")
        .trouble
    )
    assert str(trouble).startswith("robots.txt of 127.0.0.1 cannot be read: ")
