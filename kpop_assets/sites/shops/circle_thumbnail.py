"""The chart's own thumbnail of an album: small, and the last resort."""

from __future__ import annotations

from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.matching.album_match import Match, Wanted
from kpop_assets.sites.shops.found_covers import CoverNotFoundError, FoundCover, fetch_picture

CHART_PAGE = "https://circlechart.kr/page_chart/album.circle"
BELONGS_TO_ENTRY = Match(1.0, "the chart's own thumbnail of the entry", exact=True)


def find_cover(session: SiteSession, wanted: Wanted, address: str | None) -> FoundCover:
    """The picture at the thumbnail's address, as it is.

    Raises CoverNotFoundError without an address or picture, SiteUnreachableError.
    """
    if not address:
        raise CoverNotFoundError("the chart names no thumbnail")
    picture = fetch_picture(session, [session.live_address(address)], {"Referer": CHART_PAGE})
    return FoundCover(
        source="circle",
        content=picture.content,
        image_address=session.source_address(picture.url),
        page_address=session.source_address(CHART_PAGE),
        album_id="",
        matched_artist=wanted.artist,
        matched_title=wanted.title,
        match=BELONGS_TO_ENTRY,
        validator=picture.validator,
    )
