"""The chart's own thumbnail of an album: small, and the last resort."""

from __future__ import annotations

from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.matching.album_match import Candidate, Match, Scored, Wanted
from kpop_assets.sites.records import Note, ignored
from kpop_assets.sites.shops.cover_source import CoverSource
from kpop_assets.sites.shops.found_covers import CoverNotFoundError, FoundCover

CHART_PAGE = "https://circlechart.kr/page_chart/album.circle"
BELONGS_TO_ENTRY = Match(1.0, "the chart's own thumbnail of the entry", exact=True)


class CircleThumbnail(CoverSource):
    """The picture at `Wanted.thumbnail`, as it is."""

    name = "circle"
    title = "the chart's own thumbnail"
    is_last_resort = True

    def find_cover(self, session: SiteSession, wanted: Wanted, _note: Note = ignored) -> FoundCover:
        """The thumbnail; raises CoverNotFoundError, SiteUnreachableError."""
        if not wanted.thumbnail:
            raise CoverNotFoundError("the chart names no thumbnail")
        entry = Scored(Candidate("", wanted.artist, wanted.title), BELONGS_TO_ENTRY)
        address = session.live_address(wanted.thumbnail)
        return self._fetched(session, entry, [address], session.source_address(CHART_PAGE))

    def picture_headers(self, _session: SiteSession) -> dict[str, str]:
        """The page that shows it."""
        return {"Referer": CHART_PAGE}

    def still_fits(self, _wanted: Wanted, _found: Candidate) -> bool:
        """True: it belongs to the entry."""
        return True
