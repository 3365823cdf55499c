import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.defs.partitions import COVER_SET_PARTITIONS
from kpop_assets.defs.site_resource import SiteResource
from kpop_assets.settings import Settings
from kpop_assets.sites.http.manners import Manners

LINEAGE = {
    "gaon_year_end_top10": set(),
    "melon_covers": {"gaon_year_end_top10"},
    "crawled_covers": set(),
    "cover_catalog": {"melon_covers", "crawled_covers"},
    "cover_tensors": {"cover_catalog"},
    "base_generator": {"cover_catalog"},
    "cover_generator": {"cover_tensors", "base_generator"},
    "conditional_generator": {"cover_catalog"},
    "conditional_samples": {"conditional_generator"},
    "conditional_quality": {"conditional_generator"},
    "training_gif": {"cover_generator"},
    "sample_covers": {"cover_generator"},
    "visual_profile": {"cover_catalog", "cover_tensors", "sample_covers"},
    "cover_set_contrast": {"visual_profile", "generator_quality"},
    "chart_diversity": {"gaon_year_end_top10", "melon_covers", "cover_catalog"},
    "generator_quality": {"cover_tensors", "cover_generator"},
    "originality": {"cover_tensors", "cover_generator", "sample_covers"},
    "song_catalog": {"song_files"},
    "song_tokens": {"song_files", "song_catalog"},
    "song_model": {"song_tokens"},
    "generated_songs": {"song_model", "song_catalog", "song_tokens"},
    "song_quality": {"song_model", "generated_songs", "song_catalog", "song_tokens"},
    "gallery_page": {
        *("cover_generator", "sample_covers", "visual_profile", "cover_set_contrast"),
        *("generator_quality", "originality", "chart_diversity", "conditional_generator"),
        *("generated_songs", "song_quality"),
        *("melon_covers", "crawled_covers"),
    },
}


@pytest.fixture
def lineage(tmp_path: Path) -> dg.Definitions:
    return definitions(Settings(sites="sample", covers_dir=None, store=tmp_path))


def test_loading_the_definitions_loads_neither_tensorflow_nor_other_slow_libraries() -> None:
    script = (
        "import sys, kpop_assets.definitions\n"
        "slow = ('tensorflow', 'keras', 'pandas', 'pyarrow', 'matplotlib', 'jinja2', 'scipy', "
        "'icrawler', 'fsspec', 'ray', 'dagster_ray')\n"
        "print([name for name in slow if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_definitions_are_loadable(lineage: dg.Definitions) -> None:
    dg.Definitions.validate_loadable(lineage)


def test_the_lineage_leads_from_the_chart_to_film_and_samples(lineage: dg.Definitions) -> None:
    specs = {spec.key.to_user_string(): spec for spec in lineage.resolve_all_asset_specs()}
    for name, deps in LINEAGE.items():
        assert {dep.asset_key.to_user_string() for dep in specs[name].deps} == deps, name


def test_a_run_can_leave_the_songs_out_and_make_them_alone(lineage: dg.Definitions) -> None:
    assets = [one for one in lineage.assets or [] if isinstance(one, dg.AssetsDefinition)]

    def chosen(selection: str) -> set[str]:
        return {
            key.to_user_string() for key in dg.AssetSelection.from_string(selection).resolve(assets)
        }

    songs, covers = chosen('group:"songs"'), chosen('not group:"songs"')
    assert songs == {
        *("song_files", "song_catalog", "song_tokens"),
        *("song_model", "generated_songs", "song_quality"),
    }
    assert covers == set(LINEAGE) - songs
    assert songs | covers == chosen("*")
    assert chosen('group:"songs" or key:"gallery_page"') == songs | {"gallery_page"}
    for name, assets_of_job in (("songs", songs), ("demo", covers), ("original", covers)):
        job = lineage.resolve_job_def(name)
        keys = {key.to_user_string() for key in job.asset_layer.selected_asset_keys}
        assert keys == assets_of_job, name


def test_every_asset_has_what_the_ui_shows(lineage: dg.Definitions) -> None:
    for spec in lineage.resolve_all_asset_specs():
        assert spec.description, spec.key
        assert spec.group_name != "default", spec.key
        assert spec.kinds, spec.key
        assert spec.code_version, spec.key


def test_one_partition_set_from_the_tensors_on(lineage: dg.Definitions) -> None:
    partitions = {
        spec.key.to_user_string(): spec.partitions_def for spec in lineage.resolve_all_asset_specs()
    }
    assert {one for one in partitions.values() if one is not None} == {COVER_SET_PARTITIONS}
    for name in ("cover_tensors", "cover_generator", "training_gif", "sample_covers"):
        assert partitions[name] == COVER_SET_PARTITIONS
    for name in ("cover_catalog", "base_generator", "cover_set_contrast", "gallery_page"):
        assert partitions[name] is None
    assert COVER_SET_PARTITIONS.get_partition_keys() == ["boy", "girl", "popular", "general"]


def test_schedules_are_there_and_off(lineage: dg.Definitions) -> None:
    repository = lineage.get_repository_def()
    for name in ("weekly_general_crawl", "january_chart"):
        schedule = repository.get_schedule_def(name)
        assert schedule.default_status == dg.DefaultScheduleStatus.STOPPED


def test_the_manners_of_the_settings_reach_the_session(tmp_path: Path) -> None:
    manners = Manners("my-study/1 (me)", "Mozilla/5.0 mine", 2.5, 1, honour_robots=False)
    settings = Settings(sites="sample", covers_dir=None, store=tmp_path, manners=manners)
    sites = (definitions(settings).resources or {})["sites"]
    assert isinstance(sites, SiteResource)
    with sites.session() as session:
        assert session.manners == manners


def test_every_config_field_is_described(lineage: dg.Definitions) -> None:
    described = set()
    for asset in lineage.assets or []:
        assert isinstance(asset, dg.AssetsDefinition)
        schema = asset.op.config_schema.config_type
        for name, field in (getattr(schema, "fields", None) or {}).items():
            assert field.description, f"{asset.key}: {name}"
            described.add(asset.key.to_user_string())
    assert {"gaon_year_end_top10", "cover_generator"} <= described
