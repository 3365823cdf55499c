"""Album covers from the Cover Art Archive, found through MusicBrainz.

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

from kpop_assets.sites.errors import PageFormatError
from kpop_assets.sites.json_answers import list_at, optional_text_at, text_at, year_of
from kpop_assets.sites.matching.album_match import Candidate, Wanted
from kpop_assets.sites.records import name_of
from kpop_assets.sites.shops.cover_source import JsonShop

ARCHIVE = "https://coverartarchive.org/release-group/"
UUID = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class CoverArtArchive(JsonShop):
    """The Cover Art Archive: front covers at most 1200 px wide, at its address, which redirects."""

    name = "cover_art_archive"
    title = "the Cover Art Archive"
    search_address = "https://musicbrainz.org/ws/2/release-group/"
    pause_s = 1.0
    albums_key = "release-groups"
    picture_form = re.compile(f"{re.escape(ARCHIVE)}{UUID.pattern}/front-1200")
    album_pages = "https://musicbrainz.org/release-group/"

    def _search_params(self, wanted: Wanted) -> dict[str, str]:
        names = " OR ".join(map(_quoted, wanted.artists))
        query = f"artist:({names}) AND releasegroup:{_quoted(wanted.search_words[1])}"
        return {"query": query, "fmt": "json", "limit": "10"}

    def _album(self, record: Any, page: str) -> Candidate:
        group_id = text_at(record, "id", page)
        if not UUID.fullmatch(group_id):
            raise PageFormatError(page, "a UUID at id of every release group", group_id[:60])
        artist = "".join(
            text_at(credit, "name", page) + (f" {join} " if (join := _join(credit)) else "")
            for credit in list_at(record, "artist-credit", page)
        )
        return Candidate(
            album_id=group_id,
            artist=name_of(artist, page, "artist-credit"),
            title=text_at(record, "title", page),
            year=year_of(optional_text_at(record, "first-release-date")),
            picture=f"{ARCHIVE}{group_id}/front-1200",
        )


def _join(credit: dict[str, Any]) -> str:
    return optional_text_at(credit, "joinphrase")


def _quoted(text: str) -> str:
    """The text as a phrase of a Lucene query."""
    return '"' + re.sub(r'(["\\])', r"\\\1", text) + '"'
