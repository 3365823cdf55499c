"""Album covers from Apple's iTunes Search API.

All that this module relies on (Apple's "iTunes Search API", Constructing Searches):

* ``GET https://itunes.apple.com/search?term=..&country=KR&media=music&entity=album``, no key, about
  20 requests a minute; beyond, HTTP 403 or 429.
* The answer is ``{"resultCount": n, "results": [..]}``; an album has ``wrapperType`` "collection",
  ``collectionId``, ``artistName``, ``collectionName``, ``releaseDate`` (ISO 8601),
  ``collectionViewUrl`` and ``artworkUrl100``.
* ``artworkUrl100`` ends in ``/100x100bb.jpg``. The same address with another size gives that size,
  but never more than the original has.
"""

from __future__ import annotations

import re
from typing import Any

from kpop_assets.sites.json_answers import address_at, id_at, optional_text_at, text_at, year_of
from kpop_assets.sites.matching.album_match import Candidate, Wanted
from kpop_assets.sites.shops.cover_source import JsonShop

PICTURE_WIDTHS = (1000, 600)


class Itunes(JsonShop):
    """Apple's Korean shop: covers at most 1000 px wide."""

    name = "itunes"
    title = "iTunes"
    search_address = "https://itunes.apple.com/search"
    pause_s = 3.1
    albums_key = "results"
    picture_form = re.compile(r"(https://[a-z0-9-]+\.mzstatic\.com/[^\s?#]+)/100x100bb\.(jpg|png)")

    def _search_params(self, wanted: Wanted) -> dict[str, str]:
        of_albums = {"country": "KR", "media": "music", "entity": "album", "limit": "25"}
        return {"term": " ".join(wanted.search_words), **of_albums}

    def _records(self, answer: dict[str, Any], page: str) -> list[Any]:
        return [each for each in super()._records(answer, page) if not _is_no_album(each)]

    def _album(self, record: Any, page: str) -> Candidate:
        text_at(record, "wrapperType", page)
        return Candidate(
            album_id=id_at(record, "collectionId", page),
            artist=text_at(record, "artistName", page),
            title=text_at(record, "collectionName", page),
            year=year_of(optional_text_at(record, "releaseDate")),
            picture=address_at(record, "artworkUrl100", page),
        )

    def _sizes(self, picture: re.Match[str]) -> list[str]:
        return [f"{picture[1]}/{width}x{width}bb.{picture[2]}" for width in PICTURE_WIDTHS]


def _is_no_album(record: Any) -> bool:
    kind = record.get("wrapperType") if isinstance(record, dict) else None
    return isinstance(kind, str) and kind != "collection"
