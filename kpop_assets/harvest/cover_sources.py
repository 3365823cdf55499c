"""Asking the sources of covers for one album, each until it has failed too often."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.harvest.pictures import stored_picture
from kpop_assets.sites.http.session import SiteError, SiteSession
from kpop_assets.sites.matching.album_match import Scored, Wanted
from kpop_assets.sites.matching.settled_albums import NONE
from kpop_assets.sites.records import Note
from kpop_assets.sites.shops import circle_thumbnail, cover_art_archive, deezer, itunes, melon
from kpop_assets.sites.shops.found_covers import CoverNotFoundError, FoundCover, Source
from kpop_assets.store.artifacts import Store

SOURCES: tuple[Source, ...] = ("melon", "itunes", "deezer", "cover_art_archive", "circle")
"""The sources of covers, best first."""

FAILURES_UNTIL_LEFT_ALONE = 8
CANDIDATES_KEPT = 3


@dataclass(frozen=True)
class ChartAlbum:
    """An album to find a cover for; `settled` is what melon_albums.csv says of it."""

    wanted: Wanted
    thumbnail: str | None = None
    settled: str | None = None


@dataclass(frozen=True)
class Lookup:
    """What one source said of an album: columns of a cover, or the reason why there is none.

    `failed` where the source could not be asked or understood, `empty` where its search was.
    """

    cover: dict[str, object] | None = None
    reason: str = ""
    failed: bool = False
    empty: bool = False
    candidates: tuple[Scored, ...] = ()


class LeftAlone:
    """Counts failures in a row by source: one that fails and fails is not asked any more."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()
        self._lock = threading.Lock()

    def reason(self, source: str) -> str | None:
        """Why the source is not to be asked, None if it is."""
        with self._lock:
            failures = self._failures[source]
        if failures < FAILURES_UNTIL_LEFT_ALONE:
            return None
        return f"not asked after {failures} failures in a row"

    def count(self, source: str, *, failed: bool) -> None:
        """Note that the source failed, or that it answered."""
        with self._lock:
            self._failures[source] = self._failures[source] + 1 if failed else 0


class CoverSources:
    """The sources with their session, and the store for what they give.

    `note` is told, in several threads, what of the answers was left out.
    """

    def __init__(
        self, session: SiteSession, store: Store, left_alone: LeftAlone, note: Note
    ) -> None:
        self._session = session
        self._store = store
        self._left_alone = left_alone
        self._note = note

    def melon(self, album: ChartAlbum) -> Lookup:
        """Look at Melon: for the album that a person settled, else for the one that matches."""
        if album.settled == NONE:
            return Lookup(reason="melon_albums.csv says that Melon has none")
        if album.settled:
            album_id = album.settled
            return self._asked(
                "melon", lambda: melon.settled_cover(self._session, album.wanted, album_id)
            )
        return self._asked(
            "melon", lambda: melon.find_cover(self._session, album.wanted, self._note)
        )

    def fallbacks(
        self, album: ChartAlbum, sources: Sequence[Source]
    ) -> list[tuple[Source, Lookup]]:
        """Look at these sources in turn, up to the first that has a cover; "melon" is left out."""
        session, wanted, note = self._session, album.wanted, self._note
        ask: dict[Source, Callable[[], FoundCover]] = {
            "itunes": lambda: itunes.find_cover(session, wanted, note),
            "deezer": lambda: deezer.find_cover(session, wanted, note),
            "cover_art_archive": lambda: cover_art_archive.find_cover(session, wanted, note),
            "circle": lambda: circle_thumbnail.find_cover(session, wanted, album.thumbnail),
        }
        lookups: list[tuple[Source, Lookup]] = []
        for source, find in ask.items():
            if source in sources:
                lookups.append((source, self._asked(source, find)))
                if lookups[-1][1].cover:
                    break
        return lookups

    def _asked(self, source: Source, find: Callable[[], FoundCover]) -> Lookup:
        if reason := self._left_alone.reason(source):
            return Lookup(reason=reason, failed=True)
        try:
            cover = find()
            picture = stored_picture(
                self._store, cover.content, comment=f"kpop_assets {self._session.sites}"
            )
        except CoverNotFoundError as error:
            self._left_alone.count(source, failed=False)
            empty = str(error) == "no search result"
            return Lookup(reason=str(error), empty=empty, candidates=error.candidates)
        except UnreadablePictureError as error:
            return Lookup(reason=error.reason, failed=True)
        except SiteError as error:
            self._left_alone.count(source, failed=True)
            return Lookup(reason=str(error), failed=True)
        self._left_alone.count(source, failed=False)
        now = datetime.now(UTC)
        return Lookup(
            {
                **picture,
                "source": cover.source,
                "image_address": cover.image_address,
                "page_address": cover.page_address,
                "album_id": cover.album_id,
                "matched_artist": cover.matched_artist,
                "matched_title": cover.matched_title,
                "exact": cover.match.exact,
                "score": cover.match.score,
                "match_reason": cover.match.reason,
                "note": cover.note,
                "etag": cover.validator.etag,
                "last_modified": cover.validator.last_modified,
                "fetched_at": now,
                "checked_at": now,
            }
        )


def candidates_json(candidates: Sequence[Scored]) -> str | None:
    """The best candidates as JSON for a column, None without any."""
    kept = [
        {
            "album_id": each.candidate.album_id,
            "artist": each.candidate.artist,
            "title": each.candidate.title,
            "score": round(each.match.score, 2),
            "reason": each.match.reason,
        }
        for each in candidates[:CANDIDATES_KEPT]
    ]
    return json.dumps(kept, ensure_ascii=False) if kept else None
