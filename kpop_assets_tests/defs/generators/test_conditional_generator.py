"""The generator of all sets that is told what a cover is to be, and what is drawn from it."""

import json
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import dagster as dg
import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image

import kpop_assets
from kpop_assets.cli import kpop
from kpop_assets.defs.generators.conditional_generator import ConditionalConfig
from kpop_assets.defs.generators.conditional_quality import ConditionalQualityConfig
from kpop_assets.defs.generators.conditional_samples import ConditionalSamplesConfig
from kpop_assets.models.errors import ConditionError
from kpop_assets.models.published import current_folder
from kpop_assets.store.artifacts import Store
from kpop_assets.store.tables import stored_table
from kpop_assets_tests.conftest import (
    drawn_cover,
    failure_text,
    materializing,
    metadata,
)

TINY = {
    "steps": 4,
    "image_size": 32,
    "width": 4,
    "noise_size": 8,
    "batch_size": 6,
    "frame_every": 2,
    "checkpoint_every": 2,
    "evaluate_every": 4,
    "evaluation_samples": 8,
}
BOTH = ("conditional_generator", "conditional_samples")
MATERIALIZED = ("folder_covers", "cover_catalog", *BOTH, "conditional_quality")


def write_covers_of_years(folder: Path) -> Path:
    """Covers of two sets, three years and two genres; some have no year or no genre."""
    folder.mkdir()
    lines = ["file,artist_type,year,genre"]
    for seed in range(24):
        artist_type = "boy" if seed < 12 else "girl"
        year = "" if seed % 6 == 0 else 2010 + seed % 3 * 5
        genre = ("ballad", "dance", "")[seed % 3]
        drawn_cover(seed).save(folder / f"{seed}.png")
        lines.append(f"{seed}.png,{artist_type},{year},{genre}")
    (folder / "covers.csv").write_text("\n".join(lines), encoding="utf-8")
    return folder


def config(more: Mapping[str, dg.Config] = MappingProxyType({})) -> dg.RunConfig:
    return dg.RunConfig(
        ops={
            "conditional_generator": ConditionalConfig(**TINY),
            "conditional_samples": ConditionalSamplesConfig(columns=3, frames=6),
            **more,
        }
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    """A store with the generator and its samples, how to make more, and the run that made them."""
    folder = tmp_path_factory.mktemp("conditional")
    with dg.DagsterInstance.ephemeral() as instance:
        covers = write_covers_of_years(folder / "covers")
        materialize = materializing(covers, folder / "store", instance)
        judged = {"conditional_quality": ConditionalQualityConfig(samples=10)}
        result = materialize(*MATERIALIZED, run_config=config(judged))
        assert result.success
        yield folder / "store", materialize, result


def record_of(store: Path) -> dict:
    folder = current_folder(store / "conditional_generator" / "all")
    return json.loads((folder / "generator.json").read_text())


def test_it_learns_from_the_covers_of_all_sets_what_set_and_year_are(made) -> None:
    store, _, _ = made
    record = record_of(store)
    assert record["provenance"]["covers"] == 24
    assert record["conditions"] == [
        {"name": "set", "values": ["boy", "girl"]},
        {"name": "year", "low": 2010.0, "high": 2020.0},
    ]


def test_each_kind_is_judged_by_its_own_covers(made) -> None:
    store, _, _ = made
    evaluations = record_of(store)["evaluations"]
    assert {"kid_boy", "kid_girl", "used_girl", "copies_boy"} <= set(evaluations)


def test_it_is_said_whether_covers_are_what_they_were_told_to_be(made) -> None:
    store, _, result = made
    table = stored_table(Store(store), "conditional_quality")
    [pair] = table[table["kind"] == "pair"].to_dict("records")
    assert (pair["first"], pair["second"]) == ("boy", "girl")
    assert 0 <= pair["generated"] <= 1
    trends = table[table["kind"] == "trend"]
    assert set(trends["along"]) == {"year"}
    assert metadata(result, "conditional_quality")["auc_boy_girl"] == round(pair["generated"], 3)


def test_it_is_trained_once_whichever_set_a_run_is_of(made) -> None:
    _, materialize, first = made
    again = materialize(*BOTH, run_config=config())
    assert metadata(again, BOTH[0])["steps"] == metadata(first, BOTH[0])["steps"]
    assert metadata(again, BOTH[1])["unchanged_since"]


def test_a_row_of_the_sheet_is_a_kind_and_films_run_along_the_conditions(made) -> None:
    store, _, result = made
    samples = store / "conditional_samples" / "all"
    sheet = Image.open(samples / "sheet.png")
    assert sheet.width > sheet.height
    shown = metadata(result, "conditional_samples")
    assert shown["kinds"] == ["boy", "girl"]
    for name in ("along_set_file", "along_year_file", "training_film_file"):
        assert Path(str(shown[name])).stat().st_size > 500


def test_a_column_of_ones_own_table_is_a_condition(made) -> None:
    store, materialize, _ = made
    materialize(
        BOTH[0], run_config={"ops": {BOTH[0]: {"config": {**TINY, "conditions": ["genre"]}}}}
    )
    assert record_of(store)["conditions"] == [{"name": "genre", "values": ["ballad", "dance"]}]
    materialize(BOTH[0], run_config={"ops": {BOTH[0]: {"config": TINY}}})


def test_a_column_that_is_not_there_is_named(made) -> None:
    _, materialize, _ = made
    wrong = {"ops": {BOTH[0]: {"config": {**TINY, "conditions": ["label"]}}}}
    assert "label" in failure_text(materialize(BOTH[0], run_config=wrong))


def test_covers_that_are_all_alike_train_nothing_and_the_run_goes_on(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    (tmp_path / "covers").mkdir()
    for seed in range(3):
        drawn_cover(seed).save(tmp_path / "covers" / f"{seed}.png")
    table = "file,artist_type\n0.png,\n1.png,\n2.png,\n"
    (tmp_path / "covers" / "covers.csv").write_text(table)
    materialize = materializing(tmp_path / "covers", tmp_path / "store", instance)
    result = materialize(*MATERIALIZED, run_config=config())
    assert result.success
    [observed] = result.asset_observations_for_node(BOTH[0])
    assert "all alike by set, year" in str(observed.metadata["not_trained"].value)
    for follows in MATERIALIZED[-2:]:
        assert not result.asset_materializations_for_node(follows)


def test_another_recipe_is_refused() -> None:
    with pytest.raises(ValueError, match="expected the recipe drifting"):
        ConditionalConfig(recipe="dcgan")


def test_covers_are_drawn_by_what_they_are_to_be(made) -> None:
    store, _, _ = made
    generator = kpop_assets.load_conditional(store=store)
    early, late = (generator.draw(2, seed=3, set="girl", year=year) for year in (2010, 2020))
    again = generator.draw(1, seed=3, set="girl", year=2010)
    np.testing.assert_array_equal(early[0].pixels, again[0].pixels)
    assert (early[0].pixels != late[0].pixels).any()
    with pytest.raises(ConditionError, match="expected set to be one of boy, girl, got 'duo'"):
        generator.draw(1, set="duo")


def kpop_run(store: Path, *arguments: str):
    return CliRunner().invoke(kpop, arguments, env={"KPOP_STORE": str(store)})


def test_the_command_line_draws_and_films_them(made, tmp_path: Path) -> None:
    store, _, _ = made
    out = ("--out", str(tmp_path))
    drawn = kpop_run(store, "draw", "--set", "girl", "--year", "2012", "--count", "2", *out)
    assert drawn.exit_code == 0, drawn.output
    assert (tmp_path / "girl-2012-0-001.png").exists()
    to = ("--to", "year=2020", "--to", "set=boy", "--frames", "4", "--format", "webp")
    filmed = kpop_run(store, "film", "--set", "girl", "--year", "2010", *to, *out)
    assert filmed.exit_code == 0, filmed.output
    stops = [("girl", 2010), ("girl", 2020), ("boy", 2020)]
    same = kpop_assets.load_conditional(store=store).walk(
        tmp_path / "same.webp", [{"set": kind, "year": year} for kind, year in stops], frames=4
    )
    assert (tmp_path / "girl-2010-0.webp").read_bytes() == same.read_bytes()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("draw", "boy", "--set", "girl"), "got both"),
        (("draw",), "got neither"),
        (("draw", "--told", "genre"), "expected NAME=VALUE, got genre"),
        (("film", "--set", "girl"), "expected --to"),
        (("draw", "--set", "duo"), "expected set to be one of boy, girl"),
        (("draw", "--year", "1999"), "expected year to be from 2010 to 2020"),
    ],
)
def test_what_cannot_be_asked_for_is_a_line(made, arguments, said, tmp_path: Path) -> None:
    done = kpop_run(made[0], *arguments, "--out", str(tmp_path))
    assert done.exit_code != 0
    assert said in done.output
