"""Album covers from Deezer's public API.

All that this module relies on, as public clients saw it work:

* ``GET https://api.deezer.com/search/album?q=artist:"X" album:"Y"``, no key, at most 50 requests in
  5 seconds. Over the quota it answers HTTP 200 with ``{"error": {"code": 4, ..}}``.
* The answer is ``{"data": [..], "total": n}``; an album has ``id``, ``title``, ``artist.name``,
  ``cover_xl`` (1000 px), ``md5_image`` ("" where there is no picture) and ``link``.
"""

from __future__ import annotations

import re
import time
from typing import Any

from kpop_assets.sites.errors import PageFormatError, SiteUnreachableError
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.json_answers import address_at, id_at, optional_text_at, text_at
from kpop_assets.sites.matching.album_match import Candidate, Wanted
from kpop_assets.sites.records import Note, ignored, shown
from kpop_assets.sites.shops.cover_source import JsonShop
from kpop_assets.sites.shops.found_covers import FoundCover

OVER_QUOTA = 4
QUOTA_TRIES = 3


class DeezerQuotaError(SiteUnreachableError):
    """Deezer says that its quota of requests is used up."""


class Deezer(JsonShop):
    """Deezer: covers 1000 px wide. Over its quota it is asked again after `quota_period_s`."""

    name = "deezer"
    title = "Deezer"
    search_address = "https://api.deezer.com/search/album"
    pause_s = 0.1
    albums_key = "data"
    picture_form = re.compile(
        r"https://[a-z0-9-]+\.(?:dzcdn\.net|deezer\.com)/[^\s?#]+\.(?:jpg|png)"
    )

    def __init__(self, quota_period_s: float = 5.0) -> None:
        self._quota_period_s = quota_period_s

    def find_cover(self, session: SiteSession, wanted: Wanted, note: Note = ignored) -> FoundCover:
        """As JsonShop, in up to QUOTA_TRIES tries; raises DeezerQuotaError, too."""
        for _ in range(QUOTA_TRIES - 1):
            try:
                return super().find_cover(session, wanted, note)
            except DeezerQuotaError:
                time.sleep(self._quota_period_s)
        return super().find_cover(session, wanted, note)

    def _search_params(self, wanted: Wanted) -> dict[str, str]:
        artist, title = (text.replace('"', " ") for text in wanted.search_words)
        return {"q": f'artist:"{artist}" album:"{title}"', "limit": "25"}

    def _records(self, answer: dict[str, Any], page: str) -> list[Any]:
        error = answer.get("error")
        if isinstance(error, dict) and error.get("code") == OVER_QUOTA:
            raise DeezerQuotaError(
                f"{page}: expected albums, but Deezer's quota is used up; try again later"
            )
        if error:
            raise PageFormatError(page, "albums in data", shown(error))
        return super()._records(answer, page)

    def _album(self, record: Any, page: str) -> Candidate:
        album_id, title = id_at(record, "id", page), text_at(record, "title", page)
        artist = record.get("artist")
        if not isinstance(artist, dict):
            raise PageFormatError(page, "an object at artist of every album", shown(record))
        has_picture = optional_text_at(record, "md5_image") != ""
        return Candidate(
            album_id=album_id,
            artist=text_at(artist, "name", page),
            title=title,
            picture=address_at(record, "cover_xl", page) if has_picture else "",
        )
