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
from dataclasses import dataclass

from selectolax.lexbor import LexborNode

from kpop_assets.sites.html_pages import MAX_PAGE_BYTES, parsed_page
from kpop_assets.sites.http.session import PageFormatError, SiteSession
from kpop_assets.sites.json_answers import MOST_ADDRESS_LETTERS, year_of
from kpop_assets.sites.matching.album_match import Candidate, Match, Scored, Wanted, match
from kpop_assets.sites.records import Note, good_records, ignored, name_of, shown
from kpop_assets.sites.shops.found_covers import (
    ABSENT_STATUSES,
    MOST_RESULTS,
    CoverNotFoundError,
    FoundCover,
    chosen,
    fetch_picture,
    first_cover,
)

SEARCH_ADDRESS = "https://www.melon.com/search/album/index.htm"
ALBUM_ADDRESS = "https://www.melon.com/album/detail.htm"
REFERER = {"Referer": "https://www.melon.com/"}

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


@dataclass(frozen=True)
class AlbumPage:
    """What is read from an album page; `picture` is the address in the page, as it stands."""

    artist: str
    title: str
    picture: str


def find_cover(session: SiteSession, wanted: Wanted, note: Note = ignored) -> FoundCover:
    """The largest cover that Melon has for an album of the chart.

    Of the albums that fit well enough the first whose page shows the album, too, and has a picture.
    Raises CoverNotFoundError with a short reason, PageFormatError, SiteUnreachableError.
    """
    search = session.get(
        SEARCH_ADDRESS,
        params={"q": f"{wanted.artist} {wanted.title}"},
        headers=_headers(session),
        max_bytes=MAX_PAGE_BYTES,
    ).require_ok()
    results = parse_search_page(search.text, session.source_address(search.url), note)
    good = chosen(results, wanted)

    def cover_of(scored: Scored) -> FoundCover:
        said = scored.candidate
        album, page_address = _album_page(session, said.album_id)
        page_album = Candidate(said.album_id, album.artist, album.title, said.year)
        on_page = match(wanted, page_album)
        difference = None
        if (album.artist, album.title) != (said.artist, said.title):
            difference = (
                f"the search said {said.artist}, {said.title}; the page shows "
                f"{album.artist}, {album.title}"
            )
        if not on_page.good_enough:
            reason = f"{difference} ({on_page.reason})"
            raise CoverNotFoundError(reason, [Scored(page_album, on_page)])
        return _cover(session, said.album_id, album, page_address, on_page, difference)

    return first_cover(good, cover_of)


def settled_cover(session: SiteSession, wanted: Wanted, album_id: str) -> FoundCover:
    """The cover of the album that a person named; raises as `find_cover`."""
    album, page_address = _album_page(session, album_id)
    found = match(wanted, Candidate(album_id, album.artist, album.title))
    settled = Match(found.score, f"named in melon_albums.csv ({found.reason})", found.exact)
    return _cover(session, album_id, album, page_address, settled, None)


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


def parse_album_page(html: str, page: str) -> AlbumPage:
    """Title, artist and picture address of an album page; raises PageFormatError."""
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
    return AlbumPage(
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


def _album_page(session: SiteSession, album_id: str) -> tuple[AlbumPage, str]:
    page = session.get(
        ALBUM_ADDRESS,
        params={"albumId": album_id},
        headers=_headers(session),
        max_bytes=MAX_PAGE_BYTES,
    )
    if page.status in ABSENT_STATUSES:
        raise CoverNotFoundError(f"the page of album {album_id} answers HTTP {page.status}")
    page_address = session.source_address(page.url)
    return parse_album_page(page.require_ok().text, page_address), page_address


def _cover(
    session: SiteSession,
    album_id: str,
    album: AlbumPage,
    page_address: str,
    found: Match,
    note: str | None,
) -> FoundCover:
    picture = fetch_picture(
        session, _picture_addresses(album.picture, page_address), _headers(session)
    )
    return FoundCover(
        source="melon",
        content=picture.content,
        image_address=session.source_address(picture.url),
        page_address=page_address,
        album_id=album_id,
        matched_artist=album.artist,
        matched_title=album.title,
        match=found,
        note=note,
        validator=picture.validator,
    )


def _picture_addresses(address: str, page: str) -> list[str]:
    if not address or DEFAULT_PICTURE.search(address):
        raise CoverNotFoundError("Melon shows its default picture")
    path = PICTURE_PATH.match(address)
    if path is None:
        raise PageFormatError(
            page, "a picture address as https://cdnimg.melon.co.kr/.._500.jpg", shown(address)
        )
    return [f"{path.group(1)}_{width}.{path.group(2)}" for width in PICTURE_WIDTHS]


def _headers(session: SiteSession) -> dict[str, str]:
    return {**session.browser_headers, **REFERER}


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
