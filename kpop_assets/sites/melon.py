"""Album covers from melon.com: search, choose the album, read its page, get the largest picture.

All that this module relies on, as public collectors saw it work:

* Melon answers HTTP 406 to clients without a browser-like User-Agent.
* Search page ``SEARCH_ADDRESS?q=...``: one ``RESULT`` element per album with a link
  ``javascript:melon.link.goAlbumDetail('10486847');``, a title link and an artist cell whose
  ``title`` attributes end in " - 페이지 이동" (go to page). The class really is spelled
  "atistname". Without results the page says "검색결과가 없습니다" (there is no search result).
* Album page ``ALBUM_ADDRESS?albumId=...``: title in ``div.song_name`` and artist in
  ``div.artist``, each may follow a hidden label in ``<strong>``; picture in ``div.thumb img``.
* Pictures stand on cdnimg.melon.co.kr as ``PATH_500.jpg``, then an optional ``?<hash>`` and
  processing such as ``/melon/resize/282/quality/80/optimize``. ``PATH_1000.jpg`` exists for some
  albums, and for the others answers 403 or 404. An album without a picture shows
  ``/resource/image/web/default/noAlbum_500_160727.jpg``, or an address that ends at the host.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from selectolax.lexbor import LexborHTMLParser, LexborNode

from kpop_assets.sites.session import (
    PageFormatError,
    SiteError,
    SiteResponse,
    SiteSession,
)
from kpop_assets.sites.titles import (
    same_artist,
    same_title,
    split_version_remark,
    title_similarity,
)

SEARCH_ADDRESS = "https://www.melon.com/search/album/index.htm"
ALBUM_ADDRESS = "https://www.melon.com/album/detail.htm"
REFERER = {"Referer": "https://www.melon.com/"}
MAX_PAGE_BYTES = 4 * 2**20

RESULT_LIST = "div.d_album_list"
RESULT = "div.d_album_list li"
RESULT_TITLE = "div.atist_info dt a.ellipsis, div.atist_info dt a"
RESULT_ARTIST = "dd.atistname"
NO_RESULT = re.compile(r"검색\s*결과가\s*없습니다")
ALBUM_ID = re.compile(r"goAlbumDetail\('(\d+)'\)")
GO_TO_PAGE = " - 페이지 이동"
PAGE_TITLE, PAGE_ARTIST, PAGE_LABEL = "div.song_name", "div.artist", "strong"
PAGE_PICTURE = "div.thumb img"
PICTURE_PATH = re.compile(
    r"(https?://cdnimg\.melon\.co\.kr/.+?)_\d+\.(jpg|jpeg|png)", re.IGNORECASE
)
DEFAULT_PICTURE = re.compile(r"noAlbum|/image/web/default/|melon\.co\.kr/?$", re.IGNORECASE)
PICTURE_WIDTHS = (1000, 500)
PICTURE_STARTS = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF", b"GIF8")

SIMILAR_ENOUGH = 0.6
"""difflib ratio from which the closest title by the right artist is taken, as not exact."""


class CoverNotFoundError(SiteError):
    """Melon has no usable cover for an album; the message is a short reason for a reader."""


@dataclass(frozen=True)
class MelonCover:
    """A cover as Melon sends it: encoded picture bytes and where they come from.

    `exact` is False where the closest title by the same artist was taken instead of an equal one.
    """

    content: bytes
    image_address: str
    page_address: str
    album_id: str
    matched_artist: str
    matched_title: str
    exact: bool


@dataclass(frozen=True)
class SearchResult:
    """One album of a search page."""

    album_id: str
    artist: str
    title: str


@dataclass(frozen=True)
class AlbumPage:
    """What is read from an album page; `picture` is the address in the page, as it stands."""

    artist: str
    title: str
    picture: str


def find_cover(
    session: SiteSession, artist: str, album: str, *, artist_aliases: Sequence[str] = ()
) -> MelonCover:
    """The largest cover that Melon has for an album of the chart.

    The version remark of `album` ("(Kiss Ver.)") is left out of search and comparison; other
    spellings of the artist may be given as aliases.

    Raises CoverNotFoundError with a short reason, PageFormatError, SiteUnreachableError.
    """
    title, _ = split_version_remark(album)
    search = session.get(
        SEARCH_ADDRESS,
        params={"q": f"{artist} {title}"},
        headers={**session.browser_headers, **REFERER},
        max_bytes=MAX_PAGE_BYTES,
    ).require_ok()
    results = parse_search_page(search.text, session.source_address(search.url))
    best, exact = best_match(results, (artist, *artist_aliases), title)
    page = session.get(
        ALBUM_ADDRESS,
        params={"albumId": best.album_id},
        headers={**session.browser_headers, **REFERER},
        max_bytes=MAX_PAGE_BYTES,
    ).require_ok()
    page_address = session.source_address(page.url)
    shown = parse_album_page(page.text, page_address)
    picture = _largest_picture(session, shown.picture, page_address)
    return MelonCover(
        content=picture.content,
        image_address=session.source_address(picture.url),
        page_address=page_address,
        album_id=best.album_id,
        matched_artist=shown.artist,
        matched_title=shown.title,
        exact=exact,
    )


def parse_search_page(html: str, page: str) -> list[SearchResult]:
    """The albums of a search page, best first; empty when Melon says so.

    Raises PageFormatError when the page holds neither albums nor the words for no result.
    """
    tree = LexborHTMLParser(html)
    results = []
    for item in tree.css(RESULT):
        album_id = ALBUM_ID.search(item.html or "")
        title = _attribute_or_text(item.css_first(RESULT_TITLE))
        artist = _attribute_or_text(item.css_first(RESULT_ARTIST))
        missing = [
            what
            for what, found in (
                ("goAlbumDetail('...')", album_id),
                (RESULT_TITLE, title),
                (RESULT_ARTIST, artist),
            )
            if not found
        ]
        if missing or album_id is None:
            raise PageFormatError(page, f"{' and '.join(missing)} in every {RESULT}", "none")
        results.append(SearchResult(album_id.group(1), artist, title))
    if not results and not NO_RESULT.search(html):
        raise PageFormatError(
            page,
            f"albums in {RESULT_LIST} or the words 검색결과가 없습니다",
            f"a page of {len(html):,} characters with neither",
        )
    return results


def best_match(
    results: Sequence[SearchResult], artists: Sequence[str], title: str
) -> tuple[SearchResult, bool]:
    """The result to take, and whether its title is the same.

    By the artist and of the same title, in Melon's order; else the most similar title by the
    artist, from SIMILAR_ENOUGH on. Raises CoverNotFoundError.
    """
    if not results:
        raise CoverNotFoundError("no search result")
    by_artist = [r for r in results if any(same_artist(r.artist, artist) for artist in artists)]
    if not by_artist:
        raise CoverNotFoundError(f"{_counted(results)}, none by this artist")
    titles = {r: split_version_remark(r.title)[0] for r in by_artist}
    for result in by_artist:
        if same_title(titles[result], title):
            return result, True
    closest = max(by_artist, key=lambda r: title_similarity(titles[r], title))
    if title_similarity(titles[closest], title) < SIMILAR_ENOUGH:
        raise CoverNotFoundError(
            f"{_counted(by_artist)} by this artist, none with a similar title "
            f"(closest: {closest.title})"
        )
    return closest, False


def parse_album_page(html: str, page: str) -> AlbumPage:
    """Title, artist and picture address of an album page; raises PageFormatError."""
    tree = LexborHTMLParser(html)
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
    return AlbumPage(
        artist=_joined_text(artist),
        title=_joined_text(title),
        picture=picture.attributes.get("src") or "",
    )


def _largest_picture(session: SiteSession, shown: str, page: str) -> SiteResponse:
    if not shown or DEFAULT_PICTURE.search(shown):
        raise CoverNotFoundError("Melon shows its default picture")
    path = PICTURE_PATH.match(shown)
    if path is None:
        raise PageFormatError(
            page, "a picture address as https://cdnimg.melon.co.kr/.._500.jpg", shown
        )
    came = ""
    for width in PICTURE_WIDTHS:
        address = f"{path.group(1)}_{width}.{path.group(2)}"
        picture = session.get(address, headers={**session.browser_headers, **REFERER})
        if picture.status == 200 and picture.content.startswith(PICTURE_STARTS):
            return picture
        came = f"HTTP {picture.status}" if picture.status != 200 else "not a picture"
    raise CoverNotFoundError(f"picture could not be read: {came}")


def _attribute_or_text(node: LexborNode | None) -> str:
    if node is None:
        return ""
    titled = node if node.attributes.get("title") else node.css_first("[title]")
    text = (titled.attributes.get("title") if titled else None) or _joined_text(node)
    return text.removesuffix(GO_TO_PAGE).strip()


def _joined_text(node: LexborNode) -> str:
    return " ".join(node.text(separator=" ").split())


def _counted(results: Sequence[SearchResult]) -> str:
    return f"{len(results)} result{'' if len(results) == 1 else 's'}"
