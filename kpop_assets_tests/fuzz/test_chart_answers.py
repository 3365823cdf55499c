"""The chart's answers and saved pages, damaged: named errors, or entries within bounds."""

import json
from contextlib import suppress
from datetime import UTC, datetime

from hypothesis import given

from kpop_assets.sites.charts.chart_rows import MOST_AT_A_RANK, MOST_ENTRIES, ChartRow
from kpop_assets.sites.charts.circle import ChartAnswer, decoded, parse_year_end_chart
from kpop_assets.sites.charts.gaon_pages import parse_year_end_page
from kpop_assets.sites.errors import SiteError
from kpop_assets_tests.fuzz.bounds import require_address, require_name, require_sentences
from kpop_assets_tests.fuzz.mutations import damaged

NOW = datetime(2026, 1, 2, tzinfo=UTC)


def record(rank: int) -> dict[str, str]:
    return {
        "SERVICE_RANKING": str(rank),
        "ARTIST_NAME": "방탄소년단",
        "ALBUM_NAME": "LOVE YOURSELF 轉 `Tear` &amp; I&#039;M",
        "Album_CNT": "1,849,537",
        "de_nm": "",
        "FILE_NAME": "/uploadDir/thumb/1.jpg",
    }


ANSWER = {"ResultStatus": "OK", "List": {str(place): record(place + 1) for place in range(3)}}
ANSWERS = [json.dumps(ANSWER, ensure_ascii=escaped).encode() for escaped in (True, False)]
ROW = """<tr><td class="ranking"><span>{0}</span></td><td class="subject">
<p title="Oh! &#039;{0}">Oh</p>
<p class="singer">소녀시대 | Oh! &#039;{0}</p></td><td class="count"><p>{0},000</p></td>
<td class="production"><p class="dist">KT뮤직</p></td></tr>"""
PAGE = '<meta charset="{}"><div class="chart"><table>{}</table></div>'
PAGES = [
    PAGE.format(charset, "".join(ROW.format(rank) for rank in (1, 2, 3))).encode(encoding)
    for charset, encoding in (("utf-8", "utf-8"), ("euc-kr", "cp949"))
]


def require_bounds(rows: list[ChartRow]) -> None:
    assert len(rows) <= MOST_ENTRIES
    ranks = [row.rank for row in rows]
    assert ranks == sorted(ranks)
    assert all(1 <= rank <= 100 and ranks.count(rank) <= MOST_AT_A_RANK for rank in ranks)
    for row in rows:
        require_name(row.artist)
        require_name(row.album)
        if row.distributor is not None:
            require_name(row.distributor)
        assert row.sales is None or 0 <= row.sales < 10**10
        if row.thumbnail is not None:
            require_address(row.thumbnail)


@given(damaged(ANSWERS))
def test_a_damaged_answer_is_a_named_error_or_entries_within_bounds(content: bytes) -> None:
    with suppress(SiteError):
        answer = ChartAnswer(decoded(content, "page"), "https://circlechart.kr/", NOW)
        notes: list[str] = []
        require_bounds(parse_year_end_chart(answer, 2018, notes.append))
        require_sentences(notes)


@given(damaged(PAGES))
def test_a_damaged_page_is_a_named_error_or_entries_within_bounds(content: bytes) -> None:
    with suppress(SiteError):
        notes: list[str] = []
        require_bounds(
            parse_year_end_page(
                content, 2013, source_address="saved", fetched_at=NOW, note=notes.append
            )
        )
        require_sentences(notes)
