"""What the threads of one crawl share: what is asked, what happened, and when it must end."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from kpop_assets.sites.session import SiteSession

Engine = Literal["bing", "google"]
CRAWL_LIMIT_S = 900.0


@dataclass(frozen=True)
class FoundPicture:
    """An encoded picture as a search found it.

    `page_address` is the page that the picture stands on if the engine tells, else the result page.
    """

    content: bytes
    keyword: str
    engine: Engine
    image_address: str
    page_address: str
    fetched_at: datetime


@dataclass
class CrawlNotes:
    """What happened in the threads of one crawl: counts, troubles, and an error to pass on."""

    listed: int = 0
    pictures: int = 0
    troubles: Counter[str] = field(default_factory=Counter)
    error: BaseException | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add_trouble(self, trouble: str) -> None:
        """Count one trouble; the same words are counted together."""
        with self.lock:
            self.troubles[trouble] += 1

    def summary(self) -> str:
        """One line: pictures listed and kept, and each trouble with its number."""
        troubles = "".join(f"; {count} x {what}" for what, count in self.troubles.most_common(5))
        return f"{self.listed} pictures listed, {self.pictures} kept{troubles}"


class OrderedDelivery:
    """Hands on the first `most` pictures in the order of listing, whatever order they come in.

    So two crawls of the same pages bring the same pictures, although downloads overtake each other.
    """

    def __init__(self, most: int, deliver: Callable[[FoundPicture], None]) -> None:
        self.delivered = 0
        self._most = most
        self._deliver = deliver
        self._settled: dict[int, FoundPicture | None] = {}
        self._next = 0
        self._lock = threading.Lock()

    def settle(self, index: int, picture: FoundPicture | None) -> None:
        """Take what came of the listed picture number `index`, None for nothing."""
        with self._lock:
            self._settled[index] = picture
            while self._next in self._settled and not self.is_full():
                found = self._settled.pop(self._next)
                self._next += 1
                if found is not None:
                    self._deliver(found)
                    self.delivered += 1

    def flush(self) -> None:
        """Hand on what waits behind pictures that never came; for the end of a crawl."""
        with self._lock:
            for index in sorted(self._settled):
                found = self._settled.pop(index)
                if found is not None and not self.is_full():
                    self._deliver(found)
                    self.delivered += 1

    def is_full(self) -> bool:
        """Whether all that was asked for has been handed on."""
        return self.delivered >= self._most


@dataclass(frozen=True)
class Crawl:
    """What all parts of one crawl share."""

    site: SiteSession
    engine: Engine
    keyword: str
    delivery: OrderedDelivery
    ended: threading.Event
    notes: CrawlNotes
    deadline: float = field(default_factory=lambda: time.monotonic() + CRAWL_LIMIT_S)

    def is_over(self) -> bool:
        """Whether the crawl must come to its end now, whatever is left."""
        if self.ended.is_set() or self.delivery.is_full():
            return True
        if time.monotonic() < self.deadline:
            return False
        self.notes.troubles[f"ended after {CRAWL_LIMIT_S:.0f} s"] = 1
        return True
