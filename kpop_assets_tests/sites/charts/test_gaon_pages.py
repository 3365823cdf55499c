import os
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.sites.charts.gaon_pages import (
    SavedPagesError,
    parse_year_end_page,
    read_saved_page,
    saved_pages,
)
from kpop_assets.sites.http.session import PageFormatError

NOW = datetime(2026, 1, 2, tzinfo=UTC)

PAGE = """<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Transitional//EN">
<html><head><meta http-equiv="Content-Type" content="text/html; charset=CHARSET" />
<title>가온차트와 함께하세요</title></head><body><div id="wrap"><div class="chart">
<table><thead><tr><th class="ranking">순위</th><th>앨범/아티스트</th></tr></thead><tbody>
<tr>
 <td class="ranking"><span class="ranking-no1">1</span></td>
 <td class="change"><span class="up">3</span></td>
 <td class="subject">
  <p title="I GOT A BOY &#039;정규 4집&#039;">I GOT A BOY &#039;정규...</p>
  <p class="singer" title="소녀시대 | I GOT A BOY &#039;정규 4집&#039;">소녀시대 | I...</p>
 </td>
 <td class="count"><p>280,774</p></td>
 <td class="production"><p class="pro" title="SM ENTERTAINMENT">SM...</p>
  <p class="dist" title="KT뮤직">KT뮤직</p></td>
</tr>
<tr>
 <td class="ranking">2</td>
 <td class="subject"><p>LOVE YOURSELF `Tear`</p>
  <p class="singer">김태우 | LOVE YOURSELF `Tear`</p></td>
 <td class="count"><p></p></td>
 <td class="production"><p class="pro"></p></td>
</tr>
</tbody></table></div></div></body></html>"""


def page(charset: str = "utf-8", encoding: str = "utf-8", **changes: str) -> bytes:
    text = PAGE.replace("CHARSET", charset)
    for old, new in changes.values():
        assert old in text
        text = text.replace(old, new)
    return text.encode(encoding)


def parse(content: bytes):
    return parse_year_end_page(content, 2013, source_address="saved:2013.html", fetched_at=NOW)


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ("utf-8", "utf-8"),
        ("euc-kr", "cp949"),
        ("utf-8", "cp949"),
        ("euc-kr", "utf-8"),
        ("zlib", "utf-8"),
        ("utf-8", "utf-8-sig"),
    ],
)
def test_a_page_is_read_in_its_encoding_whatever_it_declares(charset, encoding):
    first, second = parse(page(charset, encoding))
    assert (first.year, first.rank, first.artist) == (2013, 1, "소녀시대")
    assert first.album == "I GOT A BOY '정규 4집'"
    assert (first.sales, first.distributor) == (280_774, "KT뮤직")
    assert (first.source_address, first.fetched_at) == ("saved:2013.html", NOW)
    assert first.thumbnail is None
    assert (second.rank, second.artist) == (2, "김태우")
    assert second.album == "LOVE YOURSELF 'Tear'"
    assert (second.sales, second.distributor) == (None, None)


@pytest.mark.parametrize(
    ("singer", "artist"),
    [
        ("김태우 | 앨범", "김태우"),
        ("A|B | 앨범", "A|B"),
        ("김태우 | 다른 | 제목", "김태우 | 다른"),
        ("김태우", "김태우"),
        ("&lt;b&gt;김태우&lt;/b&gt; | 앨범", "<b>김태우</b>"),
    ],
)
def test_the_artist_stands_before_the_album(singer, artist):
    content = page(
        album=("<p>LOVE YOURSELF `Tear`</p>", "<p>앨범</p>"),
        singer=("김태우 | LOVE YOURSELF `Tear`", singer),
    )
    assert parse(content)[1].artist == artist


def test_an_album_with_a_bar_in_its_title_leaves_the_artist_whole():
    content = page(
        album=("<p>LOVE YOURSELF `Tear`</p>", "<p>낮 | 밤</p>"),
        singer=("김태우 | LOVE YOURSELF `Tear`", "김태우 | 낮 | 밤"),
    )
    assert parse(content)[1].artist == "김태우"


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (b"", "td.ranking in div.chart"),
        (page(layout=('class="chart"', 'class="renewed"')), "td.ranking in div.chart"),
        (page(rows=('class="singer"', 'class="act"')), "td.subject p.singer of every row"),
    ],
)
def test_another_form_raises_an_error_that_names_page_and_missing_thing(content, missing):
    with pytest.raises(PageFormatError) as raised:
        parse(content)
    assert "saved:2013.html (year 2013)" in str(raised.value)
    assert missing in str(raised.value)


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (page(rank=('<td class="ranking">2</td>', '<td class="ranking">new</td>')), "whole number"),
        (page(rank=('<td class="ranking">2</td>', '<td class="ranking">101</td>')), "rank from 1"),
        (page(sales=("280,774", "many")), "a whole number at td.count p"),
        (page(album=("<p>LOVE YOURSELF `Tear`</p>", "")), "td.subject p:not(.singer)"),
        (page(singer=('<p class="singer">김', '<p class="act">김')), "td.subject p.singer"),
        (page(singer=("김태우 | LOVE YOURSELF", " | LOVE YOURSELF")), '"artist | album"'),
        (page().replace("김태우".encode(), b"\xff\xff\xff"), "td.subject p.singer"),
        (page(dist=("KT뮤직</p>", "</p>"), dist_title=('title="KT뮤직"', f'title="{"뮤" * 301}"')),
         "a name of at most 300 letters at td.production p.dist"),
    ],
)  # fmt: skip
def test_a_broken_row_is_left_out_and_named_and_the_other_kept(content, missing):
    notes: list[str] = []
    rows = parse_year_end_page(
        content, 2013, source_address="saved:2013.html", fetched_at=NOW, note=notes.append
    )
    assert len(rows) == 1
    assert "saved:2013.html (year 2013): 1 of 2 records were left out" in notes[0]
    assert missing in notes[0]


CELLS = st.sampled_from(
    [
        *(b"<div class='chart'><table>", b"<tr>", b"<td class='ranking'>", b"<span>", b"</td>"),
        *(b"<td class='subject'>", b"<p>", b"<p class='singer'>", b"<p title='", b"</p>", b" | "),
        *(b"<td class='count'><p>", b"1", b"9" * 5000, b"&#039;", b"&amp;#%s;" % (b"1" * 5000)),
        *(
            "가".encode(),
            "가".encode("cp949"),
            b"\x00",
            b"\xff",
            b"<meta charset=idna>",
            b"&#xD800;",
        ),
    ]
)


@given(st.binary(max_size=500) | st.lists(CELLS, max_size=40).map(b"".join))
def test_arbitrary_bytes_raise_nothing_but_the_named_error(content):
    try:
        rows = parse(content)
    except PageFormatError:
        return
    assert all(1 <= row.rank <= 100 and row.artist and row.album for row in rows)
    assert all((row.artist + row.album).encode() for row in rows)


@given(st.data())
def test_a_page_with_bytes_changed_raises_nothing_but_the_named_error(data):
    content = bytearray(page())
    for _ in range(data.draw(st.integers(1, 6))):
        place = data.draw(st.integers(0, len(content) - 1))
        content[place : place + data.draw(st.integers(0, 20))] = data.draw(st.binary(max_size=8))
    try:
        rows = parse(bytes(content))
    except PageFormatError:
        return
    assert rows


def test_a_folder_gives_the_files_whose_name_holds_one_year(tmp_path):
    for name in ("2010.html", "album_2011.htm", "20121.html", "2013-2014.html", "notes.txt"):
        (tmp_path / name).write_bytes(page())
    (tmp_path / "2015_files").mkdir()
    assert {year: path.name for year, path in saved_pages(tmp_path).items()} == {
        2010: "2010.html",
        2011: "album_2011.htm",
    }


def test_the_entries_of_a_saved_page_name_the_file_and_when_it_was_written(tmp_path):
    path = tmp_path / "2013.html"
    path.write_bytes(page())
    os.utime(path, (NOW.timestamp(), NOW.timestamp()))
    rows = read_saved_page(path, 2013)
    assert [(row.source_address, row.fetched_at) for row in rows] == [("saved:2013.html", NOW)] * 2


def test_a_named_pipe_is_refused_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "2013.html")
    with pytest.raises(PageFormatError, match="it is a named pipe"):
        read_saved_page(tmp_path / "2013.html", 2013)


def test_folders_and_files_that_cannot_be_used_are_refused_by_name(tmp_path):
    with pytest.raises(SavedPagesError, match="no folder"):
        saved_pages(tmp_path / "missing")
    with pytest.raises(SavedPagesError, match="none came"):
        saved_pages(tmp_path)
    (tmp_path / "2010.html").write_bytes(b"x" * (2 * 2**20 + 1))
    with pytest.raises(PageFormatError, match="at most 2,097,152 bytes"):
        read_saved_page(tmp_path / "2010.html", 2010)
    with pytest.raises(PageFormatError, match="a file that can be read"):
        read_saved_page(tmp_path / "2011.html", 2011)
    (tmp_path / "album_2010.html").write_bytes(page())
    with pytest.raises(SavedPagesError, match="one page for 2010"):
        saved_pages(tmp_path)
