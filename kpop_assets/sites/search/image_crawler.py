"""icrawler's Bing and Google crawlers with our session, downloader and results.

Replaced parts of icrawler 0.6.10, and why: its downloader ends while a slow page is still on its
way, waits 5 s for nothing and asks without conditions; its feeder does not encode the keyword for
Bing; it looks once a second whether its threads have ended; an error in a thread is lost.
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from typing import Any
from urllib.parse import quote_plus, urlsplit

import requests
from icrawler import Downloader
from icrawler.builtin import BingImageCrawler, GoogleImageCrawler
from icrawler.storage import BaseStorage

from kpop_assets.sites.errors import SiteError, is_passing
from kpop_assets.sites.search.crawl_notes import (
    Crawl,
    CrawlNotes,
    Engine,
    FoundPicture,
    OrderedResults,
)
from kpop_assets.sites.search.image_results import (
    POLL_S,
    SiteBingFeeder,
    SiteBingParser,
    SiteGoogleFeeder,
    SiteGoogleParser,
)
from kpop_assets.sites.search.picture_fetcher import PARALLEL, PictureFetcher, Stored


def search_keyword(
    fetcher: PictureFetcher[Stored],
    engine: Engine,
    keyword: str,
    max_num: int,
    ended: threading.Event,
) -> tuple[list[FoundPicture[Stored]], CrawlNotes]:
    """Search one keyword with one engine; raises only what the fetcher's `store` raises.

    Returns at most `max_num` pictures in the order of listing. Setting `ended` makes the search
    come to its end.
    """
    notes = CrawlNotes()
    results: OrderedResults[Stored] = OrderedResults(max_num)
    crawl = Crawl(fetcher, engine, keyword, results, ended, notes)
    try:
        if engine == "bing":
            SiteBingCrawler(crawl).crawl(quote_plus(keyword), max_num=max_num)
        else:
            SiteGoogleCrawler(crawl).crawl(keyword, max_num=max_num)
    except Exception as error:
        notes.add_page_trouble(f"icrawler ended with {type(error).__name__}: {error}")
    if notes.error is not None:
        raise notes.error
    results.finish()
    notes.pictures = len(results.found)
    return results.found, notes


class _NotingSession:
    """Hands GETs of result pages to a requests session and notes each failure."""

    def __init__(self, session: requests.Session, notes: CrawlNotes) -> None:
        self._session = session
        self._notes = notes

    def get(self, address: str, **options: Any) -> requests.Response:
        host = urlsplit(address).hostname
        try:
            response = self._session.get(address, **options)
        except (requests.RequestException, SiteError) as error:
            self._notes.add_page_trouble(f"{type(error).__name__} at {host}")
            self._notes.may_pass |= getattr(error, "may_pass", True)
            raise
        if response.status_code != 200:
            self._notes.may_pass |= is_passing(response.status_code)
            self._notes.add_page_trouble(f"HTTP {response.status_code} at {host}")
        return response


class _SiteDownloader(Downloader):
    """Fetches what the parser lists until that is done."""

    def __init__(self, *args: Any, crawl: Crawl) -> None:
        super().__init__(*args)
        self.crawl = crawl

    def is_alive(self) -> bool:
        """Wait for the threads, for which icrawler asks this, and return that none lives."""
        for worker in self.workers:
            worker.join()
        return False

    def worker_exec(self, **_kwargs: Any) -> None:
        while not (self.signal.get("parser_exited") and self.in_queue.empty()):
            if self.crawl.is_over():
                self.signal.set(reach_max_num=True)
            if self.signal.get("reach_max_num"):
                break
            if not self.crawl.results.reserve():
                time.sleep(POLL_S)
                continue
            try:
                task = self.in_queue.get(timeout=POLL_S)
            except queue.Empty:
                self.crawl.results.give_back()
                continue
            try:
                self.crawl.results.settle(task["index"], self.fetched(task))
            except BaseException as error:
                self.crawl.notes.error = error
                self.signal.set(reach_max_num=True)

    def fetched(self, task: dict[str, Any]) -> FoundPicture[Any] | None:
        crawl = self.crawl
        answer = crawl.fetcher.fetch(task["file_url"])
        address = crawl.site.source_address(task["file_url"])
        if answer.trouble is not None:
            crawl.notes.add_trouble(answer.trouble)
            if answer.gone:
                with crawl.notes.lock:
                    crawl.notes.gone.add(address)
            return None
        page = crawl.site.source_address(task["page"])
        return FoundPicture(crawl.engine, crawl.keyword, address, page, answer)


class _SiteCrawler:
    """Mixed into a crawler: our session is set before any part sees it; no root logging set-up."""

    def __init__(self, crawl: Crawl, feeder: type, parser: type) -> None:
        self.site_crawl = crawl
        super().__init__(  # type: ignore[call-arg]
            feeder_cls=feeder,
            parser_cls=parser,
            downloader_cls=_SiteDownloader,
            downloader_threads=PARALLEL,
            storage=BaseStorage(),
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
