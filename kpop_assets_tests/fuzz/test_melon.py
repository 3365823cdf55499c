"""Pages of Melon, damaged: named errors, or albums within bounds."""

from contextlib import suppress

from hypothesis import given

from kpop_assets.sites.errors import SiteError
from kpop_assets.sites.http.session import SiteResponse
from kpop_assets.sites.shops.found_covers import MOST_RESULTS
from kpop_assets.sites.shops.melon import parse_album_page, parse_search_page
from kpop_assets_tests.fuzz.bounds import require_name, require_sentences
from kpop_assets_tests.fuzz.mutations import damaged

RESULT = """<li class="album11_li"><div class="atist_info"><dl><dt>
<a href="javascript:melon.link.goAlbumDetail('10486847');" class="ellipsis"
 title="촉(Choke) &amp; more - 페이지 이동">촉</a></dt>
<dd class="atistname"><a title="원위 (ONEWE) - 페이지 이동">원위</a></dd>
<dd class="wrap_btn"><span class="cnt_view">2020.09.07</span></dd></dl></div></li>"""
SEARCH = f'<div class="list_album11 d_album_list"><ul>{RESULT * 2}</ul></div>'
NOTHING = "<p>'x'에 대한 검색결과가 없습니다.</p>"
ALBUM = """<div class="song_name"><strong class="none">앨범명</strong> 촉(Choke) </div>
<div class="artist"><a class="artist_name"><span>원위</span></a></div>
<div class="thumb"><a><img src="https://cdnimg.melon.co.kr/a_500.jpg"></a></div>"""


def text_of(content: bytes) -> str:
    return SiteResponse(200, content, "page").text


@given(damaged([SEARCH.encode(), SEARCH.encode("cp949"), NOTHING.encode()]))
def test_a_damaged_search_page_is_a_named_error_or_albums_within_bounds(content: bytes) -> None:
    notes: list[str] = []
    with suppress(SiteError):
        albums = parse_search_page(text_of(content), "page", notes.append)
        assert len(albums) <= MOST_RESULTS
        for album in albums:
            require_name(album.artist)
            require_name(album.title)
            assert album.album_id.isascii()
            assert album.album_id.isdigit()
            assert len(album.album_id) <= 12
            assert album.year is None or 1900 <= album.year <= 2100
    require_sentences(notes)


@given(damaged([ALBUM.encode(), ALBUM.encode("cp949")]))
def test_a_damaged_album_page_is_a_named_error_or_names_within_bounds(content: bytes) -> None:
    with suppress(SiteError):
        album = parse_album_page(text_of(content), "page", "1")
        require_name(album.artist)
        require_name(album.title)
