"""A chart with broken records: what is taken, what is said, and when it is asked for again."""

import json
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from pydantic import ValidationError

from kpop_assets.defs.chart.gaon_year_end_top10 import ChartConfig
from kpop_assets.sample_world.answers import JSON, Answer
from kpop_assets.sample_world.server import SampleSite
from kpop_assets_tests.conftest import metadata
from kpop_assets_tests.defs.chart.test_chart import Materialize, Years, asked, years  # noqa: F401

Change = Callable[[dict[str, dict[str, str]]], None]


def with_changes(site: SampleSite, monkeypatch, change: Change) -> None:
    """Lets the chart answer with its records changed."""
    right = site._circle

    def circle(request) -> Answer:
        answer = json.loads(right(request).body)
        change(answer["List"])
        return Answer(json.dumps(answer).encode(), JSON)

    monkeypatch.setitem(site._hosts, "circlechart.kr", circle)


def without_artist(records: dict[str, dict[str, str]]) -> None:
    del records["3"]["ARTIST_NAME"]


def test_a_year_with_a_broken_record_is_taken_named_and_asked_for_until_it_is_whole(
    site: SampleSite,
    years: Years,  # noqa: F811
    monkeypatch,
) -> None:
    warnings: list[str] = []
    with monkeypatch.context() as patch:
        with_changes(site, patch, without_artist)
        broken = years(2014, 2015, warn=warnings.append)
    assert [row.rank for row in broken.rows[2014]] == [1, 2, 3, *range(5, 101)]
    assert set(broken.left_out) == {2014, 2015}
    assert "1 of 100 records were left out" in broken.left_out[2014][0]
    assert "text at ARTIST_NAME" in warnings[0]
    assert "no entry came for rank 4" in warnings[0]
    whole = years(2014, 2015)
    assert (whole.fetched, whole.left_out) == ([2014, 2015], {})
    assert [row.rank for row in whole.rows[2014]] == list(range(1, 101))
    assert years(2014, 2015).fetched == [2015]


def test_a_whole_year_that_is_kept_is_not_given_up_for_one_with_a_broken_record(
    site: SampleSite,
    years: Years,  # noqa: F811
    monkeypatch,
) -> None:
    whole = years(2015, 2015)
    with_changes(site, monkeypatch, without_artist)
    again = years(2015, 2015)
    assert again.rows == whole.rows
    assert again.left_out == {}
    assert "99 entries came, where 100 came before" in again.not_refreshed[2015]


def test_what_was_left_out_of_the_chart_is_in_its_metadata_and_the_gap_fails_a_check(
    materialize_at: Materialize, site: SampleSite, monkeypatch, tmp_path: Path
) -> None:
    with_changes(site, monkeypatch, without_artist)
    config = ChartConfig(first_year=2014, last_year=2014)
    result = materialize_at("gaon_year_end_top10", gaon_year_end_top10=config)
    assert result.success
    chart = pd.read_parquet(tmp_path / "gaon_year_end_top10.parquet")
    assert chart["rank"].tolist() == [1, 2, 3, *range(5, 11)]
    said = metadata(result, "gaon_year_end_top10")["left_out_of_years"]
    assert isinstance(said, dict)
    assert "ARTIST_NAME" in said["2014"]
    failed = {each.check_name for each in result.get_asset_check_evaluations() if not each.passed}
    assert "ranks_without_gaps" in failed


def test_a_flood_of_entries_is_cut_before_anything_follows_from_it(
    site: SampleSite,
    years: Years,  # noqa: F811
    monkeypatch,
) -> None:
    def flood(records: dict[str, dict[str, str]]) -> None:
        for number in range(20_000):
            rank, title = str(1 + number % 10), f"Album {number}"
            records[f"x{number}"] = {**records["0"], "SERVICE_RANKING": rank, "ALBUM_NAME": title}

    with_changes(site, monkeypatch, flood)
    flooded = years(2015, 2015)
    assert len(flooded.down_to(10)) == 100
    assert [row.rank for row in flooded.down_to(100)[100:]] == list(range(11, 101))
    assert "at most 10 at a rank" in flooded.left_out[2015][0]


@pytest.mark.parametrize("year", [2101, 10**9])
def test_years_beyond_any_chart_are_refused_in_the_config(year: int) -> None:
    with pytest.raises(ValidationError, match="2100"):
        ChartConfig(last_year=year)
