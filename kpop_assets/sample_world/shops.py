"""The shops of the sample world where covers are looked for that Melon lacks.

Each has few albums: one that Melon lacks, under its Latin or Korean name, and others.
"""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from kpop_assets.sample_world.albums import ChartRecord, MelonAlbum, stable_number
from kpop_assets.sample_world.answers import JPEG, JSON, NOT_FOUND, Answer, Request
from kpop_assets.sample_world.pictures import album_drawing
from kpop_assets.sites.matching.titles import normalised_title

AT_ITUNES = {
    ("엑스원", "비상 : QUANTUM LEAP"): "비상 : QUANTUM LEAP - EP",
    ("JYJ", "The Beginning"): "The Beginning (Deluxe Edition)",
    ("비원에이포", "WHO AM I"): "",
}
"""Chart artist and album, and the title at the shop; a "" stands for another album by the artist.

So does Deezer's and MusicBrainz's table."""

AT_DEEZER = {("조용필", "19집 Hello"): "Hello", ("JYJ", "2집 In Heaven"): "In Heaven"}
AT_MUSICBRAINZ = {("JYJ", "JUST US"): "JUST US", ("비원에이포", "WHO AM I"): ""}
OTHER_ALBUM = "Sample Live Tour"
ORIGINAL_PX = 800
"""Shops have pictures of this width; more is never sent."""


@dataclass(frozen=True)
class ShopAlbum:
    """One album of a shop, with the names that it shows."""

    artist: str
    title: str
    album: MelonAlbum

    @property
    def number(self) -> int:
        """Its id, as a number."""
        return 1_000_000 + stable_number(f"{self.artist} - {self.title}", 1_000_000)

    @property
    def uuid(self) -> str:
        """Its id, as MusicBrainz has it."""
        return str(uuid.uuid5(uuid.NAMESPACE_URL, f"sample:{self.artist}/{self.title}"))

    @property
    def md5(self) -> str:
        """Its picture's name at Deezer."""
        return hashlib.md5(f"{self.artist}/{self.title}".encode()).hexdigest()


class Shops:
    """iTunes, Deezer, MusicBrainz and the Cover Art Archive; `hosts` says who answers for what."""

    def __init__(self, chart: Sequence[ChartRecord], albums: Sequence[MelonAlbum]) -> None:
        latin = {record.artist: record.artist_latin for record in chart}
        by_key = {(album.chart_artist, album.title): album for album in albums}

        def shop(table: dict[tuple[str, str], str]) -> list[ShopAlbum]:
            return [
                ShopAlbum(latin[key[0]], title or OTHER_ALBUM, by_key[key])
                for key, title in table.items()
                if key in by_key
            ]

        self._itunes = shop(AT_ITUNES)
        self._deezer = shop(AT_DEEZER)
        self._musicbrainz = shop(AT_MUSICBRAINZ)
        self.hosts: dict[str, Callable[[Request], Answer]] = {
            "itunes.apple.com": self._itunes_search,
            "is1-ssl.mzstatic.com": self._itunes_picture,
            "api.deezer.com": self._deezer_search,
            "cdn-images.dzcdn.net": self._deezer_picture,
            "musicbrainz.org": self._musicbrainz_search,
            "coverartarchive.org": self._cover_art,
            "archive.org": self._archived_picture,
        }

    def _itunes_search(self, request: Request) -> Answer:
        if request.path != "/search" or request.query.get("entity") != "album":
            return NOT_FOUND
        found = _by_artist(self._itunes, request.query.get("term", ""))
        albums = [
            {
                "wrapperType": "collection",
                "collectionType": "Album",
                "collectionId": each.number,
                "artistName": each.artist,
                "collectionName": each.title,
                "releaseDate": f"{each.album.year}-04-01T07:00:00Z",
                "artworkUrl100": f"https://is1-ssl.mzstatic.com/image/thumb/Music/v4/{each.number}"
                "/cover.jpg/100x100bb.jpg",
            }
            for each in found
        ]
        return _json({"resultCount": len(albums), "results": albums})

    def _itunes_picture(self, request: Request) -> Answer:
        asked = re.fullmatch(
            r"/image/thumb/Music/v4/(\d+)/cover\.jpg/(\d{2,4})x\2bb\.jpg", request.path
        )
        found = [each for each in self._itunes if asked and str(each.number) == asked[1]]
        return _picture(found, int(asked[2])) if asked else NOT_FOUND

    def _deezer_search(self, request: Request) -> Answer:
        if request.path != "/search/album":
            return NOT_FOUND
        found = _by_artist(self._deezer, request.query.get("q", ""))
        albums = [
            {
                "id": each.number,
                "title": each.title,
                "md5_image": each.md5,
                "cover_xl": f"https://cdn-images.dzcdn.net/images/cover/{each.md5}"
                "/1000x1000-000000-80-0-0.jpg",
                "artist": {"id": 1, "name": each.artist},
                "record_type": "album",
            }
            for each in found
        ]
        return _json({"data": albums, "total": len(albums)})

    def _deezer_picture(self, request: Request) -> Answer:
        asked = re.fullmatch(r"/images/cover/([0-9a-f]{32})/(\d{2,4})x\2-[\d-]+\.jpg", request.path)
        found = [each for each in self._deezer if asked and each.md5 == asked[1]]
        return _picture(found, int(asked[2])) if asked else NOT_FOUND

    def _musicbrainz_search(self, request: Request) -> Answer:
        if request.looks_like_browser:
            return Answer(b"name your program", "text/plain; charset=utf-8", 403)
        if request.path != "/ws/2/release-group/" or request.query.get("fmt") != "json":
            return NOT_FOUND
        groups = [
            {
                "id": each.uuid,
                "score": 100,
                "title": each.title,
                "first-release-date": f"{each.album.year}-04-01",
                "primary-type": "Album",
                "artist-credit": [{"name": each.artist, "artist": {"name": each.artist}}],
            }
            for each in _by_artist(self._musicbrainz, request.query.get("query", ""))
        ]
        return _json({"count": len(groups), "release-groups": groups})

    def _cover_art(self, request: Request) -> Answer:
        asked = re.fullmatch(r"/release-group/([0-9a-f-]{36})/front-(250|500|1200)", request.path)
        if asked is None or asked[1] not in {each.uuid for each in self._musicbrainz}:
            return NOT_FOUND
        target = f"https://archive.org/download/mbid-{asked[1]}/front_thumb{asked[2]}.jpg"
        return Answer(b"", "text/plain; charset=utf-8", 307, location=target)

    def _archived_picture(self, request: Request) -> Answer:
        asked = re.fullmatch(
            r"/download/mbid-([0-9a-f-]{36})/front_thumb(\d{3,4})\.jpg", request.path
        )
        found = [each for each in self._musicbrainz if asked and each.uuid == asked[1]]
        return _picture(found, int(asked[2])) if asked else NOT_FOUND


def _by_artist(albums: Sequence[ShopAlbum], query: str) -> list[ShopAlbum]:
    asked = normalised_title(query)
    return [each for each in albums if normalised_title(each.artist) in asked]


def _picture(found: Sequence[ShopAlbum], width: int) -> Answer:
    if not found:
        return NOT_FOUND
    return Answer(album_drawing(found[0].album.design, min(width, ORIGINAL_PX)), JPEG)


def _json(answer: dict[str, Any]) -> Answer:
    return Answer(json.dumps(answer, ensure_ascii=False).encode(), JSON)
