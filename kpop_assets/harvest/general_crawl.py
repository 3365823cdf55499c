"""One general crawl: search, ask again for what no search lists any more, merge."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import pandas as pd

from kpop_assets.errors import KpopAssetsError
from kpop_assets.harvest.crawl_merge import (
    EarlierCrawls,
    Row,
    addresses_to_ask_again,
    merged_table,
    picture_of,
)
from kpop_assets.harvest.pictures import stored_picture
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.search.crawl_notes import Engine, FoundPicture
from kpop_assets.sites.search.image_search import Search, crawl_pictures
from kpop_assets.sites.search.picture_fetcher import PictureAnswer, PictureFetcher
from kpop_assets.store.artifacts import Store

LOG_EVERY = 50


class CrawlTooSmallError(KpopAssetsError):
    """A crawl brought fewer covers than the config asks for."""


@dataclass
class GeneralCrawl:
    """A crawl of the sites of `session` into `store`, on top of `earlier` crawls.

    `searches` and `asked_again`, by recorded address, are there once they are done.
    """

    session: SiteSession
    store: Store
    earlier: EarlierCrawls
    started_at: datetime
    smallest_side: int
    log: Callable[[str], object]
    searches: list[Search[Row]] = field(default_factory=list)
    asked_again: dict[str, PictureAnswer[Row]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._fetched = 0
        self._fetcher = PictureFetcher(
            self.session,
            self._stored,
            known=self.earlier.validators,
            min_size=(self.smallest_side, self.smallest_side),
        )

    @property
    def found(self) -> list[FoundPicture[Row]]:
        """What the searches found, with repeats."""
        return [picture for search in self.searches for picture in search.found]

    @property
    def hashes(self) -> set[str]:
        """The distinct pictures that the searches found, new ones and known ones."""
        return {picture_of(self.earlier, picture)["hash"] for picture in self.found}

    @property
    def gone(self) -> frozenset[str]:
        """The recorded addresses that a search listed but that have no picture any more."""
        return frozenset().union(*(search.gone for search in self.searches))

    def search(self, keywords: Sequence[str], max_per_keyword: Mapping[Engine, int]) -> None:
        """Search the keywords with each engine that may bring pictures; fills `searches`."""
        engines = [engine for engine, most in max_per_keyword.items() if most > 0]
        self.searches = crawl_pictures(
            self._fetcher, keywords, engines, max_per_keyword=max_per_keyword
        )

    def silent_engines(self) -> list[str]:
        """Return a sentence for each engine that was asked and brought no picture at all."""
        found = Counter({search.engine: 0 for search in self.searches})
        for search in self.searches:
            found[search.engine] += len(search.found)
        return [
            f"{engine} brought nothing: {self._notes(engine)}"
            for engine, pictures in found.items()
            if not pictures
        ]

    def _notes(self, *engines: Engine) -> str:
        return "; ".join(
            f"{search.engine} {search.keyword!r}: {search.notes}"
            for search in self.searches
            if not engines or search.engine in engines
        )

    def require(self, fewest: int) -> None:
        """Raise `CrawlTooSmallError` unless the searches found so many distinct pictures."""
        if len(self.hashes) < fewest:
            small = CrawlTooSmallError(
                f"expected at least {fewest} covers, got {len(self.hashes)} ({self._notes()}); the "
                "covers of earlier crawls stay as they are. Try again later, or lower fewest_covers"
            )
            small.may_pass = any(search.may_pass for search in self.searches)
            raise small

    def ask_again(self, most: int) -> None:
        """Ask addresses of earlier crawls that no search lists any more; fills `asked_again`.

        Addresses of a search that listed nothing now are not asked.
        """
        answered: Collection[tuple[str, str]] = {
            (search.engine, search.keyword) for search in self.searches if search.was_answered
        }
        recorded = addresses_to_ask_again(self.earlier, self.found, self.gone, answered, most)
        live = {self.session.live_address(address): address for address in recorded}
        answers = self._fetcher.fetch_all(live)
        self.asked_again = {live[address]: answer for address, answer in answers.items()}

    def merged(self) -> pd.DataFrame:
        """The table of all crawls so far, this one included; see `merged_table`."""
        return merged_table(
            self.earlier,
            self.found,
            self.asked_again,
            self.gone,
            crawled_at=self.started_at,
            sites=self.session.sites,
        )

    def counts(self) -> dict[str, int]:
        """Pictures found with repeats, distinct, new and unchanged; addresses asked again."""
        before = {row["hash"] for row in self.earlier.rows}
        return {
            "found": len(self.found),
            "distinct": len(self.hashes),
            "new": len(self.hashes - before),
            "unchanged": len({p.image_address for p in self.found if p.answer.unchanged}),
            "asked_again": len(self.asked_again),
        }

    def _stored(self, content: bytes) -> Row:
        received = hashlib.sha256(content).hexdigest()
        known = self.earlier.picture_of(received)
        if known is not None:
            return known
        picture = stored_picture(self.store, content, f"kpop_assets {self.session.sites}")
        self._fetched += 1
        if self._fetched % LOG_EVERY == 0:
            self.log(f"{self._fetched} new pictures so far")
        return {**picture, "received_sha256": received}
