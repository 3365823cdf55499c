"""The sample site: one HTTP server on loopback that answers for every host of the sample world.

A request for ``https://HOST/PATH?QUERY`` arrives as ``/HOST/PATH?QUERY``.
"""

from __future__ import annotations

import re
import threading
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self

from kpop_assets.sample_world import pages
from kpop_assets.sample_world.albums import (
    MelonAlbum,
    has_namesake,
    melon_albums,
    namesake,
    read_chart,
    search_melon,
)
from kpop_assets.sample_world.answers import (
    HTML,
    JPEG,
    JSON,
    MISDIRECTED,
    NOT_FOUND,
    Answer,
    Request,
)
from kpop_assets.sample_world.catalogue import (
    BING_PAGE,
    GOOGLE_PAGE,
    SAMPLE_PICTURE_HOST,
    Catalogue,
)
from kpop_assets.sample_world.deeper_chart import DeeperChart
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.handler import SampleServer, handler_for, whole_number
from kpop_assets.sample_world.index_page import index_page
from kpop_assets.sample_world.pictures import album_drawing, found_drawing
from kpop_assets.sample_world.shops import Shops
from kpop_assets.sites.matching.titles import split_version_remark

LOOPBACK = "127.0.0.1"
THUMBNAIL_PX = 120
PICTURE_TYPES = {"jpeg": JPEG, "png": "image/png", "webp": "image/webp"}
FORM_KEYS = {"nationGbn": "T", "termGbn": "year"}


class SampleSite:
    """The sample site as a context manager; `address` is ``http://127.0.0.1:PORT`` while it runs.

    `reference_folder` holds the chart snapshot; raises SnapshotError when it does not. `faults` may
    be filled at any time, and `robots` with a robots.txt by host; `sent` counts answers by host and
    HTTP status, those of faults left out.
    """

    def __init__(self, reference_folder: Path, port: int = 0) -> None:
        self.chart = read_chart(reference_folder)
        self.albums = melon_albums(self.chart)
        self.deeper = DeeperChart(self.chart)
        self.catalogue = Catalogue(self.albums)
        self.faults: list[Fault] = []
        self.robots: dict[str, str] = {}
        self.sent: Counter[tuple[str, int]] = Counter()
        self._port = port
        self._server: SampleServer | None = None
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
            **Shops(self.chart, self.albums).hosts,
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
            self._server = SampleServer((LOOPBACK, self._port), handler_for(self))
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
        if request.path == "/robots.txt" and host in self.robots:
            return Answer(self.robots[host].encode(), "text/plain; charset=utf-8")
        handler = self._hosts.get(host)
        return handler(request) if handler else MISDIRECTED

    def _circle(self, request: Request) -> Answer:
        if thumbnail := re.fullmatch(r"/uploadDir/aoaAlbumImg/thumb/\d+/(\d+)\.jpg", request.path):
            album = self._album(thumbnail.group(1))
            return Answer(album_drawing(album.design, THUMBNAIL_PX), JPEG) if album else NOT_FOUND
        if request.path != "/data/api/chart/album":
            return NOT_FOUND
        form = request.form or request.query
        for key, value in FORM_KEYS.items():
            if form.get(key) != value:
                return _json(pages.circle_refusal(f"{key} must be {value}"))
        year = form.get("hitYear", "")
        records = [record for record in self.chart if str(record.year) == year]
        records += self.deeper.records.get(whole_number(year), [])
        titles = [(r.artist, split_version_remark(r.album)[0]) for r in records]
        album_ids = [
            (self._album_by_key.get(title) or self.deeper.albums[title]).album_id
            for title in titles
        ]
        return _json(pages.circle_answer(records, album_ids))

    def _album(self, album_id: str) -> MelonAlbum | None:
        return self._album_by_id.get(album_id) or self.deeper.album_by_id.get(album_id)

    def _melon(self, request: Request) -> Answer:
        if not request.looks_like_browser:
            return Answer(b"Not Acceptable", "text/plain; charset=utf-8", 406)
        if request.path == "/search/album/index.htm":
            query = request.query.get("q", "")
            albums = search_melon(self.albums + self.deeper.albums_for(query), query)
            return _html(pages.melon_search_page(query, albums))
        album = self._album(request.query.get("albumId", ""))
        if request.path == "/album/detail.htm" and album:
            return _html(pages.melon_album_page(album))
        return NOT_FOUND

    def _melon_picture(self, request: Request) -> Answer:
        asked = re.fullmatch(r"(/.+)_(\d+)\.jpg(?:/melon/.*)?", request.path)
        path = asked.group(1) if asked else ""
        album = self._album_by_path.get(path) or self.deeper.album_by_path.get(path)
        if asked is None or album is None or int(asked.group(2)) not in album.widths:
            return NOT_FOUND
        return Answer(album_drawing(album.design, int(asked.group(2))), JPEG)

    def _bing(self, request: Request) -> Answer:
        if request.path != "/images/async":
            return NOT_FOUND
        found = self.catalogue.found.get(("bing", request.query.get("q", "")), [])
        first = whole_number(request.query.get("first", ""))
        return _html(pages.bing_results_page(found[first : first + BING_PAGE]))

    def _google(self, request: Request) -> Answer:
        if request.path != "/search":
            return NOT_FOUND
        keyword = request.query.get("q", "")
        found = self.catalogue.found.get(("google", keyword), [])
        start = whole_number(request.query.get("start", ""))
        return _html(pages.google_results_page(keyword, found[start : start + GOOGLE_PAGE]))

    def _found_picture(self, request: Request) -> Answer:
        picture = self.catalogue.pictures.get(request.path)
        if picture is None or picture.fault == "missing":
            return NOT_FOUND
        return Answer(found_drawing(picture), PICTURE_TYPES[picture.format])


def _html(text: str) -> Answer:
    return Answer(text.encode(), HTML)


def _json(text: str) -> Answer:
    return Answer(text.encode(), JSON)
