"""The table in which a person settles which album of Melon a chart entry is."""

import csv
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.sites.matching.settled_albums import (
    SettledAlbums,
    SettledAlbumsError,
    read_settled_albums,
    settling_line,
)


@pytest.fixture
def table(tmp_path):
    path = tmp_path / "melon_albums.csv"

    def write(*lines: str):
        path.write_text("\n".join(lines), encoding="utf-8")
        return path

    return write


def test_each_line_settles_an_entry_for_good(table):
    path = table(
        "artist,album,album_id",
        "엑소,XOXO (Kiss Ver.),2192875",
        "",
        '"GD, TOP (빅뱅)",GD & TOP,none',
    )
    assert read_settled_albums(path) == {
        ("엑소", "XOXO"): "2192875",
        ("GD, TOP (빅뱅)", "GD & TOP"): "none",
    }


def test_the_committed_table_can_be_read(reference_folder):
    read_settled_albums(reference_folder / "melon_albums.csv")


@pytest.mark.parametrize(
    ("lines", "line", "expected"),
    [
        (["artist,album"], 1, "the columns artist, album and album_id"),
        (["artist,album,album_id", "엑소,XOXO"], 2, "artist, album and album_id"),
        (["artist,album,album_id", "엑소,XOXO,1", "엑소,,1"], 3, "artist, album and album_id"),
        (["artist,album,album_id", "엑소,XOXO,yes"], 2, "an album id or the word none"),
        (["artist,album,album_id", "엑소,A,1", "엑소,A,2"], 3, "one album_id for 엑소, A"),
        (["artist,album,album_id", "EXO,A,1", "ｅｘｏ,a\u200b,2"], 3, "one album_id for ｅｘｏ, a"),
        (["artist,album,album_id", "엑소,A,1,2"], 2, "artist, album and album_id"),
        (["artist,album,album_id", '엑소,"A" b,1'], 2, "CSV"),
    ],
)
def test_a_bad_line_is_named_with_what_was_expected(table, lines, line, expected):
    path = table(*lines)
    with pytest.raises(SettledAlbumsError) as raised:
        read_settled_albums(path)
    assert str(raised.value).startswith(f"{path}, line {line}: expected {expected}")


def test_a_missing_table_or_one_that_is_no_text_is_named(tmp_path):
    with pytest.raises(SettledAlbumsError, match="UTF-8"):
        read_settled_albums(tmp_path / "none.csv")
    (tmp_path / "picture.csv").write_bytes(b"\x89PNG\r\n\x1a\n\xff\xff")
    with pytest.raises(SettledAlbumsError, match=r"line 1: expected text in UTF-8 or CP949"):
        read_settled_albums(tmp_path / "picture.csv")


@pytest.mark.parametrize(
    ("artist", "title"),
    [
        ("소녀시대", "Oh! - The Boys"),
        (unicodedata.normalize("NFD", "소녀시대"), "oh!  – the boys"),
        ("소녀시대 (Girls' Generation)", "Ｏｈ！ － Ｔｈｅ Ｂｏｙｓ"),
    ],
)
def test_a_settled_album_is_found_however_the_chart_prints_it(artist, title):
    settled = SettledAlbums({("소녀시대 [SNSD]", "Oh! - The Boys"): "123", ("IU", "Real"): "4"})
    assert settled.album_id(artist, title) == "123"
    assert settled.album_id(artist, "Oh!") is None
    assert settled.not_among({(artist, title)}) == [("IU", "Real")]


printed = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


@given(printed, printed)
def test_a_line_that_is_offered_can_be_copied_as_it_is(artist, album):
    line = settling_line(artist, album + " x", "123")
    assert list(csv.reader([line], strict=True)) == [[artist, album + " x", "123"]]
