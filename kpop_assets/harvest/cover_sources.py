"""Asking the sources of covers for one album, each until it has failed too often."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.harvest.circuit_breaker import CircuitBreaker
from kpop_assets.harvest.pictures import stored_picture
from kpop_assets.sites.errors import SiteError
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.matching.album_match import Scored, Wanted
from kpop_assets.sites.records import Note
from kpop_assets.sites.shops.cover_source import CoverSource
from kpop_assets.sites.shops.found_covers import (
    CoverNotFoundError,
    NoSearchResultError,
    SourceFailedError,
)
from kpop_assets.store.artifacts import Store

MOST_CANDIDATES = 3


@dataclass(frozen=True)
class Lookup:
    """What a source gave for an album: columns of a cover, or the error that says why not."""

    source: CoverSource
    cover: dict[str, object] | None = None
    error: CoverNotFoundError | SourceFailedError | None = None

    @property
    def failed(self) -> bool:
        """Whether the source could not be asked or understood."""
        return isinstance(self.error, SourceFailedError)

    @property
    def empty(self) -> bool:
        """Whether its search found nothing."""
        return isinstance(self.error, NoSearchResultError)

    @property
    def candidates(self) -> tuple[Scored, ...]:
        """Albums that it has and that do not fit well enough, best first."""
        return self.error.candidates if isinstance(self.error, CoverNotFoundError) else ()


@dataclass(frozen=True)
class CoverLookup:
    """Looks for covers with one session, and stores them.

    `note` is called, in several threads, with what of the answers was left out.
    """

    session: SiteSession
    store: Store
    breaker: CircuitBreaker
    note: Note

    def at(self, source: CoverSource, wanted: Wanted) -> Lookup:
        """Look for the album at one source."""
        try:
            with self.breaker.guarded(source.name):
                cover = source.find_cover(self.session, wanted, self.note)
            comment = f"kpop_assets {self.session.sites}"
            picture = stored_picture(self.store, cover.content, comment)
        except CoverNotFoundError as error:
            return Lookup(source, error=error)
        except (SiteError, UnreadablePictureError) as cause:
            why = cause.reason if isinstance(cause, UnreadablePictureError) else str(cause)
            failure = SourceFailedError(source.name, why)
            failure.__cause__, failure.may_pass = cause, cause.may_pass
            return Lookup(source, error=failure)
        now = datetime.now(UTC)
        return Lookup(
            source,
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
            },
        )

    def first_of(self, sources: Iterable[CoverSource], wanted: Wanted) -> list[Lookup]:
        """Look at the sources in turn, up to the first that has a cover."""
        lookups: list[Lookup] = []
        for source in sources:
            lookups.append(self.at(source, wanted))
            if lookups[-1].cover:
                break
        return lookups


def reasons(lookups: Iterable[Lookup]) -> str:
    """Return why the sources have no cover, by name."""
    return "; ".join(f"{each.source.name}: {each.error}" for each in lookups if each.error)


def candidates_json(candidates: Sequence[Scored]) -> str | None:
    """Return the best candidates as JSON for a column, None without any."""
    best = [
        {
            "album_id": each.candidate.album_id,
            "artist": each.candidate.artist,
            "title": each.candidate.title,
            "score": round(each.match.score, 2),
            "reason": each.match.reason,
        }
        for each in candidates[:MOST_CANDIDATES]
    ]
    return json.dumps(best, ensure_ascii=False) if best else None
