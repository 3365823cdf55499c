"""The asset melon_covers: what its table, metadata and data version say."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.defs.chart import melon_covers as chart_covers
from kpop_assets.defs.chart.melon_covers import MelonConfig, melon_covers
from kpop_assets.defs.freshness import SOURCES_ANSWERED
from kpop_assets.defs.resources import StoreResource, TableIOManager
from kpop_assets.sample_world.faults import Fault
from kpop_assets.sample_world.server import SampleSite
from kpop_assets_tests.conftest import failure_text, metadata
from kpop_assets_tests.defs.chart.test_entry_covers import JUST_US, WHO_AM_I, album_id, chart_of
from kpop_assets_tests.defs.conftest import RunningSite

Materialize = Callable[..., dg.ExecuteInProcessResult]


@pytest.fixture
def table_of_settled_albums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "melon_albums.csv"
    path.write_text("artist,album,album_id\n", encoding="utf-8")
    monkeypatch.setattr(chart_covers, "SETTLED_ALBUMS", path)
    return path


@pytest.fixture
def materialize(
    running_site: SampleSite,
    tmp_path: Path,
    instance: dg.DagsterInstance,
    table_of_settled_albums: Path,
) -> Materialize:
    """Materializes melon_covers on the chart of 2014, or on another that is given."""
    running_site.faults.clear()
    assert table_of_settled_albums.exists()
    chart_asset = dg.AssetSpec("gaon_year_end_top10", metadata={"dagster/io_manager_key": "tables"})

    def run(
        config: MelonConfig | None = None, chart: pd.DataFrame | None = None
    ) -> dg.ExecuteInProcessResult:
        chart = chart_of(running_site, 2014) if chart is None else chart
        chart.to_parquet(tmp_path / "gaon_year_end_top10.parquet", index=False)
        return dg.materialize(
            [melon_covers, chart_asset],
            selection="melon_covers",
            resources={
                "store": StoreResource(root=str(tmp_path), sites="sample"),
                "tables": TableIOManager(root=str(tmp_path)),
                "sites": RunningSite(
                    sites="sample",
                    address=running_site.address,
                    patient=not running_site.faults,
                ),
            },
            instance=instance,
            run_config=dg.RunConfig(ops={"melon_covers": config} if config else {}),
            raise_on_error=False,
        )

    return run


def records(result: dg.ExecuteInProcessResult, name: str) -> list[dict[str, object]]:
    [event] = result.asset_materializations_for_node("melon_covers")
    table = event.metadata[name]
    assert isinstance(table, dg.TableMetadataValue)
    return [dict(record.data) for record in table.records]


def complaints(result: dg.ExecuteInProcessResult) -> list[str]:
    """What the check says that did not answer."""
    [check] = result.get_asset_check_evaluations()
    assert check.check_name == SOURCES_ANSWERED
    found = check.metadata["complaints"].value
    assert isinstance(found, list)
    assert check.passed == (not found)
    return found


def data_version(result: dg.ExecuteInProcessResult) -> str:
    [event] = result.asset_materializations_for_node("melon_covers")
    return (event.tags or {})["dagster/data_version"]


def test_the_metadata_says_from_where_covers_came(materialize: Materialize) -> None:
    result = materialize()
    assert result.success
    said = metadata(result, "melon_covers")
    assert said["covers_by_source"] == {"melon": 8, "cover_art_archive": 1, "circle": 1}
    assert said["entries_without_cover"] == 0
    assert said["entries_kept_from_before"] == 0
    assert "needs_review" not in said
    assert said["gone_from_the_web"] == 0


def test_albums_below_the_threshold_stand_in_needs_review_until_a_line_settles_them(
    materialize: Materialize, running_site: SampleSite, table_of_settled_albums: Path
) -> None:
    running_site.faults.append(Fault("coverartarchive.org", "404"))
    review = records(materialize(), "needs_review")
    assert {(each["artist"], each["album"]) for each in review} == {JUST_US}
    assert len(review) == 3
    assert [each["score"] for each in review] == sorted(
        (each["score"] for each in review), reverse=True
    )
    beginning = next(each for each in review if each["candidate_title"] == "The Beginning")
    assert beginning["album_id"] == album_id(running_site, ("JYJ", "The Beginning"))
    assert beginning["reason"].startswith("titles are")  # type: ignore[attr-defined]
    assert (beginning["year"], beginning["rank"]) == (2014, 6)

    line = str(beginning["line"])
    assert line == f"JYJ,JUST US,{beginning['album_id']}"
    with table_of_settled_albums.open("a", encoding="utf-8") as table:
        table.write(line + "\nNobody,Nothing,none\n")
    result = materialize()
    said = metadata(result, "melon_covers")
    assert "needs_review" not in said
    assert said["covers_by_source"] == {"melon": 9, "circle": 1}
    assert said["settled_but_not_on_the_chart"] == ["Nobody, Nothing"]


def test_a_bad_line_fails_before_anything_is_fetched(
    materialize: Materialize, running_site: SampleSite, table_of_settled_albums: Path
) -> None:
    table_of_settled_albums.write_text("artist,album,album_id\nJYJ,JUST US,?\n", encoding="utf-8")
    running_site.sent.clear()
    said = failure_text(materialize())
    assert "melon_albums.csv, line 2: expected an album id or the word none" in said
    assert not running_site.sent


def test_the_same_covers_have_the_same_data_version_and_an_outage_does_not_change_it(
    materialize: Materialize, running_site: SampleSite
) -> None:
    version = data_version(materialize())
    assert data_version(materialize()) == version
    running_site.faults.append(Fault("www.melon.com", "error page with 200"))
    result = materialize(MelonConfig(look_up_again=True))
    assert data_version(result) == version
    kept = records(result, "kept_from_before")
    assert len(kept) == 8, "the shops and the chart still answer for the other two"
    assert all("expected" in str(each["because"]) for each in kept)


def test_a_picture_gone_from_the_web_is_said_and_changes_the_data_version(
    materialize: Materialize, running_site: SampleSite
) -> None:
    version = data_version(materialize())
    tense = album_id(running_site, ("동방신기", "TENSE"))
    running_site.faults.append(Fault("cdnimg.melon.co.kr", "404", f".*{tense}"))
    result = materialize()
    assert metadata(result, "melon_covers")["gone_from_the_web"] == 1
    [kept] = records(result, "kept_from_before")
    assert str(kept["because"]).startswith("its picture is gone since 20")
    assert data_version(result) != version


def test_an_outage_without_earlier_covers_fails_and_writes_nothing(
    materialize: Materialize, running_site: SampleSite, tmp_path: Path
) -> None:
    running_site.faults.append(Fault("www.melon.com", "changed layout"))
    assert "SourceOutageError" in failure_text(materialize())
    assert not (tmp_path / "melon_covers.parquet").exists()


def test_an_outage_while_many_entries_are_new_leaves_the_earlier_table_as_it_is(
    materialize: Materialize, running_site: SampleSite, tmp_path: Path
) -> None:
    assert materialize().success
    path = tmp_path / "melon_covers.parquet"
    before = path.read_bytes()
    running_site.faults.append(Fault("www.melon.com", "500"))
    result = materialize(chart=chart_of(running_site, 2014, 2018))
    said = failure_text(result)
    assert "expected Melon to answer for 20 albums, but 10 failed" in said
    assert path.read_bytes() == before
    assert not result.get_asset_check_evaluations()


def test_the_check_warns_while_covers_are_kept(
    materialize: Materialize, running_site: SampleSite
) -> None:
    assert complaints(materialize()) == []
    running_site.faults.append(Fault("cdnimg.melon.co.kr", "500"))
    [complaint] = complaints(materialize())
    assert complaint.startswith("8 entries are those from before, the first because: ")
    running_site.faults.clear()
    assert complaints(materialize()) == []


def test_a_damaged_earlier_table_is_made_anew(materialize: Materialize, tmp_path: Path) -> None:
    (tmp_path / "melon_covers.parquet").write_bytes(b"PAR1 damaged")
    assert materialize().success
    covers = pd.read_parquet(tmp_path / "melon_covers.parquet")
    assert set(covers.loc[covers["album"] == WHO_AM_I[1], "source"]) == {"circle"}
