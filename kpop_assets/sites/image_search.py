"""Album covers from the picture searches of Bing and Google, through icrawler's crawlers.

The seven keywords and the limits per keyword are those of the original student project.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from kpop_assets.sites.crawl_notes import CrawlNotes, Engine, FoundPicture
from kpop_assets.sites.session import SiteSession

__all__ = ["KEYWORDS", "Engine", "FoundPicture", "KeywordCount", "crawl_pictures"]

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
class KeywordCount:
    """How many pictures one engine brought for one keyword, and if none: why."""

    engine: Engine
    keyword: str
    pictures: int
    reason: str | None


def crawl_pictures(
    session: SiteSession,
    keywords: Sequence[str],
    engines: Sequence[Engine] = ("bing", "google"),
    *,
    max_per_keyword: Mapping[Engine, int] = MAX_PER_KEYWORD,
    min_size: tuple[int, int] = MIN_SIZE,
    on_picture: Callable[[FoundPicture], None],
    parallel: int = 4,
) -> list[KeywordCount]:
    """Search every keyword with every engine and hand each picture to `on_picture`, one at a time.

    A picture comes if it opens as a picture whose longer and shorter sides reach those of
    `min_size` (px); it is not decoded here. One address comes once per engine and keyword.
    `parallel` searches run at a time. Troubles of pages and pictures are counted and never raised;
    what `on_picture` raises ends the crawl and is raised here.

    Returns one count per engine and keyword, in that order.
    """
    turn = threading.Lock()
    ended = threading.Event()

    def deliver(picture: FoundPicture) -> None:
        with turn:
            if ended.is_set():
                return
            try:
                on_picture(picture)
            except BaseException:
                ended.set()
                raise

    def crawl(engine: Engine, keyword: str) -> KeywordCount:
        from kpop_assets.sites.image_crawler import crawl_keyword

        notes = crawl_keyword(
            session, engine, keyword, max_per_keyword[engine], min_size, deliver, ended
        )
        logger.info("%s, %r: %s", engine, keyword, notes.summary())
        return _count(engine, keyword, notes)

    pairs = [(engine, keyword) for engine in engines for keyword in keywords]
    with ThreadPoolExecutor(max_workers=parallel, thread_name_prefix="image-search") as pool:
        crawls = [pool.submit(crawl, engine, keyword) for engine, keyword in pairs]
        try:
            return [crawl.result() for crawl in crawls]
        except BaseException:
            ended.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _count(engine: Engine, keyword: str, notes: CrawlNotes) -> KeywordCount:
    reason = None if notes.pictures else notes.summary()
    return KeywordCount(engine, keyword, notes.pictures, reason)
