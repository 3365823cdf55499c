"""What is made of a generator is made once: unchanged inputs give back what is there."""

from pathlib import Path

import pytest

from kpop_assets.models.published import make_current
from kpop_assets_tests.conftest import (
    TINY_TRAINING,
    Materialize,
    drawn_cover,
    metadata,
    trained,
)

ONCE = TINY_TRAINING.model_copy(update={"train_again": False})
SMALL, FEW = {"samples": 8}, {"covers": 4, "interpolation_frames": 0}
AFTER_TRAINING = ("training_gif", "sample_covers", "generator_quality", "originality")
MADE_OF_IT = (*AFTER_TRAINING, "visual_profile", "cover_set_contrast")
CONFIG = {
    "cover_generator": {"config": ONCE.model_dump(mode="json", exclude_none=True)},
    "sample_covers": {"config": FEW},
    "generator_quality": {"config": SMALL},
    "originality": {"config": {**SMALL, "most_copies": 1.0}},
}


def config(*selection: str, **more: dict[str, object]) -> dict[str, object]:
    chosen = {name: {"config": one} for name, one in more.items()}
    return {"ops": {name: one for name, one in {**CONFIG, **chosen}.items() if name in selection}}


@pytest.fixture
def remade(materialize_folder: Materialize):
    """Materializes all up to the contrasts and returns which assets were not unchanged."""
    everything = ("folder_covers", "cover_catalog", "cover_tensors", "cover_generator", *MADE_OF_IT)

    def materialize(*selection: str, **more: dict[str, object]) -> set[str]:
        chosen = selection or everything
        run_config = config(*chosen, **more)
        result = materialize_folder(*chosen, run_config=run_config)
        assert result.success
        checks = {check.check_name for check in result.get_asset_check_evaluations()}
        assert "cover_tensors" not in chosen or "covers_are_enough" in checks
        assert "originality" not in chosen or "copies_are_few" in checks
        decorated = {*MADE_OF_IT, "cover_tensors", "cover_generator"}.intersection(chosen)
        return {name for name in decorated if "unchanged_since" not in metadata(result, name)}

    return materialize


def test_a_second_run_makes_nothing_again_and_reports_it_with_its_checks(remade) -> None:
    assert remade() == {*MADE_OF_IT, "cover_tensors", "cover_generator"}
    assert remade() == set()
    assert remade() == set()


def test_what_changed_is_made_again_with_all_that_follows(
    remade, covers_folder: Path, tmp_path: Path
) -> None:
    upstream = ("folder_covers", "cover_catalog", "cover_tensors")
    chosen = (*upstream, "cover_generator", "training_gif", "sample_covers")
    remade(*chosen)
    other = {**FEW, "seed": 1}
    assert remade(*chosen, sample_covers=other) == {"sample_covers"}
    (tmp_path / "store/training_gif/boy/losses.png").unlink()
    assert remade(*chosen, sample_covers=other) == {"training_gif"}
    drawn_cover(99).save(covers_folder / "0.png")
    assert remade(*chosen, sample_covers=other) == {*chosen} - {"folder_covers", "cover_catalog"}


def test_what_follows_is_made_of_the_current_generator(
    remade, materialize_folder: Materialize, tmp_path: Path
) -> None:
    remade("folder_covers", "cover_catalog", "cover_tensors", "cover_generator", "training_gif")
    first = trained(tmp_path / "store")
    other = ONCE.model_copy(update={"seed": 5})
    assert materialize_folder("cover_generator", training=other).success
    assert remade("training_gif") == {"training_gif"}
    make_current(first)
    assert remade("training_gif") == {"training_gif"}
    assert remade("training_gif") == set()
