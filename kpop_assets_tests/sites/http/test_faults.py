"""What the one HTTP client makes of each fault that a site can have."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from urllib3 import HTTPResponse

from kpop_assets.sample_world.catalogue import SAMPLE_PICTURE_HOST
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.errors import (
    HostNotInSampleError,
    PrivateAddressError,
    ResponseTooLargeError,
    SiteError,
    SiteUnreachableError,
)
from kpop_assets.sites.http.addresses import AddressGuard
from kpop_assets.sites.http.manners import Manners
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.http.transport import Limits, PoliteRetry
from kpop_assets_tests.conftest import REFERENCE_FOLDER

QUICK = Limits(connect_s=1, read_s=0.5, total_s=1.5, max_bytes=300_000, retries=3, backoff_s=0.01)


@pytest.fixture(scope="module")
def faulty_site() -> Iterator[SampleSite]:
    with SampleSite(REFERENCE_FOLDER) as site:
        yield site


@pytest.fixture
def fetch(faulty_site: SampleSite) -> Iterator[Callable[..., tuple[bytes, Fault]]]:
    """Gets a good picture through a fault: body that came, and the fault with how often it met."""
    path = next(path for path in faulty_site.catalogue.pictures if path.startswith("/release/"))

    def get(
        kind: str, times: int | None = None, limits: Limits = QUICK, **options: object
    ) -> tuple[bytes, Fault]:
        fault = Fault(SAMPLE_PICTURE_HOST, kind, times=times)
        faulty_site.faults[:] = [fault]
        session = SiteSession.sample(faulty_site.address, limits)
        answer = session.get(f"https://{SAMPLE_PICTURE_HOST}{path}", **options)  # type: ignore[arg-type]
        return answer.require_ok().content, fault

    yield get
    faulty_site.faults.clear()


def test_retry_after_is_waited_for(fetch: Callable[..., tuple[bytes, Fault]]) -> None:
    start = time.monotonic()
    content, fault = fetch("429 with Retry-After", times=1, limits=Limits())
    assert content.startswith(b"\xff\xd8\xff")
    assert fault.met == 1
    assert time.monotonic() - start >= 1.0


def test_retry_after_has_a_ceiling(fetch: Callable[..., tuple[bytes, Fault]]) -> None:
    start = time.monotonic()
    content, fault = fetch("429 with Retry-After", times=2, limits=Limits(retry_after_max_s=0.01))
    assert content
    assert fault.met == 2
    assert time.monotonic() - start < 1.0


def test_retry_after_may_be_seconds_or_a_date_and_nonsense_means_the_backoff() -> None:
    retry = PoliteRetry.within(Limits(retry_after_max_s=100, backoff_s=0.0))
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=60), usegmt=True)
    long_ago = format_datetime(datetime.now(UTC) - timedelta(days=9), usegmt=True)
    for header, least, most in [
        ("7", 7, 7),
        (soon, 55, 60),
        ("86400", 100, 100),
        (long_ago, 0, 0),
        ("-5", 0, 0),
        ("soon", 0, 0),
    ]:
        response = HTTPResponse(status=429, headers={"Retry-After": header})
        assert least <= retry.seconds_to_wait(response) <= most, header


def test_no_retry_is_waited_for_beyond_the_total_time(
    fetch: Callable[..., tuple[bytes, Fault]],
) -> None:
    start = time.monotonic()
    with pytest.raises(SiteUnreachableError, match="but 500 came"):
        fetch("500", limits=Limits(total_s=0.5, retries=3, backoff_s=8))
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("kind", ["500", "reset mid-body", "Content-Length too long"])
def test_troubles_that_pass_are_tried_again(
    fetch: Callable[..., tuple[bytes, Fault]], kind: str
) -> None:
    content, fault = fetch(kind, times=3)
    assert content.startswith(b"\xff\xd8\xff")
    assert content.endswith(b"\xff\xd9")
    assert fault.met == 3


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("500", "expected HTTP 200, but 500 came"),
        ("429 with Retry-After", "expected HTTP 200, but 429 came"),
        ("reset mid-body", "Connection"),
        ("Content-Length too long", "IncompleteRead"),
        ("stall after the headers", "timed out|still on its way"),
        ("one byte a second", "expected a whole answer in 2 s, but it was still on its way"),
        ("headers one byte a second", "timed out|still on its way"),
        ("endless redirect", "Exceeded 5 redirects"),
        ("redirect to a file", "No connection adapters were found"),
    ],
)
def test_troubles_that_stay_are_a_named_error_in_bounded_time(
    fetch: Callable[..., tuple[bytes, Fault]], kind: str, message: str
) -> None:
    limits = Limits(read_s=1.6, total_s=2.0, retries=1, backoff_s=0.01, retry_after_max_s=0.01)
    start = time.monotonic()
    with pytest.raises(SiteUnreachableError, match=message):
        fetch(kind, limits=limits)
    assert time.monotonic() - start < 10


def test_a_drip_slower_than_any_read_timeout_is_cut_off_by_the_total_deadline(
    fetch: Callable[..., tuple[bytes, Fault]],
) -> None:
    with pytest.raises(SiteUnreachableError, match="still on its way"):
        fetch("one byte a second", limits=Limits(read_s=20, total_s=1.2, retries=0))
    with pytest.raises(SiteUnreachableError, match="still on its way"):
        fetch("headers one byte a second", limits=Limits(read_s=20, total_s=1.2, retries=0))


@pytest.mark.parametrize("kind", ["gzip bomb", "300 MB body"])
def test_bodies_are_cut_off_while_they_come(
    fetch: Callable[..., tuple[bytes, Fault]], kind: str
) -> None:
    with pytest.raises(ResponseTooLargeError, match="at most 300,000 bytes, but more came"):
        fetch(kind, limits=Limits(max_bytes=300_000))


def test_a_content_length_over_the_limit_is_refused_before_the_body(
    fetch: Callable[..., tuple[bytes, Fault]],
) -> None:
    with pytest.raises(ResponseTooLargeError, match="at most 100 bytes"):
        fetch("404", times=0, max_bytes=100)


def test_a_content_length_that_is_too_short_gives_a_cut_picture_and_no_confusion_after(
    fetch: Callable[..., tuple[bytes, Fault]],
) -> None:
    whole, _ = fetch("404", times=0)
    content, _ = fetch("Content-Length too short")
    assert content == whole[: len(whole) // 2]
    assert fetch("404", times=0)[0] == whole


@pytest.mark.parametrize(
    "kind",
    [
        "redirect to 127.0.0.1",
        "redirect to 169.254.169.254",
        "redirect to [::1]",
        "redirect to a private name",
    ],
)
def test_redirects_into_a_private_network_are_refused_in_both_worlds(
    fetch: Callable[..., tuple[bytes, Fault]], faulty_site: SampleSite, kind: str
) -> None:
    with pytest.raises(HostNotInSampleError):
        fetch(kind)
    host, _, port = faulty_site.address.removeprefix("http://").partition(":")
    live = SiteSession(
        "live", manners=Manners(pause_s=0), guard=AddressGuard((host, int(port))), limits=QUICK
    )
    with pytest.raises(PrivateAddressError, match="expected a public address"):
        live.get(f"{faulty_site.address}/{SAMPLE_PICTURE_HOST}/x")


def test_the_sample_site_is_excepted_by_exact_address_and_port(faulty_site: SampleSite) -> None:
    host, _, port = faulty_site.address.removeprefix("http://").partition(":")
    guard = AddressGuard((host, int(port)))
    assert guard.checked_addresses(host, int(port)) == [host]
    for other in ((host, int(port) + 1), ("127.0.0.2", int(port))):
        with pytest.raises(PrivateAddressError):
            guard.checked_addresses(*other)


def test_a_name_is_resolved_once_for_a_connection_so_that_dns_cannot_change_its_mind(
    faulty_site: SampleSite,
) -> None:
    port = int(faulty_site.address.rpartition(":")[2])
    answers = [["127.0.0.1"], ["127.0.0.2"], ["127.0.0.2"], ["127.0.0.2"], ["127.0.0.2"]]

    def rebinding(_host: str, _port: int) -> list[str]:
        return answers.pop(0)

    guard = AddressGuard(("127.0.0.1", port), rebinding)
    live = SiteSession("live", manners=Manners(pause_s=0), guard=guard, limits=QUICK)
    assert live.get(f"http://rebinding.test:{port}/").status == 200
    assert len(answers) == 4
    fresh = SiteSession("live", manners=Manners(pause_s=0), guard=guard, limits=QUICK)
    with pytest.raises(PrivateAddressError, match=r"rebinding\.test.*127\.0\.0\.2 came"):
        fresh.get(f"http://rebinding.test:{port}/")


@pytest.mark.parametrize(
    "address",
    [
        "10.0.0.1",
        "172.16.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "0.0.0.0",
        "224.0.0.1",
        "::",
        "::1",
        "fe80::1",
        "fd00:ec2::254",
        "::ffff:127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a9fe:a9fe",
        "2002:7f00:1::",
    ],
)
def test_no_spelling_of_a_private_address_is_public(address: str) -> None:
    guard = AddressGuard(resolve=lambda _host, _port: ["93.184.216.34", address])
    with pytest.raises(PrivateAddressError):
        guard.checked_addresses("mixed.test", 443)


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_pass(address: str) -> None:
    guard = AddressGuard(resolve=lambda _host, _port: [address])
    assert guard.checked_addresses("public.test", 443) == [address]


@pytest.mark.parametrize("scheme", ["file", "ftp", "data", "gopher"])
def test_other_schemes_are_refused(faulty_site: SampleSite, scheme: str) -> None:
    for session in (SiteSession.sample(faulty_site.address), SiteSession.live()):
        with pytest.raises(SiteError, match=r"No connection adapters|Failed to parse|Invalid"):
            session.get(f"{scheme}://www.melon.com/etc/passwd")


def test_an_unchanged_picture_costs_no_bytes_and_a_changed_one_comes(
    faulty_site: SampleSite,
) -> None:
    faulty_site.faults.clear()
    session = SiteSession.sample(faulty_site.address)
    address = next(iter(faulty_site.catalogue.pictures.values())).address
    first = session.get(address).require_ok()
    assert first.validator
    again = session.get(address, validator=first.validator)
    assert (again.status, again.content) == (304, b"")
    faulty_site.faults[:] = [Fault(SAMPLE_PICTURE_HOST, "SVG with script")]
    changed = session.get(address, validator=first.validator)
    assert changed.status == 200
    assert changed.content != first.content
