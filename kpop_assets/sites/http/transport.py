"""How a request travels: bounded in time and bytes, retried, to public addresses only."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse
from urllib3.exceptions import HTTPError, MaxRetryError
from urllib3.util.retry import Retry

from kpop_assets.sites.errors import (
    HostNotInSampleError,
    ResponseTooLargeError,
    SiteUnreachableError,
)
from kpop_assets.sites.http.addresses import AddressGuard
from kpop_assets.sites.http.cut_off import CutOff
from kpop_assets.sites.http.pace import Pace

CHUNK_BYTES = 16 * 1024
MAX_BYTES = 20 * 2**20
MAX_REDIRECTS = 5
MISDIRECTED = 421
"""Misdirected Request: the server does not answer for this host (RFC 9110, section 15.5.20)."""
RETRIED_STATUSES = (429, 500, 502, 503, 504)
RETRIED_ERRORS = (
    requests.ConnectionError,
    requests.Timeout,
    requests.exceptions.ChunkedEncodingError,
)


@dataclass(frozen=True)
class Limits:
    """What one answer may cost: seconds, bytes, attempts.

    `total_s` bounds all attempts, pauses between them and redirects together, but not the waiting
    for a turn at the host. `retries` come after the first attempt, after about 0, 2, 4 times
    `backoff_s`, or when the site says (Retry-After), but never later than `retry_after_max_s`.
    """

    connect_s: float = 5.0
    read_s: float = 20.0
    total_s: float = 60.0
    max_bytes: int = MAX_BYTES
    retries: int = 3
    backoff_s: float = 0.5
    retry_after_max_s: float = 30.0


@dataclass
class _Allowance:
    """What is left of the limits for the request of this thread.

    With `cut` a longer answer is cut at `max_bytes` instead of refused.
    """

    seconds: float
    max_bytes: int
    cut: bool = False


_ALLOWANCE: ContextVar[_Allowance | None] = ContextVar("allowance", default=None)


class BoundedSession(requests.Session):
    """A requests session in which all redirects of one request share its limits.

    It takes no proxy and no ~/.netrc from the environment, where both would go round the limits,
    and keeps no cookies.
    """

    def __init__(self, adapter: BoundedAdapter) -> None:
        super().__init__()
        self.max_redirects = MAX_REDIRECTS
        self.trust_env = False
        self.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        self._limits = adapter.limits
        self.mount("https://", adapter)
        self.mount("http://", adapter)

    def request(  # type: ignore[override]
        self,
        method: str,
        url: str,
        *,
        max_bytes: int | None = None,
        cut: bool = False,
        **options: Any,
    ) -> requests.Response:
        """Ask; raises what the adapter raises, and requests' errors.

        What http.client, urllib3 and urllib raise of their own on malformed answers becomes
        SiteUnreachableError.
        """
        most = self._limits.max_bytes if max_bytes is None else max_bytes
        try:
            with _allowance(_Allowance(self._limits.total_s, most, cut)):
                return super().request(method, url, **options)
        except requests.RequestException:
            raise
        except (ValueError, OverflowError, HTTPError) as error:
            came = f"{type(error).__name__}: {error}"
            raise SiteUnreachableError(f"{url}: expected an answer, but {came} came") from error


class BoundedAdapter(HTTPAdapter):
    """Reads whole answers within the limits, tries again after troubles that may pass."""

    def __init__(self, limits: Limits, guard: AddressGuard, pace: Pace) -> None:
        self.limits = limits
        self._guard = guard
        self._pace = pace
        super().__init__(pool_maxsize=32, max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Make pools whose connections check the address that they connect to."""
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._guard.pools()

    def send(self, request: requests.PreparedRequest, *_args: Any, **kwargs: Any) -> Any:
        """Send and read the whole body.

        Raises ResponseTooLargeError, PrivateAddressError, SiteUnreachableError when the time is
        over, and requests' errors once all retries are used up.
        """
        allowance = _ALLOWANCE.get() or _Allowance(self.limits.total_s, self.limits.max_bytes)
        limits = self.limits
        kwargs["stream"] = True
        kwargs["timeout"] = kwargs.get("timeout") or (limits.connect_s, limits.read_s)
        host = urlsplit(request.url or "").hostname or ""
        retries = PoliteRetry.within(limits)
        while True:
            failure: requests.RequestException | None = None
            response: requests.Response | None = None
            with self._pace.turn(host):
                start = time.monotonic()
                try:
                    response = self._attempt(request, allowance, kwargs)
                except RETRIED_ERRORS as error:
                    failure = error
            allowance.seconds -= time.monotonic() - start
            raw = None if response is None else response.raw
            if response is not None and response.status_code not in RETRIED_STATUSES:
                return response
            try:
                retries = retries.increment(request.method, request.url, raw, failure)
            except MaxRetryError:
                return _result(response, failure)
            wait = retries.seconds_to_wait(raw)
            allowance.seconds -= wait
            if allowance.seconds <= 0:
                return _result(response, failure)
            time.sleep(wait)

    def _attempt(
        self, request: requests.PreparedRequest, allowance: _Allowance, options: dict[str, Any]
    ) -> requests.Response:
        response: requests.Response | None = None
        whole = False
        with CutOff(allowance.seconds) as cut:
            try:
                response = super().send(request, **options)
                self._require_final(response)
                response._content = _body(response, allowance)
                whole = not cut.happened
            except requests.RequestException:
                if not cut.happened:
                    raise
            finally:
                if response is not None and not whole:
                    response.close()
        if response is None or not whole:
            raise SiteUnreachableError(
                f"{request.url}: expected a whole answer in {self.limits.total_s:.0f} s, "
                "but it was still on its way"
            )
        return response

    def _require_final(self, response: requests.Response) -> None:
        """Raise requests.ConnectionError for a 1xx answer, and give up its connection.

        http.client skips 100 alone; the true answer would otherwise come to the next request.
        """
        if response.status_code >= 200:
            return
        connection = response.raw.connection
        if connection is None:
            self.poolmanager.clear()
        else:
            connection.close()
        raise requests.ConnectionError(f"HTTP {response.status_code} without a final answer")


class PoliteRetry(Retry):
    """Retries that honour Retry-After (seconds or a date), up to a ceiling."""

    retry_after_max_s = 30.0

    @classmethod
    def within(cls, limits: Limits) -> PoliteRetry:
        """Retries as the limits say, with exponential backoff and jitter."""
        retry = cls(total=limits.retries, backoff_factor=limits.backoff_s, backoff_max=20)
        retry.backoff_jitter = limits.backoff_s / 2
        retry.retry_after_max_s = limits.retry_after_max_s
        return retry

    def new(self, **changes: Any) -> PoliteRetry:
        """The next state, with the same ceiling."""
        retry = super().new(**changes)
        retry.retry_after_max_s = self.retry_after_max_s
        return retry

    def seconds_to_wait(self, response: BaseHTTPResponse | None) -> float:
        """Seconds until the next attempt: as the site asks, else the backoff."""
        asked = None
        if response is not None:
            try:
                asked = self.get_retry_after(response)
            except Exception:  # a header that is neither seconds nor a date
                asked = None
        if asked is None:
            return self.get_backoff_time()
        return min(max(asked, 0.0), self.retry_after_max_s)


class SampleAdapter(BoundedAdapter):
    """Sends every request to the sample site, which has no answer for hosts outside its world."""

    def __init__(self, limits: Limits, address: str, pace: Pace) -> None:
        parts = urlsplit(address)
        super().__init__(limits, AddressGuard((parts.hostname or "", parts.port or 80)), pace)
        self._address = address

    def send(self, request: requests.PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        """Send to the sample site; raises HostNotInSampleError at its HTTP 421."""
        host = urlsplit(request.url or "").hostname
        routed = request.copy()
        routed.url = f"{self._address}/{host}{request.path_url}"
        response = super().send(routed, *args, **kwargs)
        if response.status_code == MISDIRECTED:
            raise HostNotInSampleError(
                f"{request.url}: {host} is no host of the sample world; set KPOP_SITES=live to "
                "reach other hosts"
            )
        response.url = request.url
        response.request = request
        return response


def _body(response: requests.Response, allowance: _Allowance) -> bytes:
    max_bytes = allowance.max_bytes
    too_large = ResponseTooLargeError(
        f"{response.url}: expected at most {max_bytes:,} bytes, but more came"
    )
    encoding = response.headers.get("Content-Encoding", "")
    if "," in encoding:
        raise ResponseTooLargeError(
            f"{response.url}: expected one compression, but {encoding!r} came"
        )
    declared = response.headers.get("Content-Length", "")
    if (
        not allowance.cut
        and declared.isascii()
        and declared.isdigit()
        and len(declared) < 20
        and int(declared) > max_bytes
    ):
        raise too_large
    body = bytearray()
    for chunk in response.iter_content(CHUNK_BYTES):
        body += chunk
        if len(body) > max_bytes:
            if not allowance.cut:
                raise too_large
            response.close()
            break
    return bytes(body[:max_bytes])


def _result(
    response: requests.Response | None, failure: requests.RequestException | None
) -> requests.Response:
    if response is None:
        assert failure is not None
        raise failure
    return response


@contextmanager
def _allowance(allowance: _Allowance) -> Iterator[None]:
    token = _ALLOWANCE.set(allowance)
    try:
        yield
    finally:
        _ALLOWANCE.reset(token)
