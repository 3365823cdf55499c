"""The generators of a set side by side: one is current, none is trained twice."""

import shutil
from pathlib import Path

import pytest

from kpop_assets.defs.insight.page.current_records import current_records
from kpop_assets.models.published import generator_folder, trained_folders
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.conftest import (
    TINY_TRAINING,
    Materialize,
    drawn_cover,
    metadata,
    trained,
)

TO_GENERATOR = ("folder_covers", "cover_catalog", "cover_tensors", "cover_generator")


@pytest.mark.usefixtures("store_with_samples")
def test_a_generator_lost_between_two_renames_is_found_again(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    folder = trained(tmp_path / "store")
    folder.rename(folder.with_name(f".{folder.name}.old"))
    assert materialize_folder("sample_covers").success
    assert folder.exists()


def test_the_same_config_and_covers_train_once(
    materialize_folder: Materialize, tmp_path: Path, covers_folder: Path
) -> None:
    once = TINY_TRAINING.model_copy(update={"train_again": False})

    def made() -> dict[str, object]:
        return metadata(materialize_folder(*TO_GENERATOR, training=once), "cover_generator")

    first = made()
    weights = trained(tmp_path / "store") / "generator.keras"
    written = weights.stat().st_mtime_ns
    second = made()
    assert str(second.pop("unchanged_since")).startswith("20")
    assert second == first
    assert weights.stat().st_mtime_ns == written
    drawn_cover(99).save(covers_folder / "0.png")
    assert "unchanged_since" not in made()
    (trained(tmp_path / "store") / "generator.keras").write_bytes(b"torn")
    assert "unchanged_since" not in made()


def test_an_earlier_generator_is_current_again_without_training_when_its_config_is(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    store = Store(tmp_path / "store")
    first = TINY_TRAINING.model_copy(update={"train_again": False})
    other = first.model_copy(update={"seed": 5, "steps": 2})
    made = metadata(materialize_folder(*TO_GENERATOR, training=first), "cover_generator")
    one = generator_folder(store, "boy")
    assert materialize_folder("cover_generator", "sample_covers", training=other).success
    two = generator_folder(store, "boy")
    assert [path.name for path in trained_folders(one.parent)] == [two.name, one.name]
    assert one.name.startswith("original-32px-")
    again = metadata(materialize_folder("cover_generator", training=first), "cover_generator")
    assert generator_folder(store, "boy") == one
    assert str(again["unchanged_since"]).startswith("20")
    assert again.items() >= made.items()
    assert current_records(store, "boy").samples is None
    assert materialize_folder("sample_covers").success
    assert current_records(store, "boy").samples is not None
    assert two.exists()


def test_of_finished_generators_those_that_were_current_last_are_kept(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    trainings = [
        TINY_TRAINING.model_copy(update={"seed": seed, "steps": 1, "finished_kept": 1})
        for seed in range(3)
    ]
    assert materialize_folder(*TO_GENERATOR, training=trainings[0]).success
    first = trained(tmp_path / "store")
    assert materialize_folder("cover_generator", training=trainings[1]).success
    second = trained(tmp_path / "store")
    once = trainings[0].model_copy(update={"train_again": False})
    assert materialize_folder("cover_generator", training=once).success
    assert materialize_folder("cover_generator", training=trainings[2]).success
    assert first.exists()
    assert not second.exists()
    assert trained(tmp_path / "store").exists()


@pytest.mark.usefixtures("store_with_samples")
def test_a_run_killed_before_its_generator_is_current_leaves_the_one_before(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    before = trained(tmp_path / "store")
    shutil.copytree(before, before.with_name("original-32px-000000"))
    assert materialize_folder("sample_covers").success
    assert trained(tmp_path / "store") == before


@pytest.mark.usefixtures("store_with_samples")
def test_another_config_trains_anew(materialize_folder: Materialize) -> None:
    other = TINY_TRAINING.model_copy(update={"seed": 5})
    result = materialize_folder("cover_generator", training=other)
    assert metadata(result, "cover_generator")["resumed_from_step"] == 0
