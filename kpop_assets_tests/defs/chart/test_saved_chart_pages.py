"""Chart years from a folder of saved pages of the old site."""

from pathlib import Path

import pandas as pd

from kpop_assets.defs.chart.gaon_year_end_top10 import ChartConfig
from kpop_assets.sample_world.server import SampleSite
from kpop_assets_tests.conftest import Materialize, failure_text, metadata
from kpop_assets_tests.defs.chart.test_chart import asked, kept_file

SAVED = """<meta charset="utf-8"><div class="chart"><table>{}</table></div>"""


SAVED_ROW = """<tr><td class="ranking">{}</td><td class="subject"><p>Oh! {}</p>
<p class="singer">소녀시대 | Oh! {}</p></td><td class="count"><p>{}</p></td></tr>"""


def test_years_of_a_folder_of_saved_pages_come_from_there(
    materialize_at: Materialize, site: SampleSite, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    entries = "".join(SAVED_ROW.format(rank, rank, rank, 1000 - rank) for rank in range(1, 51))
    (folder / "album_2012.html").write_text(SAVED.format(entries), encoding="utf-8")
    config = ChartConfig(first_year=2012, last_year=2013, saved_pages=str(folder))
    result = materialize_at("gaon_year_end_top10", gaon_year_end_top10=config)
    assert result.success
    assert asked(site) == 1
    chart = pd.read_parquet(tmp_path / "gaon_year_end_top10.parquet")
    saved = chart[chart["year"] == 2012]
    assert len(saved) == 10
    assert set(saved["source_address"]) == {"saved:album_2012.html"}
    assert set(saved["artist_type"]) == {"girl"}
    assert set(chart[chart["year"] == 2013]["source_address"].str[:9]) == {"sample://"}
    said = metadata(result, "gaon_year_end_top10")
    assert said["years_from_saved_pages"] == [2012]
    assert said["covers_by_depth"].records[3].data["years_that_deep"] == 1
    assert not kept_file(tmp_path, 2012).exists()


def test_a_saved_page_that_cannot_be_read_fails_the_run_by_its_name(
    materialize_at: Materialize, tmp_path: Path
) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "2012.html").write_text("<p>Not Found</p>")
    config = ChartConfig(first_year=2012, last_year=2013, saved_pages=str(folder))
    result = materialize_at("gaon_year_end_top10", gaon_year_end_top10=config)
    assert "saved:2012.html (year 2012)" in failure_text(result)
    assert not (tmp_path / "gaon_year_end_top10.parquet").exists()
