"""Album covers from the Cover Art Archive, found through MusicBrainz, where the shops have none.

All that this module relies on (musicbrainz.org/doc/MusicBrainz_API, .../Cover_Art_Archive/API):

* ``GET https://musicbrainz.org/ws/2/release-group/?query=..&fmt=json``: one request a second, a
  User-Agent that names the program (a browser's is blocked), HTTP 503 when throttled. The query is
  Lucene's.
* The answer is ``{"release-groups": [..]}``; a group has ``id`` (a UUID), ``title``,
  ``first-release-date`` ("2013", "2013-06", "2013-06-03" or "") and ``artist-credit``, a list of
  ``{"name": .., "joinphrase": .., "artist": {"name": ..}}``.
* ``GET https://coverartarchive.org/release-group/ID/front-1200`` redirects to
  archive.org, or answers 404 where there is no picture.
"""

from __future__ import annotations

import re
from typing import Any

from kpop_assets.sites.http.session import PageFormatError, SiteSession
from kpop_assets.sites.json_answers import json_object, list_at, optional_text_at, text_at, year_of
from kpop_assets.sites.matching.album_match import Candidate, Scored, Wanted
from kpop_assets.sites.records import Note, good_records, ignored, name_of
from kpop_assets.sites.shops.found_covers import (
    MOST_RESULTS,
    FoundCover,
    chosen,
    fetch_picture,
    first_cover,
)

SEARCH_ADDRESS = "https://musicbrainz.org/ws/2/release-group/"
GROUP_PAGE = "https://musicbrainz.org/release-group/"
ARCHIVE = "https://coverartarchive.org/release-group/"
MOST_ASKED_FOR = 10
MAX_ANSWER_BYTES = 2 * 2**20
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PICTURE_WIDTH = 1200


def find_cover(session: SiteSession, wanted: Wanted, note: Note = ignored) -> FoundCover:
    """The front cover of the album in the Cover Art Archive, at most 1200 px wide.

    `image_address` is that of the archive, which leads to the picture wherever it lies.
    Raises CoverNotFoundError, PageFormatError, SiteUnreachableError.
    """
    names = " OR ".join(map(_quoted, wanted.artists))
    answer = session.get(
        SEARCH_ADDRESS,
        params={
            "query": f"artist:({names}) AND releasegroup:{_quoted(wanted.search_words[1])}",
            "fmt": "json",
            "limit": str(MOST_ASKED_FOR),
        },
        max_bytes=MAX_ANSWER_BYTES,
    ).require_ok()
    page = session.source_address(answer.url)
    good = chosen(parse_search_answer(answer.content, page, note), wanted)

    def cover_of(scored: Scored) -> FoundCover:
        album = scored.candidate
        address = f"{ARCHIVE}{album.album_id}/front-{PICTURE_WIDTH}"
        picture = fetch_picture(session, [address])
        return FoundCover(
            source="cover_art_archive",
            content=picture.content,
            image_address=session.source_address(address),
            page_address=session.source_address(GROUP_PAGE + album.album_id),
            album_id=album.album_id,
            matched_artist=album.artist,
            matched_title=album.title,
            match=scored.match,
            validator=picture.validator,
        )

    return first_cover(good, cover_of)


def parse_search_answer(content: bytes, page: str, note: Note = ignored) -> list[Candidate]:
    """The release groups of an answer. Those that are broken are left out, and noted.

    Raises PageFormatError where the answer is of another form, or has groups and no good one.
    """
    groups = list_at(json_object(content, page), "release-groups", page)
    return good_records(
        groups, lambda group: _candidate(group, page), page, note, most=MOST_RESULTS
    )


def _candidate(group: Any, page: str) -> Candidate:
    group_id = text_at(group, "id", page)
    if not UUID.fullmatch(group_id):
        raise PageFormatError(page, "a UUID at id of every release group", group_id[:60])
    credits = list_at(group, "artist-credit", page)
    artist = "".join(
        text_at(credit, "name", page) + (f" {join} " if (join := _join(credit)) else "")
        for credit in credits
    )
    if not artist.strip():
        raise PageFormatError(page, "an artist of every release group", "an empty artist-credit")
    return Candidate(
        album_id=group_id,
        artist=name_of(artist, page, "artist-credit"),
        title=text_at(group, "title", page),
        year=year_of(optional_text_at(group, "first-release-date")),
    )


def _join(credit: dict[str, Any]) -> str:
    return optional_text_at(credit, "joinphrase")


def _quoted(text: str) -> str:
    """The text as a phrase of a Lucene query."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
