"""What the lineage says of its covers and of the generated ones."""

import json
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets_tests.conftest import (
    TINY_TRAINING,
    UP_TO_TRAINING,
    Materialize,
    failure_text,
    metadata,
)

SMALL = {
    "base_generator": {"config": {"sets_below": 0}},
    "cover_generator": {"config": TINY_TRAINING.model_dump(exclude_none=True)},
    "sample_covers": {"config": {"covers": 6, "interpolation_frames": 0}},
}


def checks(result: dg.ExecuteInProcessResult) -> dict[str, dg.AssetCheckEvaluation]:
    return {one.check_name: one for one in result.get_asset_check_evaluations()}


@pytest.fixture
def judged(materialize_folder: Materialize):
    def run(*assets: str, most_copies: float = 1.0, cover_set: str = "boy"):
        config = {
            **{name: value for name, value in SMALL.items() if name in assets},
            "generator_quality": {"config": {"samples": 16}},
            "originality": {"config": {"samples": 16, "most_copies": most_copies}},
        }
        chosen = {name: value for name, value in config.items() if name in assets}
        return materialize_folder(*assets, cover_set=cover_set, run_config={"ops": chosen})

    return run


def test_profiles_have_a_row_for_each_cover_and_each_sample(judged, tmp_path: Path) -> None:
    result = judged(*UP_TO_TRAINING, "visual_profile", "cover_set_contrast")
    assert result.success
    profile = pd.read_parquet(tmp_path / "store/visual_profile/boy/profile.parquet")
    assert profile["kind"].value_counts().to_dict() == {"real": 6, "generated": 6}
    assert set(profile["cover_set"]) == {"boy"}
    assert profile["brightness"].between(0, 1).all()
    assert [len(colours) for colours in profile["palette"]] == [5] * 12
    assert metadata(result, "visual_profile")["real_covers"] == 6


def test_sets_are_compared_when_there_are_two(judged, tmp_path: Path) -> None:
    one = judged(*UP_TO_TRAINING, "visual_profile", "cover_set_contrast")
    assert metadata(one, "cover_set_contrast")["sets_without_profile"] == [
        *("girl", "popular", "general"),
    ]
    two = judged(*UP_TO_TRAINING, "visual_profile", "cover_set_contrast", cover_set="popular")
    said = str(metadata(two, "cover_set_contrast")["said"])
    assert "boy against popular without boy, real covers (6 and 3)" in said
    found = pd.read_parquet(tmp_path / "store/cover_set_contrast/all/contrasts.parquet")
    assert set(found["kind"]) == {"real", "generated"}


def test_quality_and_originality_are_told_and_checked(judged, tmp_path: Path) -> None:
    result = judged(*UP_TO_TRAINING, "generator_quality", "originality")
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
    again = judged("generator_quality")
    assert checks(again)["kid_is_not_worse"].passed
    assert "after" in str(checks(again)["kid_is_not_worse"].description)


def test_too_few_samples_shown_is_named(judged) -> None:
    assert "materialize cover_tensors [boy] first" in failure_text(
        judged("folder_covers", "cover_catalog", "visual_profile")
    )
