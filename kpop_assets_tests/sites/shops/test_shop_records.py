"""What is made of the answers of iTunes, Deezer and MusicBrainz, record by record."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.sites.errors import PageFormatError
from kpop_assets.sites.matching.album_match import Candidate
from kpop_assets.sites.shops.cover_art_archive import CoverArtArchive
from kpop_assets.sites.shops.deezer import Deezer, DeezerQuotaError
from kpop_assets.sites.shops.itunes import Itunes
from kpop_assets.text import printable
from kpop_assets_tests.sites.shops.shop_records import DEEZER_ALBUM, GROUP, ITUNES_ALBUM, UUID

SHOPS = itunes, deezer, cover_art_archive = (Itunes(), Deezer(), CoverArtArchive())
PAGE = "https://shop.example/search"
FRONT = f"https://coverartarchive.org/release-group/{UUID}/front-1200"

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
        with suppress(PageFormatError, DeezerQuotaError):
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
        Candidate(UUID, "JYJ & 친구", "JUST US", 2014, FRONT)
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
