"""Same content upstream asks for nothing; other content asks for the sets it touches."""

from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.defs.automation import (
    WHEN_A_SET_CHANGED,
    WHEN_ANY_CONTENT_CHANGED,
    WHEN_CONTENT_CHANGED,
)
from kpop_assets.defs.generators.cover_generator import WHEN_COVERS_CHANGED
from kpop_assets.settings import Settings
from kpop_assets_tests.conftest import Materialize, drawn_cover

CONDITIONS = (
    *(WHEN_CONTENT_CHANGED, WHEN_COVERS_CHANGED),
    *(WHEN_ANY_CONTENT_CHANGED, WHEN_A_SET_CHANGED),
)
TRAINED = ("cover_tensors", "cover_generator", "training_gif", "sample_covers")

Requested = Callable[[], set[tuple[str, str | None]]]


@pytest.fixture
def requested(tmp_path: Path, covers_folder: Path, instance: dg.DagsterInstance) -> Requested:
    """Evaluates the automation once more and returns the (asset, cover set) pairs it requests."""
    lineage = definitions(
        Settings(sites="sample", covers_dir=covers_folder, store=tmp_path / "store")
    )
    cursor: object = None

    def evaluate() -> set[tuple[str, str | None]]:
        nonlocal cursor
        result = dg.evaluate_automation_conditions(lineage, instance=instance, cursor=cursor)
        cursor = result.cursor
        return {
            (key.to_user_string(), partition)
            for key in map(dg.AssetKey, ("cover_catalog", "cover_set_contrast", *TRAINED))
            for partition in result.get_requested_partitions(key)
        }

    return evaluate


def test_same_content_requests_nothing_and_new_content_its_sets_only(
    materialize_folder: Materialize, requested: Requested, covers_folder: Path
) -> None:
    for cover_set in ("boy", "girl"):
        assert materialize_folder(cover_set=cover_set).success
    assert requested() == set()

    for same_again in ("folder_covers", "cover_catalog", "cover_tensors"):
        assert materialize_folder(same_again).success
        assert requested() == set()

    drawn_cover(99).save(covers_folder / "new.png")
    with (covers_folder / "covers.csv").open("a") as table:
        table.write("\nnew.png,girl")
    assert materialize_folder("folder_covers").success
    assert ("cover_catalog", None) in requested()

    assert materialize_folder("cover_catalog").success
    assert ("cover_tensors", "girl") in requested()

    for cover_set in ("boy", "girl"):
        assert materialize_folder("cover_tensors", cover_set=cover_set).success
    assert {pair for pair in requested() if pair[0] == "cover_generator"} == {
        ("cover_generator", "girl")
    }


def test_one_profile_is_enough_to_compare_what_is_there(
    materialize_folder: Materialize, requested: Requested
) -> None:
    assert materialize_folder("folder_covers", "cover_catalog", *TRAINED).success
    assert ("cover_set_contrast", None) not in requested()
    assert materialize_folder("visual_profile").success
    assert ("cover_set_contrast", None) in requested()


def test_a_chart_without_a_generator_asks_for_no_page(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=tmp_path))
    evaluated = dg.evaluate_automation_conditions(lineage, instance=instance)

    def page_requested(asset: str, partition: str | None = None) -> bool:
        nonlocal evaluated
        tags = {"dagster/data_version": "new"}
        made = dg.AssetMaterialization(asset, partition=partition, tags=tags)
        instance.report_runless_asset_event(made)
        evaluated = dg.evaluate_automation_conditions(
            lineage, instance=instance, cursor=evaluated.cursor
        )
        return bool(evaluated.get_requested_partitions(dg.AssetKey("gallery_page")))

    assert not page_requested("chart_diversity")
    assert not page_requested("generated_songs")
    assert page_requested("cover_generator", partition="boy")


def test_every_asset_but_the_sources_follows_content(tmp_path: Path) -> None:
    lineage = definitions(Settings(sites="sample", covers_dir=None, store=tmp_path))
    others = {
        spec.key.to_user_string()
        for spec in lineage.resolve_all_asset_specs()
        if spec.automation_condition not in CONDITIONS
    }
    assert others == {"gaon_year_end_top10", "crawled_covers", "song_files"}
