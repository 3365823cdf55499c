import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.sites.charts.circle import (
    ChartAnswer,
    ChartRow,
    decoded,
    fetch_year_end_chart,
    parse_year_end_chart,
)
from kpop_assets.sites.http.session import PageFormatError

ADDRESS = "https://circlechart.kr/data/api/chart/album"
NOW = datetime(2026, 1, 2, tzinfo=UTC)


def record(rank: str, **changes) -> dict:
    return {
        "SERVICE_RANKING": rank,
        "ALBUM_NAME": "LOVE YOURSELF 轉 `Tear`",
        "ARTIST_NAME": "방탄소년단",
        "Album_CNT": "1,849,537",
        "Total_CNT": "1,849,537",
        "de_nm": "Dreamus",
        "FILE_NAME": "/uploadDir/aoaAlbumImg/thumb/2018/1.jpg",
        "seq_aoa": "1",
        **changes,
    }


def answer(*records: dict, **changes) -> bytes:
    listed = {str(place): entry for place, entry in enumerate(records)}
    error = "targetTime 값이 없습니다."
    return json.dumps({"ResultStatus": "OK", "ErrorMsg": error, "List": listed, **changes}).encode()


def parse(content: bytes):
    text = decoded(content, f"{ADDRESS} (year 2018)")
    return parse_year_end_chart(ChartAnswer(text, ADDRESS, NOW), 2018)


def test_a_record_becomes_a_row_although_the_answer_carries_an_error_message():
    (row,) = parse(answer(record("2")))
    assert (row.year, row.rank, row.artist) == (2018, 2, "방탄소년단")
    assert row.album == "LOVE YOURSELF 轉 'Tear'"
    assert (row.sales, row.distributor) == (1_849_537, "Dreamus")
    assert (row.source_address, row.fetched_at) == (ADDRESS, NOW)


def test_empty_sales_and_distributor_are_none():
    (row,) = parse(answer(record("1", Album_CNT="", de_nm="")))
    assert (row.sales, row.distributor) == (None, None)


def test_rows_are_sorted_by_rank_down_to_a_hundred_and_repeated_ranks_stay():
    rows = parse(answer(*(record(str(rank)) for rank in range(100, 0, -1)), record("7")))
    assert [row.rank for row in rows] == sorted([*range(1, 101), 7])


@pytest.mark.parametrize(
    ("path", "thumbnail"),
    [
        ("/uploadDir/thumb/1.jpg", "https://circlechart.kr/uploadDir/thumb/1.jpg"),
        ("//example.com/1.jpg", "https://circlechart.kr//example.com/1.jpg"),
        ("", None),
        ("https://example.com/1.jpg", None),
        ("/a\nb.jpg", None),
        ("/\ud800.jpg", None),
        (None, None),
        (7, None),
    ],
)
def test_the_thumbnail_is_an_address_on_the_same_host_or_none(path, thumbnail):
    (row,) = parse(answer(record("1", FILE_NAME=path)))
    assert row.thumbnail == thumbnail


def test_a_record_may_lack_the_thumbnail():
    without = record("1")
    del without["FILE_NAME"]
    (row,) = parse(answer(without))
    assert row.thumbnail is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_an_answer_is_read_in_utf_8_or_cp949(encoding):
    text = json.dumps({"ResultStatus": "OK", "List": {"0": record("1")}}, ensure_ascii=False)
    (row,) = parse(text.encode(encoding))
    assert row.artist == "방탄소년단"


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("I&#039;M &amp; YOU", "I'M & YOU"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("&lt;b&gt;", "<b>"),
    ],
)
def test_entities_in_names_become_signs_and_markup_stays_text(printed, name):
    (row,) = parse(answer(record("1", ARTIST_NAME=printed, ALBUM_NAME=printed)))
    assert (row.artist, row.album) == (name, name)


@pytest.mark.parametrize("empty", [{}, [], None, ""])
def test_a_year_without_a_chart_is_empty(empty):
    assert parse(answer(List=empty)) == []
    assert parse(b'{"ResultStatus": "OK", "ErrorMsg": ""}') == []


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (b"<html>maintenance</html>", 'expected JSON, but "<html>maintenance</html>" came'),
        (b"[]", "ResultStatus"),
        (answer(ResultStatus="FAIL"), 'ResultStatus "OK"'),
        (answer(List=[record("1")]), "List as an object"),
        (b"\xff\xff", "UTF-8 or CP949"),
        (b"[" * 100_000, "expected JSON"),
        (b'{"ResultStatus": ' + b"9" * 5_000 + b"}", "ResultStatus"),
        (b'{"ResultStatus": NaN}', "ResultStatus"),
        (answer(record("0")), "a rank from 1 to 100"),
        (answer(record("101")), "a rank from 1 to 100"),
        (answer(record("1", Album_CNT="9" * 5_000)), "whole number at Album_CNT"),
        (answer(record("1", Album_CNT="٣")), "whole number at Album_CNT"),
        (answer(record("1", ALBUM_NAME="&#" + "1" * 5_000 + ";")), "name at ALBUM_NAME"),
        (answer(record("1", ALBUM_NAME="\ud800")), "name at ALBUM_NAME"),
        (answer(record("first")), "whole number at SERVICE_RANKING"),
        (answer(record("1", Album_CNT="many")), "whole number at Album_CNT"),
        (answer(record("1", Album_CNT=7)), "text at Album_CNT"),
        (answer(record("1", ALBUM_NAME=" ")), "name at ALBUM_NAME"),
        (answer({"SERVICE_RANKING": "1"}), "text at ARTIST_NAME"),
        (answer("row"), "text at SERVICE_RANKING"),
    ],
)
def test_another_form_raises_an_error_that_names_page_and_missing_thing(content, missing):
    with pytest.raises(PageFormatError) as raised:
        parse(content)
    assert f"{ADDRESS} (year 2018)" in str(raised.value)
    assert missing in str(raised.value)


def read(content: bytes) -> tuple[list[ChartRow], list[str]]:
    """The rows of an answer and what was noted."""
    notes: list[str] = []
    text = decoded(content, f"{ADDRESS} (year 2018)")
    return parse_year_end_chart(ChartAnswer(text, ADDRESS, NOW), 2018, notes.append), notes


@pytest.mark.parametrize(
    ("broken", "missing"),
    [
        ({}, "text at SERVICE_RANKING"),
        ("row", "text at SERVICE_RANKING"),
        (None, "text at SERVICE_RANKING"),
        ([[[[1]]]], "text at SERVICE_RANKING"),
        (record("0"), "a rank from 1 to 100"),
        (record("-1"), "a whole number at SERVICE_RANKING"),
        (record("1000000000"), "a rank from 1 to 100"),
        (record("first"), "a whole number at SERVICE_RANKING"),
        (record("2", ALBUM_NAME=None), "text at ALBUM_NAME"),
        (record("2", ALBUM_NAME=float("nan")), "text at ALBUM_NAME"),
        (record("2", ALBUM_NAME={"ko": "x"}), "text at ALBUM_NAME"),
        (record("2", ALBUM_NAME="\u200b"), "a name at ALBUM_NAME"),
        (record("2", ALBUM_NAME="x" * 900_000), "a name of at most 300 letters at ALBUM_NAME"),
        (record("2", ARTIST_NAME="\ufffd"), "a name at ARTIST_NAME"),
        (record("2", de_nm="x" * 900_000), "a name of at most 300 letters at de_nm"),
        (record("2", Album_CNT="1" + "0" * 400), "a whole number at Album_CNT"),
        (record("2", Album_CNT="NaN"), "a whole number at Album_CNT"),
    ],
)
def test_a_broken_record_is_left_out_and_named_and_the_others_kept(broken, missing):
    rows, notes = read(answer(record("1"), broken, record("2")))
    assert [row.rank for row in rows] == [1, 2]
    assert len(notes) == 1
    assert notes[0].startswith(f"{ADDRESS} (year 2018): 1 of 3 records were left out")
    assert missing in notes[0]


def test_a_number_or_a_byte_that_is_none_costs_its_record_only():
    good = answer(*(record(str(rank)) for rank in range(1, 11)))
    for old, new in (
        (b'"SERVICE_RANKING": "4"', b'"SERVICE_RANKING": ' + b"4" * 5_000),
        (
            b'"SERVICE_RANKING": "4", "ALBUM_NAME": "',
            b'"SERVICE_RANKING": "4", "ALBUM_NAME": "\xed',
        ),
    ):
        assert old in good
        rows, notes = read(good.replace(old, new))
        assert [row.rank for row in rows] == [1, 2, 3, *range(5, 11)]
        assert "1 of 10 records were left out" in notes[0]
        assert notes[1].endswith("no entry came for rank 4")


def test_a_name_is_one_line_without_control_characters():
    title = "\x1b]0;owned\x07Love\r\n\u2028 Yourself\x00"
    (row,) = parse(answer(record("1", ALBUM_NAME=title, de_nm="a\x9bb")))
    assert (row.album, row.distributor) == ("]0;owned Love Yourself", "a b")


def test_a_flood_of_entries_leaves_ten_at_a_rank_and_two_hundred_in_all():
    rows, notes = read(answer(*(record(str(1 + n % 3), ALBUM_NAME=f"A {n}") for n in range(5_000))))
    assert [row.rank for row in rows] == [1] * 10 + [2] * 10 + [3] * 10
    assert [row.album for row in rows][:3] == ["A 0", "A 3", "A 6"]
    assert "4,970 of 5,000 entries were left out: at most 10 at a rank" in notes[0]
    rows, notes = read(answer(*(record(str(1 + n % 100)) for n in range(1_000))))
    assert len(rows) == 200
    assert "800 of 1,000 entries were left out" in notes[0]


def test_a_flood_of_one_rank_costs_no_other_rank():
    flood = [record("1", ALBUM_NAME=f"A {n}") for n in range(5_000)]
    rows, _ = read(answer(*flood, *(record(str(rank)) for rank in range(2, 101))))
    assert [row.rank for row in rows] == [1] * 10 + list(range(2, 101))


def test_a_chart_deeper_than_a_hundred_ranks_gives_its_first_hundred():
    rows, notes = read(answer(*(record(str(rank)) for rank in range(1, 301))))
    assert [row.rank for row in rows] == list(range(1, 101))
    assert "200 of 300 records were left out" in notes[0]


def test_ranks_that_a_tie_leaves_out_are_not_missing():
    rows, notes = read(answer(*(record(rank) for rank in ("1", "2", "2", "4"))))
    assert ([row.rank for row in rows], notes) == ([1, 2, 2, 4], [])
    assert read(answer(record("1"), record("4")))[1][0].endswith("no entry came for rank 2, 3")


def holds_or_refuses(content: bytes) -> None:
    try:
        rows = parse(content)
    except PageFormatError:
        return
    for row in rows:
        assert 1 <= row.rank <= 100
        assert row.sales is None or 0 <= row.sales < 10**10
        assert row.artist
        assert row.album
        assert "".join((row.artist, row.album, row.distributor or "", row.thumbnail or "")).encode()


TEXTS = st.text(st.characters() | st.characters(categories=["Cs"]), max_size=8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(list(record("1")))
PRINTED = st.one_of(
    TEXTS,
    VALUES,
    st.integers(-5, 200).map(str),
    st.sampled_from(["9" * 5_000, "&#" + "9" * 5_000 + ";", "1,0", ",", "&#xD800;", "/\ud800"]),
)


@given(st.binary(max_size=300))
def test_arbitrary_bytes_raise_nothing_but_the_named_error(content):
    holds_or_refuses(content)


@given(VALUES | st.fixed_dictionaries({"ResultStatus": st.just("OK"), "List": VALUES}))
def test_arbitrary_json_raises_nothing_but_the_named_error(value):
    holds_or_refuses(json.dumps(value).encode())


@given(st.lists(st.dictionaries(FIELDS, PRINTED, max_size=3), max_size=4))
def test_records_with_other_values_raise_nothing_but_the_named_error(changes):
    holds_or_refuses(answer(*({**record("1"), **changed} for changed in changes)))


@given(st.integers(0, 10_000), st.integers(0, 20), st.binary(max_size=6))
def test_an_answer_with_bytes_changed_raises_nothing_but_the_named_error(place, length, bytes_):
    content = answer(record("1"), record("2"))
    place %= len(content)
    holds_or_refuses(content[:place] + bytes_ + content[place + length :])


@given(st.integers(1, 20_000), st.sampled_from([(b"[", b"]"), (b'{"0":', b"}")]))
def test_nesting_of_any_depth_raises_nothing_but_the_named_error(depth, brackets):
    opening, closing = brackets
    nested = opening * depth + b"1" + closing * depth
    holds_or_refuses(nested)
    holds_or_refuses(b'{"ResultStatus": "OK", "List": {"0": %s}}' % nested)


def test_the_sample_site_answers_every_year_of_the_snapshot(session):
    charts = {year: fetch_year_end_chart(session, year) for year in range(2009, 2027)}
    assert charts[2009] == charts[2026] == []
    for year in range(2010, 2026):
        assert [row.rank for row in charts[year]] == list(range(1, 101))
    tear = charts[2018][1]
    assert (tear.artist, tear.album, tear.sales) == (
        "방탄소년단",
        "LOVE YOURSELF 轉 'Tear'",
        1_849_537,
    )
    assert tear.source_address == "sample://circlechart.kr/data/api/chart/album"
    assert tear.fetched_at.tzinfo is UTC
    assert str(tear.thumbnail).startswith("https://circlechart.kr/uploadDir/")
    assert charts[2010][9].sales is None
