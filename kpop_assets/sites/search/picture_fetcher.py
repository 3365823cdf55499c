"""Asks the addresses of pictures, each once a crawl: conditionally, and only where allowed."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Generic, TypeVar
from urllib.parse import urlsplit

from kpop_assets.covers.decode import UnreadablePictureError, picture_size
from kpop_assets.sites.http.session import SiteError, SiteSession
from kpop_assets.sites.http.validators import Validator

Stored = TypeVar("Stored")
"""What the caller stores of a picture's bytes."""

GONE_STATUSES = (404, 410)
UNCHANGED = 304
PARALLEL = 8
STORED_AT_A_TIME = 2 * (os.cpu_count() or 1)
"""Pictures that are decoded and written at a time: some wait for the disk while others compute."""


@dataclass(frozen=True, slots=True)
class PictureAnswer(Generic[Stored]):
    """What an address gave: a picture, that it is the one known already, or a trouble.

    `gone`: the trouble is that there is no such picture.
    """

    asked_at: datetime
    stored: Stored | None = None
    validator: Validator = field(default_factory=Validator)
    unchanged: bool = False
    trouble: str | None = None
    gone: bool = False

    @property
    def is_picture(self) -> bool:
        """Whether the picture is there, fetched or unchanged."""
        return self.trouble is None


class PictureFetcher(Generic[Stored]):
    """Fetches pictures; no address is asked twice in the life of a fetcher. Safe between threads.

    `store` gets the bytes of each picture whose longer and shorter sides reach those of `min_size`
    (px), in several threads at once, and returns what is stored of it; only that stays in
    memory. It may raise UnreadablePictureError; what else it raises ends the crawl. `known` has the
    validators of pictures that the caller holds, by recorded address.
    """

    def __init__(
        self,
        session: SiteSession,
        store: Callable[[bytes], Stored],
        *,
        known: Mapping[str, Validator] | None = None,
        min_size: tuple[int, int] = (1, 1),
    ) -> None:
        self.session = session
        self._store = store
        self._known = known or {}
        self._min_size = min_size
        self._answers: dict[str, PictureAnswer[Stored]] = {}
        self._under_way: dict[str, Future[PictureAnswer[Stored]]] = {}
        self._lock = threading.Lock()
        self._storing = threading.BoundedSemaphore(STORED_AT_A_TIME)

    def fetch(self, address: str) -> PictureAnswer[Stored]:
        """What the live address gives; raises only what `store` raises."""
        with self._lock:
            if address in self._answers:
                return self._answers[address]
            answer = self._under_way.get(address)
            if asks := answer is None:
                answer = self._under_way[address] = Future()
        if asks:
            try:
                answer.set_result(self._ask(address))
            except BaseException as error:
                answer.set_exception(error)
            with self._lock:
                self._answers[address] = answer.result()
                del self._under_way[address]
        return answer.result()

    def fetch_all(self, addresses: Iterable[str]) -> dict[str, PictureAnswer[Stored]]:
        """What each of the live addresses gives; raises as `fetch`."""
        with ThreadPoolExecutor(PARALLEL, thread_name_prefix="pictures") as pool:
            asked = {address: pool.submit(self.fetch, address) for address in addresses}
            return {address: answer.result() for address, answer in asked.items()}

    def _ask(self, address: str) -> PictureAnswer[Stored]:
        asked_at = datetime.now(UTC)

        def trouble(words: str, gone: bool = False) -> PictureAnswer[Stored]:
            return PictureAnswer(asked_at, trouble=words, gone=gone)

        host = _host_of_picture(address)
        if host is None:
            return trouble("address that is not http or https")
        validator = self._known.get(self.session.source_address(address))
        try:
            if refusal := self.session.robots_refusal(address):
                return trouble(refusal)
            response = self.session.get(address, validator=validator)
        except SiteError as error:
            return trouble(f"{type(error.__cause__ or error).__name__} at {host}")
        if response.status == UNCHANGED and validator:
            return PictureAnswer(asked_at, validator=validator, unchanged=True)
        if response.status != 200:
            words = f"HTTP {response.status} at {host}"
            return trouble(words, gone=response.status in GONE_STATUSES)
        try:
            if not _reaches(picture_size(response.content), self._min_size):
                return trouble(f"smaller than {self._min_size[0]}x{self._min_size[1]} px")
            with self._storing:
                stored = self._store(response.content)
        except UnreadablePictureError as error:
            return trouble(f"not a picture that can be used: {error.reason}")
        return PictureAnswer(asked_at, stored, response.validator)


def _host_of_picture(address: str) -> str | None:
    try:
        parts = urlsplit(address)
        return parts.hostname if parts.scheme in ("http", "https") else None
    except ValueError:
        return None


def _reaches(size: tuple[int, int], least: tuple[int, int]) -> bool:
    return max(size) >= max(least) and min(size) >= min(least)
