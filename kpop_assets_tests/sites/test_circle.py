import json
from datetime import UTC, datetime

import pytest

from kpop_assets.sites.circle import fetch_year_end_top10, parse_year_end_top10
from kpop_assets.sites.session import PageFormatError

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
    return parse_year_end_top10(content, 2018, source_address=ADDRESS, fetched_at=NOW)


def test_a_record_becomes_a_row_although_the_answer_carries_an_error_message():
    (row,) = parse(answer(record("2")))
    assert (row.year, row.rank, row.artist) == (2018, 2, "방탄소년단")
    assert row.album == "LOVE YOURSELF 轉 'Tear'"
    assert (row.sales, row.distributor) == (1_849_537, "Dreamus")
    assert (row.source_address, row.fetched_at) == (ADDRESS, NOW)


def test_empty_sales_and_distributor_are_none():
    (row,) = parse(answer(record("1", Album_CNT="", de_nm="")))
    assert (row.sales, row.distributor) == (None, None)


def test_rows_are_sorted_by_rank_and_end_at_ten():
    rows = parse(answer(*(record(str(rank)) for rank in range(100, 0, -1))))
    assert [row.rank for row in rows] == list(range(1, 11))


@pytest.mark.parametrize("empty", [{}, [], None, ""])
def test_a_year_without_a_chart_is_empty(empty):
    assert parse(answer(List=empty)) == []
    assert parse(b'{"ResultStatus": "OK", "ErrorMsg": ""}') == []


@pytest.mark.parametrize(
    ("content", "missing"),
    [
        (b"<html>maintenance</html>", "expected JSON, but b'<html>maintenance</html>' came"),
        (b"[]", "ResultStatus"),
        (answer(ResultStatus="FAIL"), 'ResultStatus "OK"'),
        (answer(List=[record("1")]), "List as an object"),
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


def test_the_sample_site_answers_every_year_of_the_snapshot(session):
    charts = {year: fetch_year_end_top10(session, year) for year in range(2009, 2027)}
    assert charts[2009] == charts[2026] == []
    for year in range(2010, 2026):
        assert [row.rank for row in charts[year]] == list(range(1, 11))
    tear = charts[2018][1]
    assert (tear.artist, tear.album, tear.sales) == (
        "방탄소년단",
        "LOVE YOURSELF 轉 'Tear'",
        1_849_537,
    )
    assert tear.source_address == "sample://circlechart.kr/data/api/chart/album"
    assert tear.fetched_at.tzinfo is UTC
    assert charts[2010][9].sales is None
