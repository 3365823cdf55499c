"""The year-end chart: fetched once a year, kept, and never lost."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.defs.chart.gaon_year_end_top10 import ChartConfig
from kpop_assets.harvest.chart_entries import chart_table, covers_by_depth
from kpop_assets.harvest.chart_years import (
    ChartGapError,
    ChartYearMissingError,
    ChartYears,
    chart_years,
)
from kpop_assets.sample_world.deeper_chart import invented_artist_types
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.sites.charts.chart_rows import ChartRow
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.sites.http.transport import Limits
from kpop_assets.store.artifacts import Store
from kpop_assets.store.records import record_bytes
from kpop_assets_tests.conftest import failure_text, metadata

CIRCLE = "circlechart.kr"
NOW = datetime(2026, 1, 2, tzinfo=UTC)
NO_RETRIES = Limits(retries=0)

Materialize = Callable[..., dg.ExecuteInProcessResult]
Years = Callable[..., ChartYears]


@pytest.fixture
def years(site: SampleSite, tmp_path: Path) -> Years:
    """The chart years from the sample site, kept in `tmp_path`."""
    session = SiteSession.sample(site.address, NO_RETRIES)

    def of(first_year: int, last_year: int, **options) -> ChartYears:
        return chart_years(session, Store(tmp_path), first_year, last_year, **options)

    return of


def asked(site: SampleSite) -> int:
    """How often the chart was asked for since the last time."""
    count = sum(n for (host, _), n in site.sent.items() if host == CIRCLE)
    site.sent.clear()
    return count


def row(rank: int, artist: str, album: str, year: int = 2018) -> ChartRow:
    return ChartRow(year, rank, artist, album, 100 - rank, None, "https://x", NOW)


def kept_file(store: Path, year: int) -> Path:
    return store / "chart_years" / "sample" / f"{year}.json"


def change_kept(store: Path, year: int, **changes: str) -> None:
    path = kept_file(store, year)
    record = {**json.loads(path.read_text()), **changes}
    del record["sha256"]
    path.write_bytes(record_bytes(record, "gaon_year_end_top10"))


def test_the_chart_has_titles_with_version_remarks_split_off(
    materialize_at: Materialize, tmp_path: Path
) -> None:
    result = materialize_at(
        "gaon_year_end_top10", gaon_year_end_top10=ChartConfig(first_year=2013, last_year=2013)
    )
    assert result.success
    chart = pd.read_parquet(tmp_path / "gaon_year_end_top10.parquet").set_index("rank")
    assert chart.index.tolist() == list(range(1, 11))
    assert chart.loc[3, "album_printed"] == "XOXO (Kiss Ver.)"
    assert chart.loc[3, "album"] == "XOXO"
    assert chart.loc[3, "version"] == "Kiss Ver."
    assert chart.loc[2, "artist_type"] == "girl"
    assert chart["sales"].dtype == "Int64"
    assert chart.loc[1, "sales"] == 335823
    assert set(chart["sites"]) == {"sample"}
    assert chart["source_address"].str.startswith("sample://circlechart.kr").all()
    assert chart["thumbnail_address"].str.startswith("https://circlechart.kr/uploadDir/").all()
    assert chart["fetched_at"].dt.tz is not None


def test_a_finished_year_is_fetched_once_and_the_last_one_each_time(
    site: SampleSite, years: Years
) -> None:
    first = years(2014, 2016)
    assert (asked(site), first.fetched) == (3, [2014, 2015, 2016])
    again = years(2014, 2016)
    assert (asked(site), again.fetched) == (1, [2016])
    assert again.rows[2014] == first.rows[2014]
    assert again.rows[2016][0].fetched_at > first.rows[2016][0].fetched_at
    assert years(2013, 2015).fetched == [2013, 2015]
    assert years(2014, 2016, refetch=True).fetched == [2014, 2015, 2016]


def test_a_year_that_was_kept_before_it_had_ended_is_fetched_again(
    years: Years, tmp_path: Path
) -> None:
    years(2014, 2016)
    change_kept(tmp_path, 2014, fetched_at="2014-12-31T20:00:00+00:00")
    change_kept(tmp_path, 2015, fetched_at="2016-01-15T20:00:00+00:00")
    again = years(2014, 2016)
    assert again.fetched == [2014, 2016]
    assert again.rows[2015][0].fetched_at == datetime(2016, 1, 15, 20, tzinfo=UTC)


def test_what_is_kept_is_the_answer_as_it_came(years: Years, tmp_path: Path) -> None:
    [first, *_] = years(2018, 2018).rows[2018]
    record = json.loads(kept_file(tmp_path, 2018).read_bytes())
    assert datetime.fromisoformat(record["fetched_at"]) == first.fetched_at
    assert record["source_address"] == first.source_address
    assert "LOVE YOURSELF 轉 `Tear`" in record["answer"]
    assert "targetTime" in json.loads(record["answer"])["ErrorMsg"]


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b'{"fetched_at": "2026',
        b"[]",
        b"\xff\xfe",
        b'{"fetched_at": 7, "source_address": "", "answer": ""}',
        b'{"fetched_at": "2026-01-02T00:00:00+00:00", "source_address": "", "answer": "{}"}',
        b"[" * 100_000,
    ],
)
def test_a_damaged_kept_file_is_fetched_again(years: Years, tmp_path: Path, damage: bytes) -> None:
    years(2014, 2015)
    kept_file(tmp_path, 2014).write_bytes(damage)
    assert years(2014, 2015).fetched == [2014, 2015]
    assert years(2014, 2015).fetched == [2015]


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("500", "500"),
        ("error page with 200", "expected JSON"),
        ("changed layout", "SERVICE_RANKING"),
        ("empty search", "0 entries came, where 100 came before"),
    ],
)
def test_a_kept_year_outlives_the_site_with_the_reason(
    site: SampleSite, years: Years, kind: str, reason: str
) -> None:
    before = years(2014, 2015)
    site.faults.append(Fault(CIRCLE, kind))
    warnings: list[str] = []
    after = years(2014, 2015, refetch=True, warn=warnings.append)
    assert after.rows == before.rows
    assert after.fetched == []
    assert set(after.not_refreshed) == {2014, 2015}
    assert reason in after.not_refreshed[2014]
    assert len(warnings) == 2
    assert "2014" in warnings[0]
    assert reason in warnings[0]


def test_an_answer_with_fewer_entries_than_before_is_not_taken(
    years: Years, tmp_path: Path
) -> None:
    years(2015, 2015)
    record = json.loads(kept_file(tmp_path, 2015).read_bytes())
    answer = json.loads(record["answer"])
    answer["List"]["100"] = {**answer["List"]["99"]}
    change_kept(tmp_path, 2015, answer=json.dumps(answer))
    again = years(2015, 2015)
    assert len(again.rows[2015]) == 101
    assert "100 entries came, where 101 came before" in again.not_refreshed[2015]


def test_a_late_correction_of_the_last_year_is_taken(years: Years, tmp_path: Path) -> None:
    first = years(2014, 2015)
    text = json.loads(kept_file(tmp_path, 2015).read_bytes())["answer"]
    change_kept(tmp_path, 2015, answer=text.replace(first.rows[2015][0].artist, "Preliminary"))
    assert years(2014, 2015).rows[2015][0].artist == first.rows[2015][0].artist
    assert "Preliminary" not in kept_file(tmp_path, 2015).read_text()


def test_a_year_never_kept_that_cannot_be_fetched_is_a_named_error(
    site: SampleSite, years: Years
) -> None:
    years(2014, 2015)
    site.faults.append(Fault(CIRCLE, "500"))
    with pytest.raises(ChartYearMissingError, match="the chart of 2013, which was never fetched"):
        years(2013, 2015)


def test_years_at_the_end_may_be_missing_but_none_in_the_middle(years: Years) -> None:
    assert years(2025, 2027).empty == [2026, 2027]
    with pytest.raises(ChartGapError, match="none for 2009"):
        years(2009, 2010)
    with pytest.raises(ChartGapError, match="none for any year"):
        chart_table([])


def test_the_asset_says_which_years_were_kept_and_why_and_its_version_follows_the_content(
    materialize_at: Materialize, site: SampleSite, tmp_path: Path
) -> None:
    config = ChartConfig(first_year=2014, last_year=2015)
    versions = []
    for faults in ([], [Fault(CIRCLE, "error page with 200")]):
        site.faults[:] = faults
        result = materialize_at("gaon_year_end_top10", gaon_year_end_top10=config)
        assert result.success
        [event] = result.asset_materializations_for_node("gaon_year_end_top10")
        versions.append(event.tags["dagster/data_version"])
    assert versions[0] == versions[1]
    said = metadata(result, "gaon_year_end_top10")
    assert said["years_fetched"] == []
    assert list(said["years_not_refreshed"]) == ["2015"]
    assert "expected JSON" in said["years_not_refreshed"]["2015"]

    before = (tmp_path / "gaon_year_end_top10.parquet").read_bytes()
    earlier = ChartConfig(first_year=2013, last_year=2015)
    failed = materialize_at("gaon_year_end_top10", gaon_year_end_top10=earlier)
    assert "ChartYearMissingError" in failure_text(failed)
    assert (tmp_path / "gaon_year_end_top10.parquet").read_bytes() == before


def test_a_deeper_chart_takes_more_ranks_without_asking_the_site_again(
    materialize_at: Materialize, site: SampleSite, tmp_path: Path
) -> None:
    def chart(depth: int) -> tuple[pd.DataFrame, dict[str, Any]]:
        config = ChartConfig(first_year=2014, last_year=2015, chart_depth=depth)
        result = materialize_at("gaon_year_end_top10", gaon_year_end_top10=config)
        assert result.success
        passed = {each.check_name for each in result.get_asset_check_evaluations() if each.passed}
        assert passed >= {
            "ranks_without_gaps",
            "sales_do_not_rise_with_rank",
            "every_artist_has_a_type",
        }
        table = pd.read_parquet(tmp_path / "gaon_year_end_top10.parquet")
        return table, metadata(result, "gaon_year_end_top10")

    top, said = chart(10)
    asked(site)
    deep, said_deep = chart(100)
    assert asked(site) == 1
    assert deep["rank"].tolist() == [*range(1, 101)] * 2
    assert deep[deep["rank"] <= 10]["album"].tolist() == top["album"].tolist()
    assert set(deep[deep["rank"] > 10]["artist"]) <= set(invented_artist_types())
    assert said["covers_by_depth"] == said_deep["covers_by_depth"]
    counts = [dict(record.data) for record in said["covers_by_depth"].records]
    assert [each["depth"] for each in counts] == [10, 20, 50, 100]
    assert [each["years_that_deep"] for each in counts] == [2, 2, 2, 2]
    assert [each["artists_without_type"] for each in counts] == [0, 0, 0, 0]
    for key in ("boy", "girl", "popular"):
        sizes = [each[key] for each in counts]
        assert sizes == sorted(set(sizes))
    assert counts[0]["popular"] == len(top[["artist", "album"]].drop_duplicates())
    assert counts[3]["girl"] == len(
        deep.loc[deep["artist_type"] == "girl", ["artist", "album"]].drop_duplicates()
    )


def test_covers_by_depth_counts_versions_once_and_the_years_that_reach_so_deep() -> None:
    rows = [
        *(row(1, "EXO", "XOXO (Kiss Ver.)"), row(2, "EXO", "XOXO (Hug Ver.)")),
        *(row(10, "소녀시대", "Oh!"), row(10, "Nobody Knows", "New", 2019)),
        *(row(11, "소녀시대", "Hoot"), row(50, "EXO", "Growl")),
    ]
    counts = covers_by_depth(rows, {"EXO": "boy", "소녀시대": "girl"})
    assert [tuple(each.values()) for each in counts] == [
        (10, 1, 1, 3, 2, 1),
        (20, 1, 2, 4, 0, 1),
        (50, 2, 2, 5, 1, 1),
        (100, 2, 2, 5, 0, 1),
    ]


def test_an_unknown_artist_gets_no_type() -> None:
    table = chart_table([row(1, "Nobody Knows", "New"), row(2, "엑소", "XOXO")])
    assert pd.isna(table["artist_type"][0])
    assert table["artist_type"][1] == "boy"


def test_the_invented_acts_have_a_type_in_the_sample_world_only() -> None:
    [act, *_] = invented_artist_types()
    assert pd.isna(chart_table([row(1, act, "New")])["artist_type"][0])
