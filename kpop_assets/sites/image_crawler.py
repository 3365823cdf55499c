"""icrawler's Bing and Google crawlers with our session, storage and downloader hooks.

Replaced parts of icrawler 0.6.10, and why: its downloader ends while a slow page is still on its
way and waits 5 s for nothing; its feeder does not encode the keyword for Bing.
"""

from __future__ import annotations

import logging
import queue
import sys
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

import requests
from icrawler import ImageDownloader
from icrawler.builtin import BingImageCrawler, GoogleImageCrawler
from icrawler.storage import BaseStorage

from kpop_assets.covers.decode import UnreadablePictureError, picture_size
from kpop_assets.sites.crawl_notes import (
    Crawl,
    CrawlNotes,
    Engine,
    FoundPicture,
    OrderedDelivery,
)
from kpop_assets.sites.image_results import (
    POLL_S,
    SiteBingFeeder,
    SiteBingParser,
    SiteGoogleFeeder,
    SiteGoogleParser,
)
from kpop_assets.sites.session import SiteError, SiteSession

DOWNLOADER_THREADS = 8
PICTURE_TIMEOUT_S = (5.0, 10.0)


def crawl_keyword(
    session: SiteSession,
    engine: Engine,
    keyword: str,
    max_num: int,
    min_size: tuple[int, int],
    deliver: Callable[[FoundPicture], None],
    ended: threading.Event,
) -> CrawlNotes:
    """Search one keyword with one engine; raises only what `deliver` raises.

    At most `max_num` pictures are delivered. Setting `ended` makes the crawl come to its end.
    """
    notes = CrawlNotes()
    delivery = OrderedDelivery(max_num, deliver)
    crawl = Crawl(session, engine, keyword, delivery, ended, notes)
    if engine == "bing":
        SiteBingCrawler(crawl).crawl(quote_plus(keyword), max_num=max_num, min_size=min_size)
    else:
        SiteGoogleCrawler(crawl).crawl(keyword, max_num=max_num, min_size=min_size)
    if notes.error is not None:
        raise notes.error
    delivery.flush()
    notes.pictures = delivery.delivered
    return notes


class _NotingSession:
    """Hands GETs to a requests session and notes each failure, which icrawler only logs."""

    def __init__(self, session: requests.Session, notes: CrawlNotes) -> None:
        self._session = session
        self._notes = notes

    def get(self, address: str, **options: Any) -> requests.Response:
        try:
            response = self._session.get(address, **options)
        except (requests.RequestException, SiteError) as error:
            self._notes.add_trouble(f"{type(error).__name__} at {urlsplit(address).hostname}")
            raise
        if response.status_code != 200:
            host = urlsplit(address).hostname
            self._notes.add_trouble(f"HTTP {response.status_code} at {host}")
        return response


class _MemoryStorage(BaseStorage):
    """Holds a downloaded picture until it is delivered."""

    def __init__(self) -> None:
        self._held: dict[str, bytes] = {}

    def write(self, id: str, data: bytes) -> None:
        self._held[id] = data

    def exists(self, id: str) -> bool:
        return id in self._held

    def max_file_idx(self) -> int:
        return 0

    def take(self, id: str) -> bytes:
        return self._held.pop(id)


class _SiteDownloader(ImageDownloader):
    """Downloads until the parser is done; keeps pictures of the asked size and delivers them."""

    def __init__(self, *args: Any, crawl: Crawl) -> None:
        super().__init__(*args)
        self.crawl = crawl

    def worker_exec(self, min_size: tuple[int, int], **_kwargs: Any) -> None:
        self.max_num = sys.maxsize
        while not (self.signal.get("parser_exited") and self.in_queue.empty()):
            if self.crawl.is_over():
                self.signal.set(reach_max_num=True)
            if self.signal.get("reach_max_num"):
                break
            try:
                task = self.in_queue.get(timeout=POLL_S)
            except queue.Empty:
                continue
            try:
                self.download(
                    task,
                    "jpg",
                    timeout=PICTURE_TIMEOUT_S,
                    max_retry=1,
                    overwrite=True,
                    min_size=min_size,
                )
                self.process_meta(task)
            except BaseException as error:
                self.crawl.notes.error = error
                self.signal.set(reach_max_num=True)

    def keep_file(
        self,
        _task: dict[str, Any],
        response: requests.Response,
        min_size: tuple[int, int],
        **_kwargs: Any,
    ) -> bool:
        try:
            size = picture_size(response.content)
        except UnreadablePictureError as error:
            self.crawl.notes.add_trouble(f"not a picture that can be used: {error.reason}")
            return False
        if not self._size_gt(size, min_size):
            self.crawl.notes.add_trouble(f"smaller than {min_size[0]}x{min_size[1]} px")
            return False
        return True

    def process_meta(self, task: dict[str, Any]) -> None:
        crawl = self.crawl
        if not task["success"]:
            crawl.delivery.settle(task["index"], None)
            return
        picture = FoundPicture(
            content=self.storage.take(task["filename"]),
            keyword=crawl.keyword,
            engine=crawl.engine,
            image_address=crawl.site.source_address(task["file_url"]),
            page_address=crawl.site.source_address(task["page"]),
            fetched_at=datetime.now(UTC),
        )
        crawl.delivery.settle(task["index"], picture)


class _SiteCrawler:
    """Mixed into a crawler: our session is set before any part sees it; no root logging set-up."""

    def __init__(self, crawl: Crawl, feeder: type, parser: type) -> None:
        self.site_crawl = crawl
        super().__init__(  # type: ignore[call-arg]
            feeder_cls=feeder,
            parser_cls=parser,
            downloader_cls=_SiteDownloader,
            downloader_threads=DOWNLOADER_THREADS,
            storage=_MemoryStorage(),
            extra_feeder_args={"crawl": crawl},
            extra_parser_args={"crawl": crawl},
            extra_downloader_args={"crawl": crawl},
        )

    def set_logger(self, _log_level: int = logging.WARNING) -> None:
        self.logger = logging.getLogger("icrawler.crawler")
        for name in ("icrawler.crawler", "feeder", "parser", "downloader"):
            logging.getLogger(name).setLevel(logging.CRITICAL)

    def set_session(self, _headers: dict[str, str] | None = None) -> None:
        session = self.site_crawl.site.new_requests_session()
        session.headers.update(self.site_crawl.site.browser_headers)
        self.session = _NotingSession(session, self.site_crawl.notes)


class SiteBingCrawler(_SiteCrawler, BingImageCrawler):
    """icrawler's Bing crawler with the parts of this module."""

    def __init__(self, crawl: Crawl) -> None:
        super().__init__(crawl, SiteBingFeeder, SiteBingParser)


class SiteGoogleCrawler(_SiteCrawler, GoogleImageCrawler):
    """icrawler's Google crawler with the parts of this module."""

    def __init__(self, crawl: Crawl) -> None:
        super().__init__(crawl, SiteGoogleFeeder, SiteGoogleParser)
