from io import BytesIO

import pytest
from PIL import Image

from kpop_assets.sites.circle import fetch_year_end_top10
from kpop_assets.sites.melon import (
    CoverNotFoundError,
    SearchResult,
    best_match,
    find_cover,
    parse_album_page,
    parse_search_page,
)
from kpop_assets.sites.session import PageFormatError

PAGE = "https://www.melon.com/search/album/index.htm?q=x"

RESULT = """
<li class="album11_li"><div class="wrap_album04">
 <a href="javascript:melon.link.goAlbumDetail('10486847');" class="thumb"
  title="앨범 - 페이지 이동"><img src="https://cdnimg.melon.co.kr/cm2/album/images/104/86/847/10486847_1_500.jpg"/></a>
 <div class="atist_info"><dl>
  <dt><span class="vdo_name">[EP]</span>
   <a href="javascript:melon.link.goAlbumDetail('10486847');" class="ellipsis"
      title="촉(Choke) &amp; more - 페이지 이동">촉(Choke) &amp; ...</a></dt>
  <dd class="atistname"><div class="ellipsis"><a
   title="원위 (ONEWE) - 페이지 이동">원위</a></div></dd>
  <dd class="wrap_btn"><span class="cnt_view">2020.09.07</span></dd>
 </dl></div></div></li>"""


def search_page(*items: str) -> str:
    return f'<div class="list_album11 d_album_list"><ul>{"".join(items)}</ul></div>'


def album_page(**changes: str) -> str:
    parts = {
        "title": '<div class="song_name"><strong class="none">앨범명</strong> 촉(Choke) </div>',
        "artist": '<div class="artist"><a class="artist_name"><span>원위</span></a></div>',
        "picture": '<div class="thumb"><a><img src="https://cdnimg.melon.co.kr/a_500.jpg"></a></div>',
        **changes,
    }
    return "<body>" + "".join(parts.values()) + "</body>"


def test_a_search_page_gives_id_whole_title_and_artist():
    assert parse_search_page(search_page(RESULT), PAGE) == [
        SearchResult("10486847", "원위 (ONEWE)", "촉(Choke) & more")
    ]


def test_a_search_page_may_say_that_there_is_no_result():
    assert parse_search_page("<p>'x'에 대한 검색결과가 없습니다.</p>", PAGE) == []


@pytest.mark.parametrize(
    ("html", "missing"),
    [
        ("<html>maintenance</html>", "div.d_album_list"),
        (search_page(RESULT.replace("atistname", "artistname")), "dd.atistname"),
        (search_page(RESULT.replace("goAlbumDetail", "open")), "goAlbumDetail"),
    ],
)
def test_an_unknown_search_page_raises_an_error_that_names_page_and_missing_thing(html, missing):
    with pytest.raises(PageFormatError) as raised:
        parse_search_page(html, PAGE)
    assert str(raised.value).startswith(PAGE)
    assert missing in str(raised.value)


def test_an_album_page_gives_title_artist_and_picture_without_hidden_labels():
    page = parse_album_page(album_page(), PAGE)
    assert (page.title, page.artist) == ("촉(Choke)", "원위")
    assert page.picture == "https://cdnimg.melon.co.kr/a_500.jpg"


@pytest.mark.parametrize(
    ("part", "missing"),
    [("title", "div.song_name"), ("artist", "div.artist"), ("picture", "div.thumb img")],
)
def test_an_unknown_album_page_raises_an_error_that_names_the_missing_thing(part, missing):
    with pytest.raises(PageFormatError, match=missing):
        parse_album_page(album_page(**{part: ""}), PAGE)


def result(artist: str, title: str) -> SearchResult:
    return SearchResult("1", artist, title)


def test_the_same_title_by_the_artist_wins_over_a_namesake_before_it():
    results = [result("다른 가수", "Choke"), result("원위", "Studio"), result("원위", "촉(Choke)")]
    assert best_match(results, ["원위"], "Choke") == (results[2], True)


def test_an_alias_of_the_artist_counts():
    results = [result("EXO", "EXODUS")]
    with pytest.raises(CoverNotFoundError, match="1 result, none by this artist"):
        best_match(results, ["엑소"], "EXODUS")
    assert best_match(results, ["엑소", "EXO"], "EXODUS") == (results[0], True)


def test_the_closest_similar_title_is_taken_as_not_exact():
    results = [result("투애니원", "CRUSH"), result("투애니원", "To Anyone")]
    assert best_match(results, ["투애니원"], "1집 To Anyone") == (results[1], False)


def test_no_usable_result_gives_a_short_reason():
    with pytest.raises(CoverNotFoundError, match=r"^no search result$"):
        best_match([], ["원위"], "Choke")
    with pytest.raises(CoverNotFoundError, match=r"^2 results, none by this artist$"):
        best_match([result("A", "Choke"), result("B", "Choke")], ["원위"], "Choke")
    with pytest.raises(CoverNotFoundError, match="none with a similar title"):
        best_match([result("원위", "Studio")], ["원위"], "Choke")


def test_versions_of_an_album_share_one_cover(session):
    kiss, hug = (find_cover(session, "엑소", f"XOXO ({v} Ver.)") for v in ("Kiss", "Hug"))
    assert (kiss.matched_title, kiss.exact) == ("XOXO", True)
    assert kiss == hug


def test_the_largest_picture_is_taken_and_its_address_marked_as_sample(site, session):
    large = next(a for a in site.albums if 1000 in a.widths)
    small = next(a for a in site.albums if a.widths == (500,))
    for album, width in ((large, 1000), (small, 500)):
        cover = find_cover(session, album.chart_artist, album.title)
        assert cover.album_id == album.album_id
        assert Image.open(BytesIO(cover.content)).size == (width, width)
        assert cover.image_address == (
            f"sample://cdnimg.melon.co.kr{album.picture_path}_{width}.jpg"
        )
        assert cover.page_address.endswith(f"album/detail.htm?albumId={album.album_id}")


def test_four_albums_of_the_sample_chart_have_no_cover_each_for_its_own_reason(session):
    reasons = {
        ("엑스원", "비상 : QUANTUM LEAP"): "no search result",
        ("조용필", "19집 Hello"): "1 result, none by this artist",
        ("JYJ", "JUST US"): "2 results by this artist, none with a similar title",
        ("비원에이포", "WHO AM I"): "Melon shows its default picture",
    }
    for (artist, album), reason in reasons.items():
        with pytest.raises(CoverNotFoundError, match=reason):
            find_cover(session, artist, album)


def test_a_picture_that_is_gone_gives_its_status(site, session, monkeypatch):
    album = site.albums[0]
    monkeypatch.delitem(site._album_by_path, album.picture_path)
    with pytest.raises(CoverNotFoundError, match="picture could not be read: HTTP 404"):
        find_cover(session, album.chart_artist, album.title)


@pytest.mark.slow
def test_every_other_album_of_the_sample_chart_is_found_exactly(session):
    missing = 0
    for year in range(2010, 2026):
        for row in fetch_year_end_top10(session, year):
            try:
                assert find_cover(session, row.artist, row.album).exact
            except CoverNotFoundError:
                missing += 1
    assert missing == 4
