"""Sets of hardly any covers: refused before anything is trained, or made to the end."""

import json
import math
from pathlib import Path

import pytest
from PIL import Image

from kpop_assets.covers.sets import TooFewCoversError, require_enough
from kpop_assets_tests.conftest import (
    TINY_TRAINING,
    UP_TO_TRAINING,
    Materialize,
    drawn_cover,
    failure_text,
    metadata,
)

JUDGED = (*UP_TO_TRAINING, "generator_quality", "originality", "visual_profile")
SMALL = {
    "base_generator": {"config": {"sets_below": 0}},
    "cover_generator": {"config": TINY_TRAINING.model_dump(mode="json", exclude_none=True)},
    "sample_covers": {"config": {"covers": 6, "interpolation_frames": 0}},
    "generator_quality": {"config": {"samples": 16}},
    "originality": {"config": {"samples": 16, "most_copies": 1.0}},
}


def only(folder: Path, *pictures: Image.Image) -> None:
    """Leave these pictures alone in the folder, all of boy acts."""
    for number, picture in enumerate(pictures):
        picture.save(folder / f"{number}.png")
    lines = [f"{number}.png,boy" for number in range(len(pictures))]
    (folder / "covers.csv").write_text("\n".join(["file,artist_type", *lines]), encoding="utf-8")


def test_one_cover_is_refused_before_anything_is_trained(
    materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    only(covers_folder, drawn_cover(1))
    result = materialize_folder()
    text = failure_text(result)
    assert "TooFewCoversError" in text
    assert "at least 2 covers to train a generator on, but the set 'boy' has 1" in text
    assert "covers.csv" in text
    [observed] = result.asset_observations_for_node("base_generator")
    assert observed.metadata["not_trained"].value == (
        "all sets together have 1 covers, fewer than 60"
    )
    assert not (tmp_path / "store/checkpoints").exists()
    assert not (tmp_path / "store/cover_generator").exists()


def test_two_files_that_show_one_picture_are_one_cover(
    materialize_folder: Materialize, covers_folder: Path
) -> None:
    plain = Image.new("RGB", (300, 300), "#204060")
    only(covers_folder, plain, plain.resize((200, 200)))
    assert "'boy' has 1" in failure_text(materialize_folder())


def test_the_page_of_another_set_is_made_beside_a_set_of_one_cover(
    materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    table = covers_folder / "covers.csv"
    lines = table.read_text().splitlines()
    table.write_text("\n".join(lines[:8]))
    ops = {name: SMALL[name] for name in ("base_generator", "cover_generator", "sample_covers")}
    made = materialize_folder(*UP_TO_TRAINING, "visual_profile", run_config={"ops": ops})
    assert made.success
    assert "'girl' has 1" in failure_text(materialize_folder(cover_set="girl"))
    assert materialize_folder("cover_set_contrast", "gallery_page").success
    page = (tmp_path / "store/gallery.html").read_text()
    assert "boy" in page


@pytest.mark.parametrize("covers", [2, 3])
def test_so_few_covers_are_trained_and_judged_to_the_end(
    covers: int, materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    only(covers_folder, *(drawn_cover(seed) for seed in range(covers)))
    result = materialize_folder(*JUDGED, run_config={"ops": SMALL})
    assert result.success
    checks = {one.check_name: one.passed for one in result.get_asset_check_evaluations()}
    assert not checks["covers_are_enough"]
    assert not checks["kid_is_not_worse"]
    path = tmp_path / "store/generator_quality/boy/quality.json"
    quality = json.loads(path.read_text(), parse_constant=lambda name: pytest.fail(name))
    assert quality["kid_spread"] is None
    assert math.isfinite(quality["diversity"])
    assert metadata(result, "generator_quality")["kid_spread"] == "not measurable"
    assert materialize_folder("cover_set_contrast", "gallery_page").success


def test_covers_that_are_all_alike_have_no_diversity_and_the_page_says_so(
    materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    pictures = [Image.new("RGB", (side, side), "#804020") for side in (64, 80, 96, 112)]
    only(covers_folder, *pictures)
    ops = {**SMALL, "cover_catalog": {"config": {"training_uses": "all"}}}
    result = materialize_folder(*JUDGED, run_config={"ops": ops})
    assert result.success
    checks = {one.check_name: one.passed for one in result.get_asset_check_evaluations()}
    assert not checks["generator_is_varied"]
    quality = json.loads((tmp_path / "store/generator_quality/boy/quality.json").read_text())
    assert quality["covers"] == 4
    assert quality["diversity"] is None
    assert materialize_folder("cover_set_contrast", "gallery_page").success
    assert "not measurable" in (tmp_path / "store/gallery.html").read_text()


def test_what_a_set_lacks_is_said_with_what_to_do() -> None:
    require_enough("boy", 2)
    for covers in (0, 1):
        with pytest.raises(TooFewCoversError, match=rf"'boy' has {covers}.*add covers"):
            require_enough("boy", covers)
