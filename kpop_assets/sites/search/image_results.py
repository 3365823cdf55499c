"""icrawler's feeders and parsers for the result pages of Bing and Google, made to outlive any page.

Facts that this module relies on, as public collectors saw them work:

* Bing, ``/images/async?q=..&first=0,20,..``: a link with an attribute ``m`` per picture, holding
  JSON with ``murl`` (address of the picture) and ``purl`` (address of the page it stands on).
* Google, ``/search?q=..&ijn=..&tbm=isch``: scripts with arrays ``["ADDRESS",HEIGHT,WIDTH]``; those
  on gstatic.com are thumbnails. Since 2021 Google often answers with a page that has none.

Replaced parts of icrawler 0.6.10, and why: its parser threads die silently on pages they do
not expect; its Bing parser knows .jpg only and keeps no page address; its queue remembers a picture
even if it was full, so that the second attempt to put it there loses it as a duplicate.
"""

from __future__ import annotations

import json
import queue
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

import requests
from icrawler.builtin.bing import BingFeeder, BingParser
from icrawler.builtin.google import GoogleFeeder, GoogleParser
from selectolax.lexbor import LexborHTMLParser

from kpop_assets.sites.html_pages import MAX_PAGE_BYTES, parsed_page
from kpop_assets.sites.http.session import SiteError
from kpop_assets.sites.json_answers import MOST_ADDRESS_LETTERS
from kpop_assets.sites.search.crawl_notes import Crawl

POLL_S = 0.1
BING_PICTURE = "a.iusc[m], div.imgpt a[m]:not(.iusc)"
GOOGLE_PICTURE = re.compile(r'\["(https?:[^"\s]+)",\s*\d+,\s*\d+\]')
GOOGLE_THUMBNAILS = "gstatic.com"
MOST_PER_PAGE = 200
"""Bing lists 20 to 35 on a page, Google 100."""
UNREADABLE_ENTRY = "entry of a result page without a picture address"


class _Feeding:
    """Mixed into a feeder: notes an error and says at once when it is done."""

    def __init__(self, *args: Any, crawl: Crawl) -> None:
        super().__init__(*args)
        self.crawl = crawl

    def feed(self: Any, **kwargs: Any) -> None:
        try:
            super().feed(**kwargs)  # type: ignore[misc]
        except Exception as error:
            self.crawl.notes.add_page_trouble(f"feeder ended with {type(error).__name__}: {error}")
        finally:
            self.signal.set(feeder_exited=True)


class _Parsing:
    """Mixed into a parser: outlives any page, lists an address once, ends when pages end."""

    def __init__(self, *args: Any, crawl: Crawl) -> None:
        super().__init__(*args)
        self.crawl = crawl
        self.listed: set[str] = set()

    def worker_exec(self: Any, **_kwargs: Any) -> None:
        try:
            while not (self.signal.get("feeder_exited") and self.in_queue.empty()):
                try:
                    address = self.in_queue.get(timeout=POLL_S)
                except queue.Empty:
                    continue
                if not self.signal.get("reach_max_num"):
                    self.list_pictures(address)
        except Exception as error:
            self.crawl.notes.add_page_trouble(f"parser ended with {type(error).__name__}: {error}")
        finally:
            self.signal.set(parser_exited=True)

    def list_pictures(self: Any, address: str) -> None:
        notes, page = self.crawl.notes, _without_query(address)
        if self.is_at_the_end():
            return
        try:
            response = self.session.get(
                address, headers={"Referer": _site_of(address)}, max_bytes=MAX_PAGE_BYTES
            )
        except (requests.RequestException, SiteError):
            return  # the session has noted it, as it notes a status other than 200
        if response.status_code != 200:
            return
        try:
            tasks = {task["file_url"]: task for task in self.parse(response)}
        except Exception as error:
            notes.add_page_trouble(f"{type(error).__name__} in a result page: {error}")
            return
        if not tasks and not self.listed:
            notes.add_page_trouble(f"no picture listed on {page}")
        new = [task for found, task in tasks.items() if found not in self.listed]
        if len(new) > MOST_PER_PAGE:
            notes.add_page_trouble(f"only the first {MOST_PER_PAGE} pictures of {page} taken")
        for task in new[:MOST_PER_PAGE]:
            if self.is_at_the_end():
                return
            self.listed.add(task["file_url"])
            self.hand_on({**task, "index": notes.listed})
            notes.listed += 1

    def is_at_the_end(self: Any) -> bool:
        """Whether all addresses were listed that may be; then the search says so."""
        most = self.crawl.results.most_addresses
        if self.crawl.notes.listed < most:
            return False
        self.crawl.notes.page_troubles[f"ended after {most} addresses"] = 1
        return True

    def hand_on(self: Any, task: dict[str, Any]) -> None:
        while not self.signal.get("reach_max_num"):
            try:
                queue.Queue.put(self.out_queue, task, timeout=POLL_S)
            except queue.Full:
                continue
            return


class SiteBingFeeder(_Feeding, BingFeeder):
    """Lists the addresses of Bing's result pages; the keyword must come URL-encoded."""


class SiteGoogleFeeder(_Feeding, GoogleFeeder):
    """Lists the addresses of Google's result pages; the keyword comes as it is."""


class SiteBingParser(_Parsing, BingParser):
    """Reads Bing's result pages."""

    def parse(self, response: requests.Response) -> Iterator[dict[str, str]]:
        """Yield "file_url" and "page" (address of the page it stands on) of each picture."""
        tree = _tree(response)
        for link in tree.css(BING_PICTURE):
            try:
                entry = json.loads(link.attributes.get("m") or "")
                image, page = entry["murl"], entry.get("purl")
            except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
                image = page = None
            if not _is_address(image):
                self.crawl.notes.add_trouble(UNREADABLE_ENTRY)
                continue
            yield {"file_url": image, "page": page if _is_address(page) else response.url}


class SiteGoogleParser(_Parsing, GoogleParser):
    """Reads Google's result pages."""

    def parse(self, response: requests.Response) -> Iterator[dict[str, str]]:
        """Yield "file_url" and "page" (address of the page it stands on) of each picture."""
        tree = _tree(response)
        for script in tree.css("script"):
            for found in GOOGLE_PICTURE.finditer(script.text()):
                try:
                    image = json.loads(f'"{found.group(1)}"')
                except ValueError:
                    image = None
                if not _is_address(image):
                    self.crawl.notes.add_trouble(UNREADABLE_ENTRY)
                elif not (urlsplit(image).hostname or "").endswith(GOOGLE_THUMBNAILS):
                    yield {"file_url": image, "page": response.url}


def _tree(response: requests.Response) -> LexborHTMLParser:
    html = response.content.decode("utf-8", "replace")
    return parsed_page(html, _without_query(response.url))


def _is_address(text: Any) -> bool:
    """Whether it is an address on the web: printable, of a length that addresses have."""
    if not isinstance(text, str) or not text.isprintable() or len(text) > MOST_ADDRESS_LETTERS:
        return False
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _without_query(address: str) -> str:
    return address.partition("?")[0]


def _site_of(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}/"
