from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from kpop_assets.sites.http.session import (
    HostNotInSampleError,
    PageFormatError,
    PrivateAddressError,
    ResponseTooLargeError,
    SiteSession,
    SiteUnreachableError,
)
from kpop_assets.sites.http.transport import Limits


@pytest.mark.parametrize(
    "address",
    ["https://example.com/", "http://127.0.0.1:1/", "https://circlechart.kr.evil.test/"],
)
def test_the_sample_world_refuses_every_host_that_it_does_not_know(session, address):
    with pytest.raises(HostNotInSampleError, match="KPOP_SITES=live"):
        session.get(address)


def test_a_session_for_crawler_threads_refuses_them_too(session):
    with pytest.raises(HostNotInSampleError):
        session.new_requests_session().get("https://example.com/picture.jpg")


def test_answers_of_the_sample_world_carry_live_addresses_but_are_recorded_as_sample(session):
    answer = session.get("https://www.bing.com/images/async", params={"q": "가 & b"})
    assert answer.status == 200
    assert answer.url == "https://www.bing.com/images/async?q=%EA%B0%80+%26+b"
    assert session.source_address(answer.url).startswith("sample://www.bing.com/images/async?")


def test_live_addresses_are_recorded_as_they_are():
    address = "https://circlechart.kr/data/api/chart/album"
    assert SiteSession.live().source_address(address) == address


def test_a_status_other_than_200_is_returned_and_can_be_required(session):
    answer = session.get("https://www.bing.com/no/such/page")
    assert answer.status == 404
    with pytest.raises(SiteUnreachableError, match="expected HTTP 200, but 404 came"):
        answer.require_ok()


def test_a_page_over_the_asked_size_is_refused(session):
    with pytest.raises(ResponseTooLargeError, match="at most 10 bytes"):
        session.get("https://www.google.com/search", max_bytes=10)


def test_a_site_that_does_not_run_is_unreachable():
    with pytest.raises(SiteUnreachableError, match=r"https://circlechart\.kr/"):
        SiteSession.sample("http://127.0.0.1:1", Limits(retries=0)).get("https://circlechart.kr/")


def test_a_busy_site_is_asked_again_and_an_endless_body_is_cut_off():
    asked = []

    class Busy(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(503 if len(asked) == 1 else 200)
            if len(asked) == 1:
                self.send_header("Content-Length", "0")
            self.end_headers()
            if len(asked) > 1:
                self.wfile.write(b"x" * 300_000)

        def log_message(self, *_args):
            pass

    with HTTPServer(("127.0.0.1", 0), Busy) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        sample = SiteSession.sample(
            f"http://127.0.0.1:{server.server_port}", Limits(max_bytes=100_000)
        )
        with pytest.raises(ResponseTooLargeError, match="100,000 bytes"):
            sample.get("https://www.melon.com/a?b=c")
        server.shutdown()
    assert asked == ["/www.melon.com/a?b=c"] * 2


def test_a_format_error_names_the_page_and_what_was_missing():
    error = PageFormatError("https://a.test/b", "div.thumb img", "a page without it")
    assert "https://a.test/b: expected div.thumb img, but a page without it came" in str(error)


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "10.0.0.1", "169.254.169.254", "[::1]"])
def test_the_live_session_refuses_addresses_that_are_not_public(scheme, host):
    with pytest.raises(PrivateAddressError, match="expected a public address"):
        SiteSession.live().get(f"{scheme}://{host}:9/")
    with pytest.raises(PrivateAddressError, match="expected a public address"):
        SiteSession.live().new_requests_session().get(f"{scheme}://{host}:9/")
