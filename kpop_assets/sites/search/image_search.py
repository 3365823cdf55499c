"""Album covers from the picture searches of Bing and Google, through icrawler's crawlers.

    fetcher = PictureFetcher(session, store, known=validators, min_size=MIN_SIZE)
    for search in crawl_pictures(fetcher, KEYWORDS):
        ...

The seven keywords and the limits per keyword are those of the original student project.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Generic

from kpop_assets.sites.search.crawl_notes import CrawlNotes, Engine, FoundPicture
from kpop_assets.sites.search.picture_fetcher import PictureFetcher, Stored

KEYWORDS: tuple[str, ...] = (
    "korean album cover",
    "kpop album cover",
    "kpop album art 2ne1",
    "kpop album cover boy group",
    "한국 앨범 표지",
    "소녀 그룹 앨범 표지",
    "가온 앨범 아트",
)
MAX_PER_KEYWORD: Mapping[Engine, int] = {"bing": 100, "google": 300}
MIN_SIZE = (300, 300)

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Search(Generic[Stored]):
    """What one engine brought for one keyword.

    `found` is in the order of listing; `gone` has the recorded addresses that were listed but
    have no picture any more; `notes` is a line of what was listed, stored and refused. `may_pass`
    says that result pages did not come for a reason that may pass.
    """

    engine: Engine
    keyword: str
    found: list[FoundPicture[Stored]]
    listed: int
    gone: frozenset[str]
    notes: str
    may_pass: bool

    @property
    def was_answered(self) -> bool:
        """Whether the engine listed pictures at all."""
        return self.listed > 0


def crawl_pictures(
    fetcher: PictureFetcher[Stored],
    keywords: Sequence[str],
    engines: Sequence[Engine] = ("bing", "google"),
    *,
    max_per_keyword: Mapping[Engine, int] = MAX_PER_KEYWORD,
    parallel: int = 4,
) -> list[Search[Stored]]:
    """Search every keyword with every engine, `parallel` searches at a time.

    Returns one search per engine and keyword, in that order. One address comes once per search; no
    address is asked twice, whatever lists it. Troubles of pages and pictures are counted and never
    raised; what the fetcher's `store` raises ends the crawl and is raised here.
    """
    ended = threading.Event()

    def search(engine: Engine, keyword: str) -> Search[Stored]:
        from kpop_assets.sites.search.image_crawler import search_keyword

        found, notes = search_keyword(fetcher, engine, keyword, max_per_keyword[engine], ended)
        logger.info("%s, %r: %s", engine, keyword, notes.summary())
        return _search(engine, keyword, found, notes)

    pairs = [(engine, keyword) for engine in engines for keyword in keywords]
    with ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="image-search") as pool:
        searches = [pool.submit(search, engine, keyword) for engine, keyword in pairs]
        try:
            return [search.result() for search in searches]
        except BaseException:
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _search(
    engine: Engine, keyword: str, found: list[FoundPicture[Stored]], notes: CrawlNotes
) -> Search[Stored]:
    return Search(
        engine, keyword, found, notes.listed, frozenset(notes.gone), notes.summary(), notes.may_pass
    )
