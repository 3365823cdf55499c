"""Album covers from Apple's iTunes Search API, where Melon has none.

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

from kpop_assets.sites.http.session import PageFormatError, SiteSession
from kpop_assets.sites.json_answers import (
    address_at,
    id_at,
    json_object,
    list_at,
    optional_text_at,
    text_at,
    year_of,
)
from kpop_assets.sites.matching.album_match import Candidate, Scored, Wanted
from kpop_assets.sites.records import Note, good_records, ignored
from kpop_assets.sites.shops.found_covers import (
    MOST_RESULTS,
    CoverNotFoundError,
    FoundCover,
    chosen,
    fetch_picture,
    first_cover,
)

SEARCH_ADDRESS = "https://itunes.apple.com/search"
MOST_ASKED_FOR = 25
MAX_ANSWER_BYTES = 2 * 2**20
ARTWORK = re.compile(r"(https://[a-z0-9-]+\.mzstatic\.com/[^\s?#]+)/100x100bb\.(jpg|png)")
PICTURE_WIDTHS = (1000, 600)


def find_cover(session: SiteSession, wanted: Wanted, note: Note = ignored) -> FoundCover:
    """The cover of the album in Apple's Korean shop, at most 1000 px wide.

    Raises CoverNotFoundError, PageFormatError, SiteUnreachableError.
    """
    answer = session.get(
        SEARCH_ADDRESS,
        params={
            "term": " ".join(wanted.search_words),
            "country": "KR",
            "media": "music",
            "entity": "album",
            "limit": str(MOST_ASKED_FOR),
        },
        max_bytes=MAX_ANSWER_BYTES,
    ).require_ok()
    page = session.source_address(answer.url)
    good = chosen(parse_search_answer(answer.content, page, note), wanted)

    def cover_of(scored: Scored) -> FoundCover:
        album = scored.candidate
        artwork = ARTWORK.fullmatch(album.picture)
        if not album.picture:
            raise CoverNotFoundError("iTunes has no picture of the album")
        if artwork is None:
            raise PageFormatError(page, "artworkUrl100 as .../100x100bb.jpg", album.picture[:200])
        picture = fetch_picture(
            session,
            [f"{artwork[1]}/{width}x{width}bb.{artwork[2]}" for width in PICTURE_WIDTHS],
        )
        return FoundCover(
            source="itunes",
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
    """The albums of an answer with the address of their artwork.

    Records that are broken are left out, and noted. Raises PageFormatError where the answer is of
    another form, or has records of albums and no good one.
    """
    albums = [
        record
        for record in list_at(json_object(content, page), "results", page)
        if not _is_no_album(record)
    ]
    return good_records(
        albums, lambda album: _candidate(album, page), page, note, most=MOST_RESULTS
    )


def _is_no_album(record: Any) -> bool:
    kind = record.get("wrapperType") if isinstance(record, dict) else None
    return isinstance(kind, str) and kind != "collection"


def _candidate(album: Any, page: str) -> Candidate:
    text_at(album, "wrapperType", page)
    return Candidate(
        album_id=id_at(album, "collectionId", page),
        artist=text_at(album, "artistName", page),
        title=text_at(album, "collectionName", page),
        year=year_of(optional_text_at(album, "releaseDate")),
        picture=address_at(album, "artworkUrl100", page),
    )
