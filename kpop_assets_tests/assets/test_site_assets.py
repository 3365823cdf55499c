"""The assets that talk to the sites, on the sample site."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.assets.chart_entries import (
    ChartGapError,
    chart_table,
    fetched_rows,
)
from kpop_assets.assets.entry_covers import MelonUnreachableError, covers_of_entries
from kpop_assets.config import ChartConfig
from kpop_assets.definitions import definitions
from kpop_assets.settings import REFERENCE_FOLDER, Settings
from kpop_assets.sites.sample.server import SampleSite
from kpop_assets.sites.session import SiteSession
from kpop_assets.store import Store

Materialize = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def materialize_sites(tmp_path: Path, instance: dg.DagsterInstance) -> Materialize:
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=tmp_path))

    def materialize(*selection: str, **config: dg.Config) -> dg.ExecuteInProcessResult:
        return dg.materialize(
            list(lineage.assets or []),
            selection=selection,
            resources=lineage.resources,
            instance=instance,
            run_config=dg.RunConfig(ops=dict(config)),
            raise_on_error=False,
        )

    return materialize


def test_the_chart_has_titles_with_version_remarks_split_off(
    materialize_sites: Materialize, tmp_path: Path
) -> None:
    result = materialize_sites(
        "gaon_year_end_top10", gaon_year_end_top10=ChartConfig(first_year=2013, last_year=2013)
    )
    assert result.success
    chart = pd.read_parquet(tmp_path / "gaon_year_end_top10.parquet").set_index("rank")
    assert chart.loc[3, "album_printed"] == "XOXO (Kiss Ver.)"
    assert chart.loc[3, "album"] == "XOXO"
    assert chart.loc[3, "version"] == "Kiss Ver."
    assert chart.loc[2, "artist_type"] == "girl"
    assert chart["sales"].dtype == "Int64"
    assert chart.loc[1, "sales"] == 335823
    assert set(chart["sites"]) == {"sample"}
    assert chart["source_address"].str.startswith("sample://circlechart.kr").all()
    assert chart["fetched_at"].dt.tz is not None


def test_versions_of_one_album_share_a_cover_and_an_entry_without_one_has_the_reason(
    materialize_sites: Materialize, tmp_path: Path
) -> None:
    result = materialize_sites(
        "gaon_year_end_top10",
        "melon_covers",
        gaon_year_end_top10=ChartConfig(first_year=2013, last_year=2014),
    )
    assert result.success
    covers = pd.read_parquet(tmp_path / "melon_covers.parquet")
    assert len(covers) == 20
    xoxo = covers[(covers["year"] == 2013) & (covers["album"] == "XOXO")]
    assert xoxo["version"].tolist() == ["Kiss Ver.", "Hug Ver."]
    assert xoxo["hash"].nunique() == 1
    without = covers[covers["hash"].isna()]
    assert len(without) >= 1
    assert without["reason"].str.len().gt(5).all()
    assert covers.loc[covers["hash"].notna(), "reason"].isna().all()
    stored = tmp_path / covers["path"].dropna().iloc[0]
    assert stored.stat().st_size == covers["bytes"].dropna().iloc[0]


def test_covers_are_refused_when_melon_is_down(tmp_path: Path) -> None:
    with SampleSite(REFERENCE_FOLDER) as site:
        address = site.address
        chart = chart_table(fetched_rows(SiteSession.sample(address), 2024, 2024)[0])
    with pytest.raises(MelonUnreachableError, match="for 10 albums, but 10 failed"):
        covers_of_entries(chart, SiteSession.sample(address), Store(tmp_path), print)


def test_an_unknown_artist_gets_no_type() -> None:
    with SampleSite(REFERENCE_FOLDER) as site:
        rows, empty_years = fetched_rows(SiteSession.sample(site.address), 2025, 2027)
    assert empty_years == [2026, 2027]
    table = chart_table([type(rows[0])(**{**vars(rows[0]), "artist": "Nobody Knows"}), rows[1]])
    assert pd.isna(table["artist_type"][0])
    assert table["artist_type"][1] == "boy"


def test_a_year_missing_in_the_middle_of_the_chart_is_refused() -> None:
    with (
        SampleSite(REFERENCE_FOLDER) as site,
        pytest.raises(ChartGapError, match="none for 2009"),
    ):
        fetched_rows(SiteSession.sample(site.address), 2009, 2010)
