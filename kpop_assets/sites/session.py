"""One polite, bounded HTTP client, for the live sites and for the sample site on loopback.

All code of this room asks for live addresses (``https://www.melon.com/...``). In the sample world
the session sends each request for a known host to ``ADDRESS/<host>/<path>?<query>`` on loopback and
refuses every other host, so that it can never reach the network.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.util.retry import Retry

from kpop_assets.errors import KpopAssetsError

CONNECT_TIMEOUT_S = 5.0
READ_TIMEOUT_S = 20.0
RESPONSE_LIMIT_S = 60.0
CHUNK_BYTES = 4 * 1024
MAX_BYTES = 20 * 2**20
MAX_REDIRECTS = 5
RETRIES = 3
RETRY_AFTER_MAX_S = 30.0
LIVE_PAUSE_S = 0.5
"""Seconds between two requests to one live host; public collectors pause 0.5 to 3 s."""

PROJECT_USER_AGENT = "kpop-assets/0.1 (album cover research pipeline)"
BROWSER_HEADERS = {
    "User-Agent": (
        "Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) "
        "Chrome/126.0.0.0 Safari/537.36"
    ),
    "Accept-Language": "ko-KR,ko;q=0.9,en-US;q=0.6,en;q=0.5",
}
"""For sites that send other pages, or HTTP 406, to programs that do not look like a browser."""

SAMPLE_PICTURE_HOST = "covers.kpop-assets.sample"
SAMPLE_HOSTS = frozenset(
    {
        "circlechart.kr",
        "www.melon.com",
        "cdnimg.melon.co.kr",
        "www.bing.com",
        "www.google.com",
        SAMPLE_PICTURE_HOST,
    }
)
"""Hosts that the sample site answers for; the picture host exists in the sample world only."""


class SiteError(KpopAssetsError):
    """Base of every error of a site."""


class SiteUnreachableError(SiteError):
    """A page did not come: no connection, a timeout, or an HTTP status other than 200."""


class ResponseTooLargeError(SiteError):
    """A response was longer than allowed and was cut off."""


class HostNotInSampleError(SiteError):
    """In the sample world a host was asked for that the sample site does not answer for."""


class PrivateAddressError(SiteError):
    """A page or a redirect leads to an address that is not public."""


class PageFormatError(SiteError):
    """A page came but is not in the expected format: names the page and what was missing."""

    def __init__(self, page: str, expected: str, came: str) -> None:
        super().__init__(
            f"{page}: expected {expected}, but {came} came. "
            "The site may have changed its pages: compare with the facts in the module that reads "
            "it."
        )
        self.page = page
        self.expected = expected
        self.came = came


@dataclass(frozen=True)
class SiteResponse:
    """What a site answered: HTTP status, the whole body, and the address after redirects."""

    status: int
    content: bytes
    url: str

    @property
    def text(self) -> str:
        """The body as UTF-8 text, undecodable bytes replaced."""
        return self.content.decode("utf-8", "replace")

    def require_ok(self) -> SiteResponse:
        """Return itself; raise SiteUnreachableError unless the status is 200."""
        if self.status != 200:
            raise SiteUnreachableError(f"{self.url}: expected HTTP 200, but {self.status} came")
        return self


class SiteSession:
    """The way to the sites: GET and POST with time, size, redirect and pace limits."""

    def __init__(self, sites: Literal["sample", "live"], address: str | None = None) -> None:
        self.sites: Literal["sample", "live"] = sites
        self._address = address
        self._pause_s = LIVE_PAUSE_S if sites == "live" else 0.0
        self._next_turn: dict[str, float] = {}
        self._turn_lock = threading.Lock()
        self._requests = self.new_requests_session()

    @classmethod
    def live(cls) -> SiteSession:
        """A session that talks to the live sites."""
        return cls("live")

    @classmethod
    def sample(cls, address: str) -> SiteSession:
        """A session that talks to a sample site only, at an address as ``http://127.0.0.1:PORT``."""
        return cls("sample", address.rstrip("/"))

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> SiteResponse:
        """GET a live address; any HTTP status is returned.

        Raises SiteUnreachableError when nothing comes, ResponseTooLargeError over `max_bytes`.
        """
        return self._ask("GET", url, max_bytes, params=params, headers=headers)

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        max_bytes: int = MAX_BYTES,
    ) -> SiteResponse:
        """POST a form to a live address; returns and raises as `get`."""
        return self._ask("POST", url, max_bytes, data=data, headers=headers)

    def source_address(self, url: str) -> str:
        """The address that tables record: the url, or ``sample://...`` in the sample world."""
        if self.sites == "live":
            return url
        return "sample://" + url.partition("://")[2]

    def new_requests_session(self) -> requests.Session:
        """A requests session of its own with the same limits, for threads of a crawler."""
        session = requests.Session()
        session.headers["User-Agent"] = PROJECT_USER_AGENT
        session.max_redirects = MAX_REDIRECTS
        adapter: HTTPAdapter
        if self._address is None:
            adapter = LiveAdapter(self._wait_for_turn)
        else:
            session.trust_env = False
            adapter = SampleAdapter(self._address)
        session.mount("https://", adapter)
        session.mount("http://", adapter)
        return session

    def _ask(self, method: str, url: str, max_bytes: int, **options: Any) -> SiteResponse:
        try:
            response = self._requests.request(method, url, **options)
        except requests.RequestException as error:
            raise SiteUnreachableError(f"{url}: expected an answer, but {error} came") from error
        if len(response.content) > max_bytes:
            raise ResponseTooLargeError(
                f"{url}: expected at most {max_bytes:,} bytes, "
                f"but {len(response.content):,} bytes came"
            )
        return SiteResponse(response.status_code, response.content, response.url)

    def _wait_for_turn(self, host: str) -> None:
        with self._turn_lock:
            now = time.monotonic()
            turn = max(now, self._next_turn.get(host, 0.0))
            self._next_turn[host] = turn + self._pause_s
        time.sleep(turn - now)


class PoliteRetry(Retry):
    """Retries that honour Retry-After, but wait no longer than RETRY_AFTER_MAX_S seconds."""

    def get_retry_after(self, response: BaseHTTPResponse) -> float | None:
        """Seconds that the site asks to wait, at most RETRY_AFTER_MAX_S; None if it does not."""
        asked = super().get_retry_after(response)
        return None if asked is None else min(asked, RETRY_AFTER_MAX_S)


class BoundedAdapter(HTTPAdapter):
    """Sends with default timeouts and retries, and reads at most MAX_BYTES of any response."""

    def __init__(self) -> None:
        super().__init__(
            pool_maxsize=32,
            max_retries=PoliteRetry(
                total=RETRIES,
                backoff_factor=0.5,
                backoff_max=20,
                backoff_jitter=0.2,
                status_forcelist=(429, 500, 502, 503, 504),
                allowed_methods=("GET", "POST"),
                raise_on_status=False,
            ),
        )

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Send and read the whole body; raises ResponseTooLargeError over MAX_BYTES bytes."""
        kwargs["stream"] = True
        kwargs["timeout"] = kwargs.get("timeout") or (CONNECT_TIMEOUT_S, READ_TIMEOUT_S)
        response = super().send(request, *args, **kwargs)
        body = bytearray()
        deadline = time.monotonic() + RESPONSE_LIMIT_S
        for chunk in response.iter_content(CHUNK_BYTES):
            body += chunk
            if time.monotonic() > deadline:
                response.close()
                raise SiteUnreachableError(
                    f"{request.url}: expected a whole answer in {RESPONSE_LIMIT_S:.0f} s, "
                    f"but only {len(body):,} bytes came"
                )
            if len(body) > MAX_BYTES:
                response.close()
                raise ResponseTooLargeError(
                    f"{request.url}: expected at most {MAX_BYTES:,} bytes, but more came"
                )
        response._content = bytes(body)
        return response


class LiveAdapter(BoundedAdapter):
    """Sends to public addresses only, also after a redirect, and keeps the pace of each host."""

    def __init__(self, wait_for_turn: Callable[[str], None]) -> None:
        super().__init__()
        self._wait_for_turn = wait_for_turn

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Send; raises PrivateAddressError for a host in a private or loopback range."""
        host = urlsplit(request.url or "").hostname or ""
        require_public_host(host)
        self._wait_for_turn(host)
        return super().send(request, *args, **kwargs)


def require_public_host(host: str) -> None:
    """Raise PrivateAddressError when the host resolves to an address that is not a public one.

    A name that does not resolve passes: sending to it fails by itself.
    """
    try:
        found = socket.getaddrinfo(host, None)
    except OSError:
        return
    for *_, address in found:
        if not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
            raise PrivateAddressError(
                f"{host}: expected a public address, but {address[0]} came; "
                "pages and redirects must not lead into a private network"
            )


class SampleAdapter(BoundedAdapter):
    """Sends requests for SAMPLE_HOSTS to the sample site and refuses every other host."""

    def __init__(self, address: str) -> None:
        super().__init__()
        self._address = address

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Send to the sample site; raises HostNotInSampleError for a host outside SAMPLE_HOSTS."""
        host = urlsplit(request.url or "").hostname
        if host not in SAMPLE_HOSTS:
            raise HostNotInSampleError(
                f"{request.url}: the sample world answers for {', '.join(sorted(SAMPLE_HOSTS))} "
                "only; set KPOP_SITES=live to reach other hosts"
            )
        kwargs["proxies"] = None
        routed = request.copy()
        routed.url = f"{self._address}/{host}{request.path_url}"
        response = super().send(routed, *args, **kwargs)
        response.url = request.url
        response.request = request
        return response
