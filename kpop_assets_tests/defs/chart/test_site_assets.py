"""The assets that talk to the sites, on the sample site."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.defs.chart.gaon_year_end_top10 import ChartConfig
from kpop_assets.harvest.chart_entries import chart_table
from kpop_assets.harvest.entry_covers import SourceOutageError, covers_of_entries
from kpop_assets.project import REFERENCE_FOLDER
from kpop_assets.sample_world.server import SampleSite
from kpop_assets.settings import Settings
from kpop_assets.sites.charts.circle import fetch_year_end_chart
from kpop_assets.sites.http.session import SiteSession
from kpop_assets.store.artifacts import Store

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


def test_versions_of_one_album_share_a_cover_and_every_entry_has_a_source_or_a_reason(
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
    assert covers["source"].notna().equals(covers["hash"].notna())
    assert covers["reason"].notna().equals(covers["hash"].isna())
    stored = tmp_path / covers["path"].dropna().iloc[0]
    assert stored.stat().st_size == covers["bytes"].dropna().iloc[0]


def test_covers_are_refused_when_melon_is_down(tmp_path: Path) -> None:
    with SampleSite(REFERENCE_FOLDER) as site:
        address = site.address
        chart = chart_table(fetch_year_end_chart(SiteSession.sample(address), 2024)[:10])
    with pytest.raises(SourceOutageError, match="for 10 albums, but 10 failed"):
        covers_of_entries(chart, SiteSession.sample(address), Store(tmp_path), print)
