"""What the lineage says of its covers and of the generated ones."""

import json
import re
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets_tests.conftest import (
    TINY_TRAINING,
    Materialize,
    failure_text,
    metadata,
)

SMALL = {
    "cover_generator": {"config": TINY_TRAINING.model_dump(mode="json", exclude_none=True)},
    "sample_covers": {"config": {"covers": 6, "interpolation_frames": 0}},
}
FROM_TENSORS = ("cover_tensors", "cover_generator", "sample_covers")


def checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {one.check_name: one for one in result.get_asset_check_evaluations()}


@pytest.fixture
def judged(materialize_folder: Materialize):
    def run(
        *assets: str,
        most_copies: float = 1.0,
        cover_set: str = "boy",
        run_config: dict | None = None,
    ):
        config = {
            **{name: value for name, value in SMALL.items() if name in assets},
            "generator_quality": {"config": {"samples": 16}},
            "originality": {"config": {"samples": 16, "most_copies": most_copies}},
        }
        chosen = {name: value for name, value in config.items() if name in assets}
        run_config = run_config or {"ops": chosen}
        return materialize_folder(*assets, cover_set=cover_set, run_config=run_config)

    return run


@pytest.mark.usefixtures("store_with_samples")
def test_profiles_have_a_row_for_each_cover_and_each_sample(judged, tmp_path: Path) -> None:
    result = judged("sample_covers", "visual_profile", "cover_set_contrast")
    assert result.success
    profile = pd.read_parquet(tmp_path / "store/visual_profile/boy/profile.parquet")
    assert profile["kind"].value_counts().to_dict() == {"real": 6, "generated": 6}
    assert set(profile["cover_set"]) == {"boy"}
    assert profile["brightness"].between(0, 1).all()
    assert [len(colours) for colours in profile["palette"]] == [5] * 12
    assert metadata(result, "visual_profile")["real_covers"] == 6


@pytest.mark.usefixtures("store_with_samples")
def test_sets_are_compared_when_there_are_two(judged, tmp_path: Path) -> None:
    one = judged("sample_covers", "visual_profile", "cover_set_contrast")
    assert metadata(one, "cover_set_contrast")["sets_without_profile"] == [
        *("girl", "popular", "general"),
    ]
    two = judged(*FROM_TENSORS, "visual_profile", "cover_set_contrast", cover_set="popular")
    said = str(metadata(two, "cover_set_contrast")["findings"])
    assert "boy against popular without boy, own covers (6 and 3)" in said
    assert "generated covers of boy are not compared: trained for 4 steps" in said
    assert contrasted_kinds(tmp_path) == {"real"}


@pytest.mark.usefixtures("store_with_tensors")
def test_generated_covers_are_compared_once_the_generators_are_trained(
    judged, tmp_path: Path
) -> None:
    for cover_set, steps in (("boy", 100), ("popular", 101)):
        training = {**SMALL["cover_generator"]["config"], "steps": steps, "frame_every": 50}
        training |= {"log_every": 50, "observe_every": 50, "checkpoint_every": 50}
        made = judged(
            *(*FROM_TENSORS, "visual_profile", "cover_set_contrast"),
            cover_set=cover_set,
            run_config={"ops": {**SMALL, "cover_generator": {"config": training}}},
        )
        assert made.success
    assert contrasted_kinds(tmp_path) == {"real", "generated"}
    said = str(metadata(made, "cover_set_contrast")["findings"])
    assert "generators of boy and popular differ (steps 100 and 101)" in said
    assert "not compared" not in said


def contrasted_kinds(folder: Path) -> set[str]:
    return set(pd.read_parquet(folder / "store/cover_set_contrast/all/contrasts.parquet")["kind"])


@pytest.mark.usefixtures("store_with_tensors")
def test_quality_and_originality_are_told_and_checked(judged, tmp_path: Path) -> None:
    result = judged(*FROM_TENSORS, "generator_quality", "originality")
    assert result.success
    told = metadata(result, "generator_quality")
    assert told["network"] == "MobileNetV2"
    assert told["kid"] > 300
    assert told["kid_spread"] > 0
    kept = json.loads((tmp_path / "store/generator_quality/boy/quality.json").read_text())
    assert kept["kid"] == pytest.approx(told["kid"], abs=1e-3)
    originality = pd.read_parquet(tmp_path / "store/originality/boy/originality.parquet")
    assert len(originality) == 16
    assert [len(covers) for covers in originality["covers"]] == [3] * 16
    assert "data:image/webp" in str(metadata(result, "originality")["pairs"])
    made = checks(result)
    assert made["losses_are_finite"].passed
    assert made["copies_are_few"].passed
    assert not made["covers_are_enough"].passed
    assert made["covers_are_enough"].severity == dg.AssetCheckSeverity.WARN
    assert made["kid_is_not_worse"].description == f"KID {told['kid']:.0f}, the first judgement"
    more = {"ops": {"generator_quality": {"config": {"samples": 17}}}}
    again = judged("generator_quality", run_config=more)
    assert checks(again)["kid_is_not_worse"].passed
    assert "after" in str(checks(again)["kid_is_not_worse"].description)


def pictures_by_kind(page: str) -> tuple[int, int]:
    """The samples on the page, and the covers shown as nearest to some of them."""
    return page.count('data-index="'), page.count("; distance ")


@pytest.mark.usefixtures("store_with_samples")
def test_the_page_shows_what_belongs_together(judged, tmp_path: Path) -> None:
    made = judged(
        *("sample_covers", "originality", "generator_quality"),
        *("visual_profile", "cover_set_contrast", "gallery_page"),
    )
    path = tmp_path / "store/gallery.html"
    assert metadata(made, "gallery_page")["file"] == str(path)
    assert metadata(made, "gallery_page")["left_out"] == []
    assert "data:image/webp" in str(metadata(made, "gallery_page")["preview"])
    page = path.read_text()
    assert pictures_by_kind(page) == (6, 18)
    assert "boy sample 000, seed 0" in page
    assert re.search(r'"caption": "\d\.png; distance', page)
    assert "No finding: </strong>this generator is trained for 4 steps" in page

    other_noise = {"ops": {"sample_covers": {"config": {"covers": 6, "seed": 7}}}}
    assert judged("sample_covers", run_config=other_noise).success
    page = metadata(judged("gallery_page"), "gallery_page")
    assert page["left_out"] == ["originality of boy, which is of other samples"]
    assert pictures_by_kind(path.read_text()) == (6, 0)

    other = {**TINY_TRAINING.model_dump(mode="json", exclude_none=True), "seed": 5}
    retrained = {"ops": {"cover_generator": {"config": other}}}
    assert judged("cover_generator", run_config=retrained).success
    page = metadata(judged("gallery_page"), "gallery_page")
    assert page["left_out"] == [
        f"{asset} of boy, which is of another generator"
        for asset in ("sample_covers", "generator_quality", "originality")
    ]
    assert pictures_by_kind(path.read_text()) == (0, 0)


@pytest.mark.usefixtures("store_with_samples")
def test_too_many_copies_stop_the_page_and_stay_away_from_it(
    judged, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("kpop_assets.judge.nearest_covers.COPY_DISTANCE", 9.0)
    made = judged("sample_covers", "originality", "gallery_page", most_copies=0.5)
    assert not checks(made)["copies_are_few"].passed
    assert not made.asset_materializations_for_node("gallery_page")
    text = failure_text(judged("gallery_page"))
    assert "boy: 100.0% of its samples are copies, 50.0% are allowed" in text
    assert not (tmp_path / "store/gallery.html").exists()


@pytest.mark.usefixtures("store_with_samples")
def test_what_is_missing_stands_on_the_page_with_what_to_materialize(
    judged, tmp_path: Path
) -> None:
    judged("sample_covers", "gallery_page")
    (tmp_path / "store/folder_covers.parquet").unlink()
    made = judged("gallery_page")
    missing = ["folder_covers", "visual_profile [boy]", "generator_quality of boy"]
    missing += ["originality of boy", "cover_set_contrast"]
    left_out = [f"{asset}, which is not there: materialize it" for asset in missing]
    assert metadata(made, "gallery_page")["left_out"] == left_out
    page = (tmp_path / "store/gallery.html").read_text()
    assert all(f"Not shown: {sentence}" in page for sentence in left_out)


@pytest.mark.usefixtures("store_with_samples")
def test_only_profiles_of_the_runs_world_are_compared(judged, tmp_path: Path) -> None:
    judged("sample_covers", "visual_profile")
    boy, girl = (
        tmp_path / f"store/visual_profile/{cover_set}/profile.parquet"
        for cover_set in ("boy", "girl")
    )
    girl.parent.mkdir()
    profile = pd.read_parquet(boy)
    assert set(profile["sites"]) == {"folder"}
    profile.assign(sites="sample", cover_set="girl").to_parquet(girl)
    told = metadata(judged("cover_set_contrast"), "cover_set_contrast")
    assert (told["sites"], told["sets"]) == ("folder", ["boy"])
    assert "girl is not compared: its profile is of sample covers" in str(told["findings"])

    boy.unlink()
    text = failure_text(judged("cover_set_contrast"))
    assert (
        "expected a visual_profile of folder covers, got that of girl, which is of sample covers"
        in text
    )
    assert "materialize visual_profile in this world (KPOP_SITES, KPOP_COVERS_DIR)" in text


@pytest.mark.usefixtures("store_with_samples")
def test_a_profile_from_before_a_measure_is_left_out_until_it_is_made_again(
    judged, tmp_path: Path
) -> None:
    judged("sample_covers", "visual_profile")
    boy = tmp_path / "store/visual_profile/boy/profile.parquet"
    girl = tmp_path / "store/visual_profile/girl/profile.parquet"
    girl.parent.mkdir()
    pd.read_parquet(boy).assign(cover_set="girl").drop(columns="brightness").to_parquet(girl)
    told = metadata(judged("cover_set_contrast"), "cover_set_contrast")
    assert told["sets"] == ["boy"]
    assert (
        "girl is not compared: its profile was made without brightness: materialize visual_profile"
        in str(told["findings"])
    )


def test_without_any_profile_it_is_said_what_to_materialize(judged) -> None:
    text = failure_text(judged("cover_set_contrast"))
    assert "expected a visual_profile of folder covers, got none; materialize" in text


def test_a_profile_of_a_set_without_tensors_says_what_to_materialize(judged) -> None:
    assert "materialize cover_tensors [boy] first" in failure_text(
        judged("folder_covers", "cover_catalog", "visual_profile")
    )
