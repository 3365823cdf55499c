"""What the threads of one search share: what is asked, what happened, and when it must end."""

from __future__ import annotations

import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, Generic, Literal

from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.search.picture_fetcher import PictureAnswer, PictureFetcher, Stored

Engine = Literal["bing", "google"]
SEARCH_LIMIT_S = 900.0
ADDRESSES_PER_PICTURE = 5
"""So many addresses are asked for each picture that is wanted; some are dead, some too small."""
FEWEST_ADDRESSES = 100
SHOWN_TROUBLES = 5


@dataclass(frozen=True, slots=True)
class FoundPicture(Generic[Stored]):
    """A picture as a search found it, and what its address answered.

    `page_address` is the page with the picture if the engine names it, else the result page.
    """

    engine: Engine
    keyword: str
    image_address: str
    page_address: str
    answer: PictureAnswer[Stored]


@dataclass
class CrawlNotes:
    """What happened in the threads of one search: counts, troubles, and an error to pass on.

    `page_troubles` are those of result pages and of the search itself, `troubles` those of entries
    and pictures. `gone` has the addresses, as recorded, that answered that there is no picture any
    more. `may_pass` says that a result page did not come for a reason that may pass.
    """

    listed: int = 0
    pictures: int = 0
    page_troubles: Counter[str] = field(default_factory=Counter)
    troubles: Counter[str] = field(default_factory=Counter)
    gone: set[str] = field(default_factory=set)
    error: BaseException | None = None
    may_pass: bool = False
    lock: threading.Lock = field(default_factory=threading.Lock)

    def add_trouble(self, trouble: str) -> None:
        """Count one trouble; the same words are counted together."""
        with self.lock:
            self.troubles[trouble] += 1

    def add_page_trouble(self, trouble: str) -> None:
        """Count one trouble of a result page, or of the search itself."""
        with self.lock:
            self.page_troubles[trouble] += 1

    def summary(self) -> str:
        """One line: pictures listed and stored, then troubles with their numbers.

        Of pages and of pictures, SHOWN_TROUBLES each, those that came most often first.
        """
        troubles = [*_most_first(self.page_troubles), *_most_first(self.troubles)]
        return f"{self.listed} pictures listed, {self.pictures} kept" + "".join(
            f"; {count} x {what}" for what, count in troubles
        )


def _most_first(troubles: Counter[str]) -> list[tuple[str, int]]:
    by_count = sorted(troubles.items(), key=lambda item: (-item[1], item[0]))
    return by_count[:SHOWN_TROUBLES]


class OrderedResults(Generic[Stored]):
    """The first `most` pictures in the order of listing, whatever order they come in.

    So two crawls of the same pages bring the same pictures, although downloads overtake each other.
    Whoever fetches reserves a place before and settles or gives it back after, so that none is
    fetched beyond `most`. `most_addresses` is how many addresses may be asked for them.
    """

    def __init__(self, most: int) -> None:
        self.found: list[FoundPicture[Stored]] = []
        self.most_addresses = max(FEWEST_ADDRESSES, ADDRESSES_PER_PICTURE * most)
        self._most = most
        self._settled: dict[int, FoundPicture[Stored] | None] = {}
        self._next = 0
        self._reserved = 0
        self._lock = threading.Lock()

    def reserve(self) -> bool:
        """Whether one more picture may be needed, which then counts as under way."""
        with self._lock:
            waiting = sum(picture is not None for picture in self._settled.values())
            is_free = len(self.found) + waiting + self._reserved < self._most
            self._reserved += is_free
            return is_free

    def give_back(self) -> None:
        """Undo a reservation for which nothing was listed."""
        with self._lock:
            self._reserved -= 1

    def settle(self, index: int, picture: FoundPicture[Stored] | None) -> None:
        """Take what came of the listed picture number `index`, None for nothing."""
        with self._lock:
            self._reserved -= 1
            self._settled[index] = picture
            while self._next in self._settled and not self.is_full():
                self._add(self._settled.pop(self._next))
                self._next += 1

    def finish(self) -> None:
        """Add what waits behind pictures that never came; for the end of a search."""
        with self._lock:
            for index in sorted(self._settled):
                self._add(self._settled.pop(index))

    def is_full(self) -> bool:
        """Whether all that was asked for is there."""
        return len(self.found) >= self._most

    def _add(self, picture: FoundPicture[Stored] | None) -> None:
        if picture is not None and not self.is_full():
            self.found.append(picture)


@dataclass(frozen=True)
class Crawl:
    """What all parts of one search share."""

    fetcher: PictureFetcher[Any]
    engine: Engine
    keyword: str
    results: OrderedResults[Any]
    ended: threading.Event
    notes: CrawlNotes
    deadline: float = field(default_factory=lambda: time.monotonic() + SEARCH_LIMIT_S)

    @property
    def site(self) -> SiteSession:
        """The way to the sites."""
        return self.fetcher.session

    def is_over(self) -> bool:
        """Whether the search must come to its end now, whatever is left."""
        if self.ended.is_set() or self.results.is_full():
            return True
        if time.monotonic() < self.deadline:
            return False
        self.notes.page_troubles[f"ended after {SEARCH_LIMIT_S:.0f} s"] = 1
        return True
