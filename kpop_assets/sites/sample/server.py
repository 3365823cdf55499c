"""The sample site: one HTTP server on loopback that answers for every host of the sample world.

A request for ``https://HOST/PATH?QUERY`` arrives as ``/HOST/PATH?QUERY``.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from kpop_assets.sites.sample import pages
from kpop_assets.sites.sample.albums import (
    has_namesake,
    melon_albums,
    namesake,
    read_chart,
    search_melon,
)
from kpop_assets.sites.sample.catalogue import BING_PAGE, GOOGLE_PAGE, Catalogue
from kpop_assets.sites.sample.index_page import index_page
from kpop_assets.sites.sample.pictures import album_picture, encoded_picture
from kpop_assets.sites.sample_hosts import SAMPLE_PICTURE_HOST
from kpop_assets.sites.titles import split_version_remark

LOOPBACK = "127.0.0.1"
MAX_FORM_BYTES = 64 * 1024
THUMBNAIL_PX = 120
IDLE_TIMEOUT_S = 30.0
JPEG, HTML, JSON = "image/jpeg", "text/html; charset=utf-8", "application/json; charset=utf-8"
PICTURE_TYPES = {"jpeg": JPEG, "png": "image/png", "webp": "image/webp"}
FORM_KEYS = {"nationGbn": "T", "termGbn": "year"}


@dataclass(frozen=True)
class Request:
    """What a handler of the site gets: path without host, query and form as single values."""

    path: str
    query: dict[str, str]
    form: dict[str, str]
    looks_like_browser: bool


@dataclass(frozen=True)
class Answer:
    """What a handler of the site gives."""

    body: bytes
    content_type: str
    status: int = 200

    @property
    def is_picture(self) -> bool:
        """Whether it is a picture that came whole, which gets an ETag."""
        return self.content_type.startswith("image/") and self.status in (200, 304)


NOT_FOUND = Answer(b"not found on the sample site", "text/plain; charset=utf-8", 404)


class SampleSite:
    """The sample site as a context manager; `address` is ``http://127.0.0.1:PORT`` while it runs.

    `reference_folder` holds the chart snapshot; raises SnapshotError when it does not.
    """

    def __init__(self, reference_folder: Path, port: int = 0) -> None:
        self.chart = read_chart(reference_folder)
        self.albums = melon_albums(self.chart)
        self.catalogue = Catalogue(self.albums)
        self._port = port
        self._server: ThreadingHTTPServer | None = None
        everything = self.albums + [namesake(a) for a in self.albums if has_namesake(a)]
        self._album_by_id = {album.album_id: album for album in everything}
        self._album_by_path = {album.picture_path: album for album in everything}
        self._album_by_key = {(a.chart_artist, a.title): a for a in self.albums}
        self._hosts: dict[str, Callable[[Request], Answer]] = {
            "circlechart.kr": self._circle,
            "www.melon.com": self._melon,
            "cdnimg.melon.co.kr": self._melon_picture,
            "www.bing.com": self._bing,
            "www.google.com": self._google,
            SAMPLE_PICTURE_HOST: self._found_picture,
        }

    @property
    def address(self) -> str:
        """``http://127.0.0.1:PORT``; raises RuntimeError while the site does not run."""
        if self._server is None:
            raise RuntimeError("the sample site does not run: call start() or use it in a with")
        return f"http://{LOOPBACK}:{self._server.server_address[1]}"

    def start(self) -> None:
        """Start to serve in a thread of its own; nothing happens if it serves already."""
        if self._server is None:
            self._server = _Server((LOOPBACK, self._port), _handler_for(self))
            threading.Thread(
                target=self._server.serve_forever, name="sample-site", daemon=True
            ).start()

    def stop(self) -> None:
        """Stop serving; nothing happens if it does not serve."""
        if self._server is not None:
            server, self._server = self._server, None
            server.shutdown()
            server.server_close()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()

    def answer(self, host: str, request: Request) -> Answer:
        """The answer of one host; the page about the site itself where no host is named."""
        if not host:
            return _html(index_page(self.chart, self.albums, self.catalogue))
        handler = self._hosts.get(host)
        return handler(request) if handler else NOT_FOUND

    def _circle(self, request: Request) -> Answer:
        if thumbnail := re.fullmatch(r"/uploadDir/aoaAlbumImg/thumb/\d+/(\d+)\.jpg", request.path):
            album = self._album_by_id.get(thumbnail.group(1))
            return Answer(album_picture(album.design, THUMBNAIL_PX), JPEG) if album else NOT_FOUND
        if request.path != "/data/api/chart/album":
            return NOT_FOUND
        form = request.form or request.query
        for key, value in FORM_KEYS.items():
            if form.get(key) != value:
                return _json(pages.circle_refusal(f"{key} must be {value}"))
        year = form.get("hitYear", "")
        records = [record for record in self.chart if str(record.year) == year]
        titles = [(r.artist, split_version_remark(r.album)[0]) for r in records]
        album_ids = [self._album_by_key[artist, title].album_id for artist, title in titles]
        return _json(pages.circle_answer(records, album_ids))

    def _melon(self, request: Request) -> Answer:
        if not request.looks_like_browser:
            return Answer(b"Not Acceptable", "text/plain; charset=utf-8", 406)
        if request.path == "/search/album/index.htm":
            query = request.query.get("q", "")
            return _html(pages.melon_search_page(query, search_melon(self.albums, query)))
        album = self._album_by_id.get(request.query.get("albumId", ""))
        if request.path == "/album/detail.htm" and album:
            return _html(pages.melon_album_page(album))
        return NOT_FOUND

    def _melon_picture(self, request: Request) -> Answer:
        asked = re.fullmatch(r"(/.+)_(\d+)\.jpg(?:/melon/.*)?", request.path)
        album = self._album_by_path.get(asked.group(1)) if asked else None
        if asked is None or album is None or int(asked.group(2)) not in album.widths:
            return NOT_FOUND
        return Answer(album_picture(album.design, int(asked.group(2))), JPEG)

    def _bing(self, request: Request) -> Answer:
        if request.path != "/images/async":
            return NOT_FOUND
        found = self.catalogue.found.get(("bing", request.query.get("q", "")), [])
        first = _whole_number(request.query.get("first", ""))
        return _html(pages.bing_results_page(found[first : first + BING_PAGE]))

    def _google(self, request: Request) -> Answer:
        if request.path != "/search":
            return NOT_FOUND
        keyword = request.query.get("q", "")
        found = self.catalogue.found.get(("google", keyword), [])
        start = _whole_number(request.query.get("start", ""))
        return _html(pages.google_results_page(keyword, found[start : start + GOOGLE_PAGE]))

    def _found_picture(self, request: Request) -> Answer:
        picture = self.catalogue.pictures.get(request.path)
        if picture is None or picture.fault == "missing":
            return NOT_FOUND
        return Answer(encoded_picture(picture), PICTURE_TYPES[picture.format])


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128


def _handler_for(site: SampleSite) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = IDLE_TIMEOUT_S
        disable_nagle_algorithm = True

        def do_GET(self) -> None:
            self._answer({})

        def do_POST(self) -> None:
            length = _whole_number(self.headers.get("Content-Length", ""))
            if length > MAX_FORM_BYTES:
                self.close_connection = True
                self._send(Answer(b"form too long", "text/plain; charset=utf-8", 413))
                return
            self._answer(_single_values(self.rfile.read(length).decode("utf-8", "replace")))

        def log_message(self, *_args: object) -> None:
            """Log nothing: the client's side of a crawl is what is logged."""

        def _answer(self, form: dict[str, str]) -> None:
            target = urlsplit(self.path)
            host, _, path = target.path.removeprefix("/").partition("/")
            request = Request(
                path="/" + unquote(path),
                query=_single_values(target.query),
                form=form,
                looks_like_browser=self.headers.get("User-Agent", "").startswith("Mozilla/"),
            )
            self._send(site.answer(host, request))

        def _send(self, answer: Answer) -> None:
            etag = f'"{hashlib.sha256(answer.body).hexdigest()[:32]}"'
            known = answer.is_picture and self.headers.get("If-None-Match") == etag
            if known:
                answer = Answer(b"", answer.content_type, 304)
            try:
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.content_type)
                self.send_header("Content-Length", str(len(answer.body)))
                if answer.is_picture:
                    self.send_header("ETag", etag)
                self.send_header("X-Content-Type-Options", "nosniff")
                self.end_headers()
                self.wfile.write(answer.body)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

    return Handler


def _single_values(encoded: str) -> dict[str, str]:
    return {key: values[0] for key, values in parse_qs(encoded, keep_blank_values=True).items()}


def _whole_number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() else 0


def _html(text: str) -> Answer:
    return Answer(text.encode(), HTML)


def _json(text: str) -> Answer:
    return Answer(text.encode(), JSON)
