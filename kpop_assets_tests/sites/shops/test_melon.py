from contextlib import suppress
from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kpop_assets.sample_world import pages
from kpop_assets.sample_world.answers import HTML, Answer
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sites.http.session import PageFormatError, SiteUnreachableError
from kpop_assets.sites.matching.album_match import Candidate, Wanted
from kpop_assets.sites.matching.titles import split_version_remark
from kpop_assets.sites.shops.found_covers import CoverNotFoundError
from kpop_assets.sites.shops.melon import Melon, parse_album_page, parse_search_page

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


def test_a_search_page_gives_id_whole_title_artist_and_year():
    assert parse_search_page(search_page(RESULT), PAGE) == [
        Candidate("10486847", "원위 (ONEWE)", "촉(Choke) & more", 2020)
    ]


def test_a_search_result_may_lack_its_date():
    [result] = parse_search_page(search_page(RESULT.replace("2020.09.07", "")), PAGE)
    assert result.year is None


def test_a_search_page_may_say_that_there_is_no_result():
    assert parse_search_page("<p>'x'에 대한 검색결과가 없습니다.</p>", PAGE) == []


@pytest.mark.parametrize(
    ("old", "new", "missing"),
    [
        ("goAlbumDetail", "goAlbum", "goAlbumDetail"),
        ("10486847", "1" * 5_000, "goAlbumDetail"),
        ("atistname", "artistname", "a name at dd.atistname"),
        ("atist_info", "info", "a name at div.atist_info"),
        ("촉(Choke)", "촉" * 301, "a name of at most 300 letters"),
        ("원위 (ONEWE) - 페이지 이동", "\ufffd", "a name at dd.atistname"),
    ],
)
def test_a_broken_result_is_left_out_and_named_and_the_others_kept(old, new, missing):
    assert old in RESULT
    notes: list[str] = []
    found = parse_search_page(search_page(RESULT.replace(old, new), RESULT), PAGE, notes.append)
    assert found == parse_search_page(search_page(RESULT), PAGE)
    assert "1 of 2 records were left out" in notes[0]
    assert missing in notes[0]


def test_results_after_the_first_hundred_are_left_out_and_counted():
    notes: list[str] = []
    assert len(parse_search_page(search_page(*[RESULT] * 130), PAGE, notes.append)) == 100
    assert notes == [f"{PAGE}: 30 results after the first 100 were left out"]


def test_an_item_that_says_there_is_no_result_is_no_broken_result():
    assert parse_search_page(search_page("<li>검색결과가 없습니다.</li>"), PAGE) == []


@pytest.mark.parametrize("text", ["", "x" * 900_000, "\ufffd"])
def test_an_album_page_without_a_usable_name_is_refused(text):
    with pytest.raises(PageFormatError, match=r"div\.song_name"):
        parse_album_page(album_page(title=f'<div class="song_name">{text}</div>'), PAGE, "1")


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
    page = parse_album_page(album_page(), PAGE, "1")
    assert (page.title, page.artist) == ("촉(Choke)", "원위")
    assert page.picture == "https://cdnimg.melon.co.kr/a_500.jpg"


@pytest.mark.parametrize(
    ("part", "missing"),
    [("title", "div.song_name"), ("artist", "div.artist"), ("picture", "div.thumb img")],
)
def test_an_unknown_album_page_raises_an_error_that_names_the_missing_thing(part, missing):
    with pytest.raises(PageFormatError, match=missing):
        parse_album_page(album_page(**{part: ""}), PAGE, "1")


FRAGMENTS = st.sampled_from(
    [*"<>/='\"&;", "div", "li", " class=", "d_album_list", "song_name", "artist", "thumb", "img",
     " src=", "goAlbumDetail('1')", "atist_info", "atistname", "<dt>", "<dd>", "<a title=",
     "검색결과가 없습니다", "<!--", "&#0;", "\x00", "<template>", "<svg>", RESULT]
)  # fmt: skip
html = st.one_of(
    st.text(),
    st.lists(FRAGMENTS, max_size=40).map("".join),
    st.binary().map(lambda b: b.decode("cp949", "replace")),
)


@given(html)
def test_any_text_is_a_search_page_or_raises_the_named_error(text):
    with suppress(PageFormatError):
        for result in parse_search_page(text, PAGE):
            assert result.album_id.isdigit()
            assert result.artist
            assert result.title


@given(html)
def test_any_text_is_an_album_page_or_raises_the_named_error(text):
    with suppress(PageFormatError):
        assert isinstance(parse_album_page(text, PAGE, "1").picture, str)


def wanted_of(album, **changes) -> Wanted:
    return Wanted(album.chart_artist, changes.get("title", album.title), album.year)


def test_versions_of_an_album_share_one_cover(session):
    kiss, hug = (
        Melon().find_cover(session, Wanted("엑소", f"XOXO ({v} Ver.)")) for v in ("Kiss", "Hug")
    )
    assert (kiss.matched_title, kiss.match.exact) == ("XOXO", True)
    assert kiss == hug


def test_the_largest_picture_is_taken_and_its_address_marked_as_sample(site, session):
    large = next(a for a in site.albums if 1000 in a.widths)
    small = next(a for a in site.albums if a.widths == (500,))
    for album, width in ((large, 1000), (small, 500)):
        cover = Melon().find_cover(session, wanted_of(album))
        assert cover.album_id == album.album_id
        assert Image.open(BytesIO(cover.content)).size == (width, width)
        assert cover.image_address == (
            f"sample://cdnimg.melon.co.kr{album.picture_path}_{width}.jpg"
        )
        assert cover.page_address.endswith(f"album/detail.htm?albumId={album.album_id}")
        assert cover.validator.etag


def test_four_albums_of_the_sample_chart_have_no_cover_each_for_its_own_reason(session):
    reasons = {
        ("엑스원", "비상 : QUANTUM LEAP"): "no search result",
        ("조용필", "19집 Hello"): "1 result, none close enough .* another artist",
        ("JYJ", "JUST US"): "3 results, none close enough .* another artist",
        ("비원에이포", "WHO AM I"): "Melon shows its default picture",
    }
    for (artist, album), reason in reasons.items():
        with pytest.raises(CoverNotFoundError, match=reason):
            Melon().find_cover(session, Wanted(artist, album))


def test_an_album_below_the_threshold_comes_with_the_candidates_and_their_scores(session):
    with pytest.raises(CoverNotFoundError) as raised:
        Melon().find_cover(session, Wanted("JYJ", "JUST US"))
    scored = raised.value.candidates
    assert [each.candidate.title for each in scored] == [
        "JUST US",
        "The Beginning",
        "2집 In Heaven",
    ]
    assert [each.match.score for each in scored] == sorted(
        (each.match.score for each in scored), reverse=True
    )


def test_the_part_that_melon_lacks_is_not_replaced_by_another_part(session):
    cover = Melon().find_cover(session, Wanted("방탄소년단", "화양연화 pt.1"))
    assert cover.matched_title == "화양연화 pt.1"
    with pytest.raises(CoverNotFoundError, match=r"another part: [12], not 3"):
        Melon().find_cover(session, Wanted("방탄소년단", "화양연화 pt.3"))


def test_a_picture_that_is_gone_gives_its_status(site, session, monkeypatch):
    album = site.albums[0]
    monkeypatch.delitem(site._album_by_path, album.picture_path)
    with pytest.raises(CoverNotFoundError, match="picture could not be read: HTTP 404"):
        Melon().find_cover(session, wanted_of(album))


@pytest.fixture
def fault(site):
    yield site.faults.append
    site.faults.clear()


def test_a_picture_host_that_sends_web_pages_failed(site, session, fault):
    fault(Fault("cdnimg.melon.co.kr", "error page with 200"))
    with pytest.raises(SiteUnreachableError, match="expected a picture, but not a picture came"):
        Melon().find_cover(session, wanted_of(site.albums[0]))


def melon_with(site, monkeypatch, changed: dict[str, str]) -> None:
    """Lets album pages show another album: the keys' pages show the values' albums."""
    right = site._melon

    def melon(request):
        shown = changed.get(request.query.get("albumId", ""))
        if shown:
            return Answer(pages.melon_album_page(site._album_by_id[shown]).encode(), HTML)
        return right(request)

    monkeypatch.setitem(site._hosts, "www.melon.com", melon)


def test_a_page_that_shows_another_album_than_the_search_said_is_refused_and_named(
    site, session, monkeypatch
):
    album, other = site.albums[0], site.albums[1]
    melon_with(site, monkeypatch, {album.album_id: other.album_id})
    with pytest.raises(CoverNotFoundError, match=f"the page shows {other.artist}") as raised:
        Melon().find_cover(session, wanted_of(album))
    assert raised.value.candidates


def test_the_next_candidate_is_tried_when_the_best_has_no_picture(site, session, monkeypatch):
    right = site._melon
    other = next(a for a in site.albums if a.title == "The Boys")
    twin = (
        pages.melon_search_page("q", [next(a for a in site.albums if a.default_picture), other])
        .replace("비원에이포", "소녀시대")
        .replace("WHO AM I", "The Boys")
        .replace("(B1A4)", "")
    )
    monkeypatch.setitem(
        site._hosts,
        "www.melon.com",
        lambda request: Answer(twin.encode(), HTML) if "search" in request.path else right(request),
    )
    assert Melon().find_cover(session, wanted_of(other)).album_id == other.album_id


def test_a_slightly_different_page_is_taken_with_a_note(site, session, monkeypatch):
    album = next(a for a in site.albums if a.title == "The Boys")
    right = site._melon

    def melon(request):
        answer = right(request)
        if request.path == "/album/detail.htm":
            body = answer.body.decode().replace(
                f"</strong> {album.title}", f"</strong> {album.title} - The 3rd Album"
            )
            return Answer(body.encode(), HTML)
        return answer

    monkeypatch.setitem(site._hosts, "www.melon.com", melon)
    cover = Melon().find_cover(session, wanted_of(album))
    assert cover.note is not None
    assert "the page shows" in cover.note
    assert "The 3rd Album" in cover.note


def test_a_settled_album_is_taken_whatever_its_name(site, session):
    album, other = site.albums[0], site.albums[1]
    cover = Melon().find_cover(session, replace(wanted_of(album), settled=other.album_id))
    assert cover.album_id == other.album_id
    assert cover.match.reason.startswith("named in melon_albums.csv")
    with pytest.raises(CoverNotFoundError, match="the page of album 1 answers HTTP 404"):
        Melon().find_cover(session, replace(wanted_of(album), settled="1"))


@pytest.mark.slow
def test_every_other_album_of_the_sample_chart_is_found_exactly(site, session):
    missing = []
    for record in site.chart:
        try:
            title, _ = split_version_remark(record.album)
            cover = Melon().find_cover(session, Wanted(record.artist, title, record.year))
        except CoverNotFoundError:
            missing.append(record.album)
        else:
            assert cover.match.exact
            assert cover.match.score == 1.0
            assert cover.note is None
    assert len(missing) == 4
