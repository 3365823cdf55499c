"""Album covers from Deezer's public API, where Melon and iTunes have none.

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

from kpop_assets.sites.http.session import PageFormatError, SiteSession, SiteUnreachableError
from kpop_assets.sites.json_answers import (
    address_at,
    id_at,
    json_object,
    list_at,
    optional_text_at,
    text_at,
)
from kpop_assets.sites.matching.album_match import Candidate, Scored, Wanted
from kpop_assets.sites.records import Note, good_records, ignored, shown
from kpop_assets.sites.shops.found_covers import (
    MOST_RESULTS,
    CoverNotFoundError,
    FoundCover,
    chosen,
    fetch_picture,
    first_cover,
)

SEARCH_ADDRESS = "https://api.deezer.com/search/album"
MOST_ASKED_FOR = 25
MAX_ANSWER_BYTES = 2 * 2**20
PICTURE = re.compile(r"https://[a-z0-9-]+\.(?:dzcdn\.net|deezer\.com)/[^\s?#]+\.(?:jpg|png)")
OVER_QUOTA = 4
QUOTA_TRIES = 3
QUOTA_PERIOD_S = 5.0


class DeezerQuotaError(SiteUnreachableError):
    """Deezer says that its quota of requests is used up."""


def find_cover(session: SiteSession, wanted: Wanted, note: Note = ignored) -> FoundCover:
    """The cover of the album at Deezer, 1000 px wide.

    Raises CoverNotFoundError, PageFormatError, SiteUnreachableError, DeezerQuotaError.
    """
    candidates, page = _searched(session, wanted, note)
    good = chosen(candidates, wanted)

    def cover_of(scored: Scored) -> FoundCover:
        album = scored.candidate
        if not album.picture:
            raise CoverNotFoundError("Deezer has no picture of the album")
        if not PICTURE.fullmatch(album.picture):
            raise PageFormatError(
                page, "cover_xl as https://..dzcdn.net/..jpg", album.picture[:200]
            )
        picture = fetch_picture(session, [album.picture])
        return FoundCover(
            source="deezer",
            content=picture.content,
            image_address=session.source_address(picture.url),
            page_address=page,
            album_id=album.album_id,
            matched_artist=album.artist,
            matched_title=album.title,
            match=scored.match,
            validator=picture.validator,
        )

    return first_cover(good, cover_of)


def parse_search_answer(content: bytes, page: str, note: Note = ignored) -> list[Candidate]:
    """The albums of an answer. Records that are broken are left out, and noted.

    Raises DeezerQuotaError, and PageFormatError where the answer is of another form, or has records
    and no good one.
    """
    answer = json_object(content, page)
    error = answer.get("error")
    if isinstance(error, dict) and error.get("code") == OVER_QUOTA:
        raise DeezerQuotaError(
            f"{page}: expected albums, but Deezer's quota is used up; try again later"
        )
    if error:
        raise PageFormatError(page, "albums in data", shown(error))
    return good_records(
        list_at(answer, "data", page),
        lambda album: _candidate(album, page),
        page,
        note,
        most=MOST_RESULTS,
    )


def _searched(session: SiteSession, wanted: Wanted, note: Note) -> tuple[list[Candidate], str]:
    artist, title = (text.replace('"', " ") for text in wanted.search_words)
    params = {"q": f'artist:"{artist}" album:"{title}"', "limit": str(MOST_ASKED_FOR)}
    for tries_left in reversed(range(QUOTA_TRIES)):
        answer = session.get(SEARCH_ADDRESS, params=params, max_bytes=MAX_ANSWER_BYTES)
        page = session.source_address(answer.url)
        try:
            return parse_search_answer(answer.require_ok().content, page, note), page
        except DeezerQuotaError:
            if not tries_left:
                raise
            time.sleep(QUOTA_PERIOD_S)
    raise AssertionError("unreachable")


def _candidate(album: Any, page: str) -> Candidate:
    album_id, title = id_at(album, "id", page), text_at(album, "title", page)
    artist = album.get("artist")
    if not isinstance(artist, dict):
        raise PageFormatError(page, "an object at artist of every album", shown(album))
    has_picture = optional_text_at(album, "md5_image") != ""
    return Candidate(
        album_id=album_id,
        artist=text_at(artist, "name", page),
        title=title,
        picture=address_at(album, "cover_xl", page) if has_picture else "",
    )
