"""Covers from iTunes, Deezer, the Cover Art Archive and the chart's thumbnail."""

import json
import re
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from kpop_assets.sites import circle_thumbnail, cover_art_archive, deezer, itunes
from kpop_assets.sites.found_covers import CoverNotFoundError
from kpop_assets.sites.manners import HOST_PAUSES_S, Manners
from kpop_assets.sites.matching import Candidate, Wanted
from kpop_assets.sites.sample.answers import JSON, NOT_FOUND, Answer
from kpop_assets.sites.sample.faults import Fault
from kpop_assets.sites.session import PageFormatError, SiteSession, SiteUnreachableError
from kpop_assets.text import printable

SHOPS = (itunes, deezer, cover_art_archive)
PAGE = "https://shop.example/search"
X1 = Wanted("엑스원", "비상 : QUANTUM LEAP", 2019, ("X1",))
CHO = Wanted("조용필", "19집 Hello", 2013, ("Cho Yong-pil",))
JYJ = Wanted("JYJ", "JUST US", 2014, ("JYJ",))

ITUNES_ALBUM = {
    "wrapperType": "collection",
    "collectionId": 1,
    "artistName": "X1",
    "collectionName": "비상 - EP",
    "releaseDate": "2019-08-27T07:00:00Z",
    "artworkUrl100": "https://is1-ssl.mzstatic.com/image/a/100x100bb.jpg",
}
DEEZER_ALBUM = {
    "id": 7,
    "title": "Hello",
    "md5_image": "d",
    "cover_xl": "https://cdn-images.dzcdn.net/images/cover/d/1000x1000-000000-80-0-0.jpg",
    "artist": {"name": "Cho Yong-pil"},
}
UUID = "f9a03a69-4bd5-5114-b58f-9d8cfbd60d58"
GROUP = {
    "id": UUID,
    "title": "JUST US",
    "first-release-date": "2014",
    "artist-credit": [{"name": "JYJ", "joinphrase": " & "}, {"name": "친구"}],
}

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [*ITUNES_ALBUM, *DEEZER_ALBUM, *GROUP, "results", "data", "release-groups", "error",
                 "name", "code"]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=20,
)  # fmt: skip
answers = st.one_of(
    st.binary(),
    json_values.map(lambda value: json.dumps(value).encode()),
    st.builds(
        lambda key, album, extra: json.dumps({key: [{**album, **extra}]}).encode(),
        st.sampled_from(["results", "data", "release-groups"]),
        st.sampled_from([ITUNES_ALBUM, DEEZER_ALBUM, GROUP]),
        st.dictionaries(st.sampled_from([*ITUNES_ALBUM, *DEEZER_ALBUM, *GROUP]), json_values),
    ),
)


@given(answers)
def test_any_answer_is_a_list_of_albums_or_raises_the_named_error(content):
    for shop in SHOPS:
        with suppress(PageFormatError, deezer.DeezerQuotaError):
            for album in shop.parse_search_answer(content, PAGE):
                assert album.artist.encode()
                assert album.title.encode()
                assert album.album_id


def test_deeply_nested_json_raises_the_named_error():
    for shop in SHOPS:
        with pytest.raises(PageFormatError, match="expected JSON"):
            shop.parse_search_answer(b'{"data":' * 50_000, PAGE)


def test_an_answer_gives_id_artist_title_year_and_picture():
    def parsed(shop, answer):
        return shop.parse_search_answer(json.dumps(answer).encode(), PAGE)

    artist_page = {"wrapperType": "artist", "artistName": "X1"}
    assert parsed(itunes, {"resultCount": 2, "results": [artist_page, ITUNES_ALBUM]}) == [
        Candidate("1", "X1", "비상 - EP", 2019, ITUNES_ALBUM["artworkUrl100"])
    ]
    assert parsed(deezer, {"data": [DEEZER_ALBUM]}) == [
        Candidate("7", "Cho Yong-pil", "Hello", None, DEEZER_ALBUM["cover_xl"])
    ]
    assert parsed(cover_art_archive, {"release-groups": [GROUP]}) == [
        Candidate(UUID, "JYJ & 친구", "JUST US", 2014)
    ]


@pytest.mark.parametrize(
    ("shop", "answer", "missing"),
    [
        (itunes, {}, "results"),
        (itunes, {"results": [{**ITUNES_ALBUM, "artistName": ""}]}, "artistName"),
        (deezer, {"error": {"code": 600, "message": "no"}}, "data"),
        (itunes, {"results": [{"collectionName": "A"}]}, "wrapperType"),
        (deezer, {"data": [{**DEEZER_ALBUM, "artist": None}]}, "artist"),
        (cover_art_archive, {"release-groups": [{**GROUP, "id": "../x"}]}, "UUID"),
        (cover_art_archive, {"release-groups": [{**GROUP, "artist-credit": []}]}, "artist"),
    ],
)
def test_an_answer_of_another_form_raises_an_error_that_names_what_is_missing(
    shop, answer, missing
):
    with pytest.raises(PageFormatError, match=missing):
        shop.parse_search_answer(json.dumps(answer).encode(), PAGE)


GOOD = ((itunes, "results", ITUNES_ALBUM), (deezer, "data", DEEZER_ALBUM),
        (cover_art_archive, "release-groups", GROUP))  # fmt: skip
NAMES = {"results": ("collectionName", "artistName"), "data": ("title",),
         "release-groups": ("title",)}  # fmt: skip
IDS = {"results": "collectionId", "data": "id", "release-groups": "id"}
NO_NAMES = (None, "", " \t", "\u200b", 7, 7.5, float("nan"), 10**400, True, [], {"ko": "x"},
            "\ufffd", "x" * 900_000)  # fmt: skip


def broken_records(key: str, good: dict) -> list[object]:
    """Records that cannot be used: fields missing, of another kind, or no names."""
    fields = (*NAMES[key], IDS[key])
    return [
        *(None, 7, "album", [], [[[]]], {}),
        *({name: value for name, value in good.items() if name != field} for field in fields),
        *({**good, field: value} for field in NAMES[key] for value in NO_NAMES),
        *({**good, IDS[key]: value} for value in (None, "", {}, float("nan"), 10**400)),
        *(
            {**good, "id": value}
            for value in ("f9\u2062a0", "f9\u202ea0")
            if key == "release-groups"
        ),
        *({**good, "artist": value} for value in (None, [], {"name": None}) if key == "data"),
        *(
            {**good, "artist-credit": value}
            for value in (None, [], ["JYJ"], [{"name": "JYJ"}, {}], [{"name": "x" * 200}] * 2)
            if key == "release-groups"
        ),
        *({**good, "artworkUrl100": value} for value in (7, {}, "a\nb") if key == "results"),
    ]


@pytest.mark.parametrize(("shop", "key", "good"), GOOD)
def test_a_broken_record_is_left_out_counted_and_named_and_the_others_kept(shop, key, good):
    for broken in broken_records(key, good):
        notes: list[str] = []
        content = json.dumps({key: [broken, good, broken]}).encode()
        [album] = shop.parse_search_answer(content, PAGE, notes.append)
        assert notes == [printable(note) for note in notes]
        assert album.title == good.get("title", good.get("collectionName"))
        [note] = notes
        assert note.startswith(f"{PAGE}: 2 of 3 records were left out, the first because"), note
        assert len(note) < 500
        with pytest.raises(PageFormatError):
            shop.parse_search_answer(json.dumps({key: [broken, broken]}).encode(), PAGE)
        assert shop.parse_search_answer(json.dumps({key: []}).encode(), PAGE) == []


@pytest.mark.parametrize(("shop", "key", "good"), GOOD)
def test_bytes_that_are_no_text_cost_their_record_only(shop, key, good):
    name = NAMES[key][0]
    content = json.dumps({key: [{**good, name: "BROKEN"}, good]}).encode()
    [album] = shop.parse_search_answer(content.replace(b"BROKEN", b"a\xff\xfeb"), PAGE)
    assert album.title == good[name]
    [album] = shop.parse_search_answer(content.replace(b'"BROKEN"', b"9" * 5_000), PAGE)
    assert album.title == good[name]


@pytest.mark.parametrize(("shop", "key", "good"), GOOD)
def test_more_albums_than_a_shop_was_asked_for_are_left_out_and_counted(shop, key, good):
    notes: list[str] = []
    content = json.dumps({key: [{}, *[good] * 3_000]}).encode()
    assert len(shop.parse_search_answer(content, PAGE, notes.append)) == 100
    assert "2,900 records after the first 100 good ones were left out" in notes[0]
    assert "1 of 3,001 records were left out" in notes[1]


def test_names_are_one_line_and_years_are_those_of_albums():
    for date, year in (("0000-01-01", None), ("9999", None), ("20130101", None), ("2013", 2013)):
        album = {**ITUNES_ALBUM, "collectionName": "\x1b[2JA\r\n B\x07", "releaseDate": date}
        [found] = itunes.parse_search_answer(json.dumps({"results": [album]}).encode(), PAGE)
        assert (found.title, found.year) == ("[2JA B", year)


def test_an_album_whose_picture_has_no_address_costs_no_other(site, session, monkeypatch):
    right = site._hosts["itunes.apple.com"]

    def with_a_broken_link_first(request):
        answer = json.loads(right(request).body)
        [album] = answer["results"]
        answer["results"] = [{**album, "artworkUrl100": "javascript:alert(1)"}, album]
        return Answer(json.dumps(answer).encode(), JSON)

    monkeypatch.setitem(site._hosts, "itunes.apple.com", with_a_broken_link_first)
    cover = itunes.find_cover(session, X1)
    assert cover.source == "itunes"
    assert "javascript:alert(1)" in str(cover.note)


@pytest.mark.parametrize(
    ("shop", "wanted", "source", "address"),
    [
        (itunes, X1, "itunes", "sample://is1-ssl.mzstatic.com/.*/1000x1000bb.jpg"),
        (deezer, CHO, "deezer", "sample://cdn-images.dzcdn.net/images/cover/.*/1000x1000-"),
        (cover_art_archive, JYJ, "cover_art_archive", "sample://coverartarchive.org/.*/front-1200"),
    ],
)
def test_each_shop_has_the_cover_of_one_album_that_melon_lacks(
    session, shop, wanted, source, address
):
    cover = shop.find_cover(session, wanted)
    assert cover.source == source
    assert cover.match.good_enough
    assert re.match(address, cover.image_address)
    assert Image.open(BytesIO(cover.content)).size == (800, 800)
    assert cover.validator.etag
    again = session.get(session.live_address(cover.image_address), validator=cover.validator)
    assert (again.status, again.content) == (304, b"")


@pytest.mark.parametrize(("shop", "wanted"), [(itunes, JYJ), (deezer, JYJ)])
def test_another_album_of_the_artist_is_not_taken(session, shop, wanted):
    with pytest.raises(CoverNotFoundError, match="1 result, none close enough"):
        shop.find_cover(session, wanted)


@pytest.mark.parametrize("shop", SHOPS)
def test_a_shop_without_the_artist_says_so(session, shop):
    with pytest.raises(CoverNotFoundError, match=r"^no search result$"):
        shop.find_cover(session, Wanted('Nobody "known" \\ here', "Nothing"))


def test_itunes_is_asked_for_600_px_where_it_has_no_1000(site, session, monkeypatch):
    right = site._hosts["is1-ssl.mzstatic.com"]
    monkeypatch.setitem(
        site._hosts,
        "is1-ssl.mzstatic.com",
        lambda request: NOT_FOUND if "1000x1000" in request.path else right(request),
    )
    cover = itunes.find_cover(session, X1)
    assert cover.image_address.endswith("/600x600bb.jpg")
    assert Image.open(BytesIO(cover.content)).size == (600, 600)


def over_quota(site, monkeypatch, times: int) -> list[int]:
    right, refused = site._hosts["api.deezer.com"], []

    def answer(request):
        if len(refused) == times:
            return right(request)
        refused.append(1)
        body = {"error": {"type": "Exception", "message": "Quota limit exceeded", "code": 4}}
        return Answer(json.dumps(body).encode(), JSON)

    monkeypatch.setitem(site._hosts, "api.deezer.com", answer)
    monkeypatch.setattr(deezer, "QUOTA_PERIOD_S", 0.0)
    return refused


def test_deezer_over_its_quota_is_asked_again_a_few_times(site, session, monkeypatch):
    refused = over_quota(site, monkeypatch, times=2)
    assert deezer.find_cover(session, CHO).source == "deezer"
    assert len(refused) == 2


def test_deezer_over_its_quota_for_long_is_named(site, session, monkeypatch):
    refused = over_quota(site, monkeypatch, times=100)
    with pytest.raises(deezer.DeezerQuotaError, match="quota is used up"):
        deezer.find_cover(session, CHO)
    assert len(refused) == deezer.QUOTA_TRIES


def test_musicbrainz_refuses_a_browser_and_knows_this_program(session):
    address = cover_art_archive.SEARCH_ADDRESS
    params = {"query": 'artist:"JYJ"', "fmt": "json"}
    as_browser = session.get(address, params=params, headers=session.browser_headers)
    assert as_browser.status == 403
    assert session.get(address, params=params).status == 200


def test_a_release_group_without_a_front_cover_is_not_found(site, session, monkeypatch):
    monkeypatch.setitem(site._hosts, "coverartarchive.org", lambda _request: NOT_FOUND)
    with pytest.raises(CoverNotFoundError, match="HTTP 404"):
        cover_art_archive.find_cover(session, JYJ)


def test_documented_rates_are_kept():
    assert HOST_PAUSES_S["itunes.apple.com"] >= 60 / 20
    assert HOST_PAUSES_S["api.deezer.com"] >= 5 / 50
    assert HOST_PAUSES_S["musicbrainz.org"] >= 1.0


def test_the_thumbnail_is_fetched_from_its_live_or_recorded_address(site, session):
    album = site.albums[0]
    path = f"circlechart.kr/uploadDir/aoaAlbumImg/thumb/{album.year}/{album.album_id}.jpg"
    for scheme in ("https", "sample"):
        cover = circle_thumbnail.find_cover(session, JYJ, f"{scheme}://{path}")
        assert cover.image_address == f"sample://{path}"
        assert Image.open(BytesIO(cover.content)).size == (120, 120)
    with pytest.raises(CoverNotFoundError, match="names no thumbnail"):
        circle_thumbnail.find_cover(session, JYJ, None)


def test_a_shop_that_is_down_is_unreachable(site, session):
    site.faults.append(Fault("itunes.apple.com", "404"))
    try:
        with pytest.raises(SiteUnreachableError, match="HTTP 200, but 404 came"):
            itunes.find_cover(session, X1)
    finally:
        site.faults.clear()


def test_robots_txt_of_a_picture_host_is_honoured_and_a_refusal_is_no_missing_cover(site):
    site.robots["is1-ssl.mzstatic.com"] = "User-agent: *\nDisallow: /image/"
    try:
        with pytest.raises(
            SiteUnreachableError, match=r"robots\.txt of is1-ssl\.mzstatic\.com says no"
        ):
            itunes.find_cover(SiteSession.sample(site.address), X1)
        unbound = SiteSession.sample(site.address, manners=Manners(honour_robots=False))
        assert itunes.find_cover(unbound, X1).source == "itunes"
    finally:
        site.robots.clear()
