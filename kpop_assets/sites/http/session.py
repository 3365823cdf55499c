"""The way to the sites: one polite, bounded HTTP client for all of them.

All code of this room asks for live addresses (``https://www.melon.com/...``). In the sample world
the session sends each request for a known host to ``ADDRESS/<host>/<path>?<query>`` on loopback and
refuses every other host, so that it can never reach the network.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import requests

from kpop_assets.sites.errors import (
    HostNotInSampleError,
    HostRefusedError,
    PageFormatError,
    PrivateAddressError,
    ResponseTooLargeError,
    SiteError,
    SiteUnreachableError,
)
from kpop_assets.sites.http.addresses import AddressGuard
from kpop_assets.sites.http.manners import Manners
from kpop_assets.sites.http.pace import Pace
from kpop_assets.sites.http.robots import MAX_ROBOTS_BYTES, RobotsAnswer, RobotsRules, robots_text
from kpop_assets.sites.http.transport import BoundedAdapter, BoundedSession, Limits, SampleAdapter
from kpop_assets.sites.http.validators import Validator

__all__ = [
    "HostNotInSampleError",
    "PageFormatError",
    "PrivateAddressError",
    "ResponseTooLargeError",
    "SiteError",
    "SiteResponse",
    "SiteSession",
    "SiteUnreachableError",
]

SAMPLE_PARALLEL = 32


@dataclass(frozen=True)
class SiteResponse:
    """What a site answered: HTTP status, the whole body, and the address after redirects.

    `validator` lets the same question be asked conditionally next time.
    """

    status: int
    content: bytes
    url: str
    validator: Validator = field(default_factory=Validator)

    @property
    def text(self) -> str:
        """The body as UTF-8 text, else as CP949 (older Korean pages) with replacements."""
        try:
            return self.content.decode("utf-8")
        except UnicodeDecodeError:
            return self.content.decode("cp949", "replace")

    def require_ok(self) -> SiteResponse:
        """Return itself; raise SiteUnreachableError unless the status is 200."""
        if self.status != 200:
            raise SiteUnreachableError(
                f"{self.url}: expected HTTP 200, but {self.status} came", self.status
            )
        return self


class SiteSession:
    """The way to the sites: GET and POST with time, size, address, redirect and pace limits.

    `address` is that of the sample site, in the sample world. `guard` says which addresses may be
    reached in the live world.
    """

    def __init__(
        self,
        sites: Literal["sample", "live"],
        address: str | None = None,
        *,
        limits: Limits | None = None,
        manners: Manners | None = None,
        guard: AddressGuard | None = None,
    ) -> None:
        self.sites: Literal["sample", "live"] = sites
        self.manners = manners or Manners()
        self._address = address
        self._limits = limits or Limits()
        self._guard = guard or AddressGuard()
        if sites == "live":
            self._pace = Pace(self.manners.pause_s, self.manners.parallel_per_host)
        else:
            self._pace = Pace(0.0, SAMPLE_PARALLEL)
        self._robots = RobotsRules(
            self.manners.user_agent, self._robots_answer, self._pace.slow_down
        )
        self._requests = self.new_requests_session()

    @classmethod
    def live(cls, manners: Manners | None = None) -> SiteSession:
        """A session that talks to the live sites."""
        return cls("live", manners=manners)

    @classmethod
    def sample(
        cls, address: str, limits: Limits | None = None, manners: Manners | None = None
    ) -> SiteSession:
        """A session that talks to a sample site only, at an address as ``http://127.0.0.1:PORT``."""
        return cls("sample", address.rstrip("/"), limits=limits, manners=manners)

    @property
    def browser_headers(self) -> dict[str, str]:
        """Headers for sites that want a browser in Korean."""
        return self.manners.browser_headers

    def get(
        self,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
        validator: Validator | None = None,
        pause_s: float = 0.0,
    ) -> SiteResponse:
        """GET a live address; any HTTP status is returned.

        With a `validator` of an earlier answer the status is 304, and the body empty, if nothing
        changed since. `pause_s` is the least pause between two requests to the live host. Raises
        SiteUnreachableError when nothing comes, ResponseTooLargeError over `max_bytes` (the
        session's limit by default), PrivateAddressError.
        """
        if pause_s and self.sites == "live":
            self._pace.slow_down(urlsplit(url).hostname or "", pause_s)
        conditions = validator.request_headers() if validator else {}
        return self._ask(
            "GET", url, max_bytes, params=params, headers={**(headers or {}), **conditions}
        )

    def post(
        self,
        url: str,
        *,
        data: Mapping[str, str],
        headers: Mapping[str, str] | None = None,
        max_bytes: int | None = None,
    ) -> SiteResponse:
        """POST a form to a live address; returns and raises as `get`."""
        return self._ask("POST", url, max_bytes, data=data, headers=headers)

    def robots_refusal(self, url: str) -> str | None:
        """Why robots.txt does not let the picture be fetched; None if it does, or is not honoured.

        Raises HostRefusedError where this program does not connect to the host.
        """
        return self._robots.refusal(url) if self.manners.honour_robots else None

    def source_address(self, url: str) -> str:
        """The address that tables record: the url, or ``sample://...`` in the sample world."""
        if self.sites == "live":
            return url
        return "sample://" + url.partition("://")[2]

    def live_address(self, recorded: str) -> str:
        """The address to ask for one that a table recorded; what `source_address` came from."""
        if self.sites == "live":
            return recorded
        return "https://" + recorded.partition("://")[2]

    def new_requests_session(self) -> requests.Session:
        """A requests session of its own with the same limits, for threads of a crawler."""
        if self._address is None:
            session = BoundedSession(BoundedAdapter(self._limits, self._guard, self._pace))
        else:
            session = BoundedSession(SampleAdapter(self._limits, self._address, self._pace))
        session.headers["User-Agent"] = self.manners.user_agent
        return session

    def _ask(self, method: str, url: str, max_bytes: int | None, **options: Any) -> SiteResponse:
        try:
            response = self._requests.request(method, url, max_bytes=max_bytes, **options)  # type: ignore[call-arg]
        except requests.RequestException as error:
            raise SiteUnreachableError(f"{url}: expected an answer, but {error} came") from error
        return SiteResponse(
            response.status_code, response.content, response.url, Validator.of(response.headers)
        )

    def _robots_answer(self, address: str) -> RobotsAnswer:
        try:
            answer = self._ask("GET", address, MAX_ROBOTS_BYTES, cut=True)
        except HostRefusedError:
            raise
        except SiteError as error:
            return RobotsAnswer(0, "", type(error.__cause__ or error).__name__)
        return RobotsAnswer(answer.status, robots_text(answer.content))
