"""What a source of covers is, and one whose search answers in JSON."""

from __future__ import annotations

import re
from abc import abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, Protocol

from kpop_assets.sites.errors import PageFormatError
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.json_answers import json_object, list_at
from kpop_assets.sites.matching.album_match import Candidate, Scored, Wanted, match
from kpop_assets.sites.records import Note, good_records, ignored, shown
from kpop_assets.sites.shops.found_covers import (
    MOST_RESULTS,
    CoverNotFoundError,
    FoundCover,
    best_cover,
    fetch_picture,
)

MAX_ANSWER_BYTES = 2 * 2**20


class CoverSource(Protocol):
    """A source of covers. To add one: write a module beside this one, name it in `sources.py`.

    `name` is its value in the column `source`, `title` its name in sentences. A cover of a last
    resort stays only until another source has one.
    """

    name: ClassVar[str]
    title: ClassVar[str]
    is_last_resort: ClassVar[bool] = False

    @abstractmethod
    def find_cover(self, session: SiteSession, wanted: Wanted, note: Note = ignored) -> FoundCover:
        """Its cover of the album; `note` gets what of its answers was left out, and why.

        Raises CoverNotFoundError where it has none, other SiteErrors where it fails.
        """

    def picture_headers(self, _session: SiteSession) -> dict[str, str]:
        """The headers that its pictures are asked for with."""
        return {}

    def still_fits(self, wanted: Wanted, found: Candidate) -> bool:
        """Whether the album of an earlier cover is one that would be taken today."""
        return match(wanted, found).good_enough

    def _fetched(
        self,
        session: SiteSession,
        scored: Scored,
        addresses: Iterable[str],
        page_address: str,
        note: str | None = None,
    ) -> FoundCover:
        address, picture = fetch_picture(session, addresses, self.picture_headers(session))
        return FoundCover(
            source=self.name,
            content=picture.content,
            image_address=session.source_address(address),
            page_address=page_address,
            album_id=scored.candidate.album_id,
            matched_artist=scored.candidate.artist,
            matched_title=scored.candidate.title,
            match=scored.match,
            note=note,
            validator=picture.validator,
        )


class JsonShop(CoverSource, Protocol):
    """A shop whose search answers with a JSON object that has a list of albums.

    `pause_s` are the seconds between two searches that its documented rate asks for, `picture_form`
    matches the addresses of its pictures, `album_pages` stands before the id in that of a page.
    """

    search_address: ClassVar[str]
    pause_s: ClassVar[float]
    albums_key: ClassVar[str]
    picture_form: ClassVar[re.Pattern[str]]
    album_pages: ClassVar[str] = ""

    @abstractmethod
    def _search_params(self, wanted: Wanted) -> dict[str, str]: ...

    @abstractmethod
    def _album(self, record: Any, page: str) -> Candidate:
        """The album of a record; raises PageFormatError."""

    def _records(self, answer: dict[str, Any], page: str) -> list[Any]:
        return list_at(answer, self.albums_key, page)

    def _sizes(self, picture: re.Match[str]) -> list[str]:
        """The addresses to try for a picture, the largest first."""
        return [picture[0]]

    def find_cover(self, session: SiteSession, wanted: Wanted, note: Note = ignored) -> FoundCover:
        """The picture of the best album of a search that has one."""
        answer = session.get(
            self.search_address,
            params=self._search_params(wanted),
            max_bytes=MAX_ANSWER_BYTES,
            pause_s=self.pause_s,
        ).require_ok()
        page = session.source_address(answer.url)

        def cover_of(scored: Scored) -> FoundCover:
            album = scored.candidate
            if not album.picture:
                raise CoverNotFoundError(f"{self.title} has no picture of the album")
            picture = self.picture_form.fullmatch(album.picture)
            if picture is None:
                expected = f"an address as {self.picture_form.pattern}"
                raise PageFormatError(page, expected, shown(album.picture))
            about = session.source_address(self.album_pages + album.album_id)
            return self._fetched(
                session, scored, self._sizes(picture), about if self.album_pages else page
            )

        return best_cover(self.parse_search_answer(answer.content, page, note), wanted, cover_of)

    def parse_search_answer(
        self, content: bytes, page: str, note: Note = ignored
    ) -> list[Candidate]:
        """The albums of an answer. Broken records are left out, and noted.

        Raises PageFormatError where the answer is of another form, or has records and no good one.
        """
        records = self._records(json_object(content, page), page)
        return good_records(
            records, lambda record: self._album(record, page), page, note, most=MOST_RESULTS
        )
