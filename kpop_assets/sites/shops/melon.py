"""Album covers from melon.com: search, choose the album, read its page, get the largest picture.

All that this module relies on, as public collectors saw it work:

* Melon answers HTTP 406 to clients without a browser-like User-Agent.
* Search page ``SEARCH_ADDRESS?q=...``: one ``RESULT`` element per album with a link
  ``javascript:melon.link.goAlbumDetail('10486847');``, a title link and an artist cell whose
  ``title`` attributes end in " - 페이지 이동" (go to page). The class really is spelled
  "atistname". Without results the page says "검색결과가 없습니다" (there is no search result).
* Album page ``ALBUM_ADDRESS?albumId=...``: title in ``div.song_name`` and artist in
  ``div.artist``, each may follow a hidden label in ``<strong>``; picture in ``div.thumb img``.
* The date of a result is in ``dd.wrap_btn span.cnt_view`` as 2020.09.07; it may be missing.
* Pictures stand on cdnimg.melon.co.kr as ``PATH_500.jpg``, then an optional ``?<hash>`` and
  processing such as ``/melon/resize/282/quality/80/optimize``. ``PATH_1000.jpg`` exists for some
  albums, and for the others answers 403 or 404. An album without a picture shows
  ``/resource/image/web/default/noAlbum_500_160727.jpg``, or an address that ends at the host.
"""

from __future__ import annotations

import re
from dataclasses import replace

from selectolax.lexbor import LexborNode

from kpop_assets.sites.html_pages import MAX_PAGE_BYTES, parsed_page
from kpop_assets.sites.http.session import PageFormatError, SiteSession
from kpop_assets.sites.json_answers import MOST_ADDRESS_LETTERS, year_of
from kpop_assets.sites.matching.album_match import Candidate, Match, Scored, Wanted, match
from kpop_assets.sites.matching.settled_albums import NONE
from kpop_assets.sites.records import Note, good_records, ignored, name_of, shown
from kpop_assets.sites.shops.cover_source import CoverSource
from kpop_assets.sites.shops.found_covers import (
    ABSENT_STATUSES,
    MOST_RESULTS,
    CoverNotFoundError,
    FoundCover,
    best_cover,
)

SEARCH_ADDRESS = "https://www.melon.com/search/album/index.htm"
ALBUM_ADDRESS = "https://www.melon.com/album/detail.htm"

RESULT_LIST = "div.d_album_list"
RESULT = "div.d_album_list li"
RESULT_TITLE = "div.atist_info dt a.ellipsis, div.atist_info dt a"
RESULT_ARTIST = "dd.atistname"
RESULT_DATE = "dd.wrap_btn .cnt_view"
NO_RESULT = re.compile(r"검색\s*결과가\s*없습니다")
ALBUM_ID = re.compile(r"goAlbumDetail\('([0-9]{1,12})'\)")
GO_TO_PAGE = " - 페이지 이동"
PAGE_TITLE, PAGE_ARTIST, PAGE_LABEL = "div.song_name", "div.artist", "strong"
PAGE_PICTURE = "div.thumb img"
PICTURE_PATH = re.compile(
    r"(https?://cdnimg\.melon\.co\.kr/.+?)_\d+\.(jpg|jpeg|png)", re.IGNORECASE
)
DEFAULT_PICTURE = re.compile(r"noAlbum|/image/web/default/|melon\.co\.kr/?$", re.IGNORECASE)
PICTURE_WIDTHS = (1000, 500)


class Melon(CoverSource):
    """Melon: the largest picture of the best album whose page shows the album, too."""

    name = "melon"
    title = "Melon"

    def find_cover(self, session: SiteSession, wanted: Wanted, note: Note = ignored) -> FoundCover:
        """The cover of the album that melon_albums.csv names, else of the best of a search."""
        if wanted.settled == NONE:
            raise CoverNotFoundError("melon_albums.csv says that Melon has none")
        if wanted.settled:
            album, page = self._album_page(session, wanted.settled)
            found = match(wanted, album)
            settled = Match(found.score, f"named in melon_albums.csv ({found.reason})", found.exact)
            return self._cover(session, Scored(album, settled), page)
        answer = session.get(
            SEARCH_ADDRESS,
            params={"q": f"{wanted.artist} {wanted.title}"},
            headers=self.picture_headers(session),
            max_bytes=MAX_PAGE_BYTES,
        ).require_ok()

        def cover_of(scored: Scored) -> FoundCover:
            result = scored.candidate
            album, page = self._album_page(session, result.album_id)
            on_page = Scored(album, match(wanted, replace(album, year=result.year)))
            difference = None
            if (album.artist, album.title) != (result.artist, result.title):
                difference = (
                    f"the search names {result.artist}, {result.title}; the page shows "
                    f"{album.artist}, {album.title}"
                )
            if not on_page.match.good_enough:
                raise CoverNotFoundError(f"{difference} ({on_page.match.reason})", [on_page])
            return self._cover(session, on_page, page, difference)

        results = parse_search_page(answer.text, session.source_address(answer.url), note)
        return best_cover(results, wanted, cover_of)

    def picture_headers(self, session: SiteSession) -> dict[str, str]:
        """Return those of a browser that comes from Melon."""
        return {**session.browser_headers, "Referer": "https://www.melon.com/"}

    def still_fits(self, wanted: Wanted, found: Candidate) -> bool:
        """Return whether it is the album that was settled, else whether it fits."""
        if wanted.settled:
            return wanted.settled == found.album_id
        return super().still_fits(wanted, found)

    def _album_page(self, session: SiteSession, album_id: str) -> tuple[Candidate, str]:
        page = session.get(
            ALBUM_ADDRESS,
            params={"albumId": album_id},
            headers=self.picture_headers(session),
            max_bytes=MAX_PAGE_BYTES,
        )
        if page.status in ABSENT_STATUSES:
            raise CoverNotFoundError(f"the page of album {album_id} answers HTTP {page.status}")
        page_address = session.source_address(page.url)
        return parse_album_page(page.require_ok().text, page_address, album_id), page_address

    def _cover(
        self, session: SiteSession, scored: Scored, page: str, note: str | None = None
    ) -> FoundCover:
        addresses = _picture_addresses(scored.candidate.picture, page)
        return self._fetched(session, scored, addresses, page, note)


def parse_search_page(html: str, page: str, note: Note = ignored) -> list[Candidate]:
    """The albums of a search page in its order, with years; empty when Melon says so.

    Results that are broken are left out, and noted. Raises PageFormatError when the page holds
    neither albums nor the words for no result, or results and no good one.
    """
    items = parsed_page(html, page).css(RESULT)
    if NO_RESULT.search(html) and not ALBUM_ID.search(html):
        return []
    if not items:
        raise PageFormatError(
            page,
            f"albums in {RESULT_LIST} or the words 검색결과가 없습니다",
            f"a page of {len(html):,} characters with neither",
        )
    if len(items) > MOST_RESULTS:
        note(
            f"{page}: {len(items) - MOST_RESULTS:,} results after the first {MOST_RESULTS} were "
            "left out"
        )
    return good_records(items[:MOST_RESULTS], lambda item: _result(item, page), page, note)


def parse_album_page(html: str, page: str, album_id: str) -> Candidate:
    """Title, artist and picture address, as it stands, of an album page; raises PageFormatError."""
    tree = parsed_page(html, page)
    title, artist = tree.css_first(PAGE_TITLE), tree.css_first(PAGE_ARTIST)
    picture = tree.css_first(PAGE_PICTURE)
    for selector, node in ((PAGE_TITLE, title), (PAGE_ARTIST, artist), (PAGE_PICTURE, picture)):
        if node is None:
            raise PageFormatError(page, selector, "a page without it")
    assert title is not None
    assert artist is not None
    assert picture is not None
    for label in (*title.css(PAGE_LABEL), *artist.css(PAGE_LABEL)):
        label.decompose()
    address = picture.attributes.get("src") or ""
    if len(address) > MOST_ADDRESS_LETTERS:
        raise PageFormatError(page, f"an address at {PAGE_PICTURE}", shown(address))
    return Candidate(
        album_id=album_id,
        artist=name_of(_joined_text(artist), page, PAGE_ARTIST),
        title=name_of(_joined_text(title), page, PAGE_TITLE),
        picture=address,
    )


def _result(item: LexborNode, page: str) -> Candidate:
    album_id = ALBUM_ID.search(item.html or "")
    if album_id is None:
        raise PageFormatError(page, f"goAlbumDetail('...') in every {RESULT}", "none")
    artist, title = (
        name_of(_attribute_or_text(item.css_first(selector)), page, selector)
        for selector in (RESULT_ARTIST, RESULT_TITLE)
    )
    return Candidate(album_id.group(1), artist, title, _year(item))


def _picture_addresses(address: str, page: str) -> list[str]:
    if not address or DEFAULT_PICTURE.search(address):
        raise CoverNotFoundError("Melon shows its default picture")
    path = PICTURE_PATH.match(address)
    if path is None:
        raise PageFormatError(
            page, "a picture address as https://cdnimg.melon.co.kr/.._500.jpg", shown(address)
        )
    return [f"{path.group(1)}_{width}.{path.group(2)}" for width in PICTURE_WIDTHS]


def _year(item: LexborNode) -> int | None:
    date = item.css_first(RESULT_DATE)
    return year_of(_joined_text(date)) if date else None


def _attribute_or_text(node: LexborNode | None) -> str:
    if node is None:
        return ""
    titled = node if node.attributes.get("title") else node.css_first("[title]")
    text = (titled.attributes.get("title") if titled else None) or _joined_text(node)
    return text.removesuffix(GO_TO_PAGE).strip()


def _joined_text(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())
