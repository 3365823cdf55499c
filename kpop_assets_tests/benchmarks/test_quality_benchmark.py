"""benchmarks/quality/recipes.py at toy size: it remembers what is done, and reports."""

import json
import pathlib

import numpy as np
import pytest
from PIL import Image

from benchmarks.quality import marks, recipes, report
from kpop_assets.covers.showing.grid import cover_grid
from kpop_assets_tests.conftest import drawn_cover


@pytest.fixture
def folder(tmp_path):
    covers = tmp_path / "popular"
    covers.mkdir()
    for seed in range(6):
        drawn_cover(seed).save(covers / f"{seed}.png")
    (covers / "notes.txt").write_text("no picture")
    return covers


@pytest.fixture
def published(tmp_path):
    grids = tmp_path / "published"
    grids.mkdir()
    pictures = np.stack([np.asarray(drawn_cover(seed, (64, 64))) for seed in range(4)])
    sheet = np.pad(cover_grid(pictures, 2), ((2, 2), (2, 2), (0, 0)), constant_values=0)
    Image.fromarray(sheet).save(grids / "popular16_output100_image.png")
    return grids


@pytest.fixture
def arguments(folder, tmp_path):
    tiny = "original:width=4,noise_size=5,batch_size=4,checkpoint_every=1000"
    return [
        *("--popular", str(folder), "--out", str(tmp_path / "out"), "--seeds", "0"),
        *("--recipes", tiny, "--minutes", "0.01", "0.02", "--samples", "8", "--image-size", "32"),
    ]


def result(minutes: list[float], **columns: float) -> dict:
    mark = {"step": 100, "wall_seconds": 60.0, "cpu_seconds": 90.0, "kid_ef": 100.0}
    mark |= dict.fromkeys(("kid_mb", "coverage_ef", "coverage_mb", "used_mb"), 0.5)
    mark |= dict.fromkeys(("copies", "nearest_ratio_mb", "diversity_mb"), 0.25) | columns
    return {"failure": None, "marks": [{"minutes": minute, **mark} for minute in minutes]}


def test_a_recipe_may_carry_settings():
    assert recipes.variant_settings("original:width=32,beta_1=0.4") == {
        "recipe": "original",
        "width": 32,
        "beta_1": 0.4,
    }


@pytest.mark.parametrize("variant", ["original:width", "orignal", "original:witdh=3"])
def test_a_misspelt_recipe_or_setting_ends_the_benchmark_before_it_begins(variant):
    with pytest.raises(SystemExit, match="expected"):
        recipes.variant_settings(variant)


def test_runs_go_seed_by_seed_and_general_has_seeds_of_its_own(folder, tmp_path):
    options = recipes.parsed(
        [
            *("--popular", str(folder), "--general", str(folder), "--out", str(tmp_path)),
            *(
                "--recipes",
                "original",
                "original:width=8",
                "--seeds",
                "0",
                "1",
                "--general-seeds",
                "7",
            ),
        ]
    )
    assert [(plan.cover_set, plan.variant, plan.seed) for plan in recipes.plans(options)] == [
        ("popular", "original", 0),
        ("popular", "original:width=8", 0),
        ("popular", "original", 1),
        ("popular", "original:width=8", 1),
        ("general", "original", 7),
        ("general", "original:width=8", 7),
    ]


def test_the_cells_of_a_published_grid_are_found(published):
    samples = recipes.published_samples(published)
    assert list(samples) == ["popular16"]
    expected = [np.asarray(drawn_cover(seed, (64, 64))) for seed in range(4)]
    np.testing.assert_array_equal(samples["popular16"], expected)


def test_only_a_whole_result_of_the_same_settings_and_minutes_counts(arguments):
    [plan] = recipes.plans(recipes.parsed(arguments))
    path = pathlib.Path(plan.result)
    path.parent.mkdir(parents=True)
    assert recipes.finished(plan) is None
    path.with_suffix(".partial").write_text("{")
    assert recipes.finished(plan) is None
    done = json.dumps({**plan.identity(), **result([0.01, 0.02])})
    path.write_text(done)
    assert recipes.finished(plan)["marks"]
    [longer] = recipes.plans(recipes.parsed([*arguments, "--minutes", "0.01", "0.05"]))
    assert recipes.finished(longer) is None
    recipes.main([*arguments, "--seeds", "0", "1", "--report-only"])
    assert [one.name for one in path.parent.glob("*.json")] == [path.name]
    assert path.read_text() == done


def test_the_watch_stands_still_while_samples_are_scored():
    watch = marks.Stopwatch()
    wall, cpu = watch.wall(), watch.cpu()
    np.sort(np.random.default_rng(0).random(10**6))
    assert watch.wall() > wall + 0.001
    watch.skip_since(wall, cpu)
    assert watch.paused > 0.001
    assert watch.wall() < wall + watch.paused
    assert watch.cpu() < cpu + watch.paused


def test_a_training_is_scored_once_at_each_mark_that_has_passed():
    scored = []

    def score(_sampler, mark):
        scored.append(mark.minutes)
        return "the evaluation"

    judge = marks.Marks([60.0, 0.0], score)
    assert judge(None) == "the evaluation"
    assert judge(None) is marks.NOT_SCORED
    assert scored == [0.0]
    assert not judge.done()


def test_the_table_has_median_and_range_over_seeds_and_the_share_of_the_cores():
    plan = recipes.Plan("popular", "dcgan", 0, "", {}, [1.0, 2.0], "", "", "")
    results = [
        (plan, result([1.0], kid_mb=200.4)),
        (plan, result([1.0, 2.0], kid_mb=150.0, kid_ef=500.0)),
        (plan, {**result([1.0], kid_mb=180.0, kid_ef=300.0), "failure": "Expected finite losses"}),
    ]
    scores = {"kid_ef": 310.0, "kid_mb": 400.0}
    original = report.Published(
        "popular", "popular16", np.zeros((160, 64, 64, 3), np.uint8), scores
    )
    text = report.table(report.curves(results), [original])
    assert "| published popular16, 160 samples |" in text
    assert "| dcgan | 3 | 1 | 100 (100–100) | 1.50 (1.50–1.50) |" in text
    assert "| 180 (150–200) |" in text
    assert "| dcgan | 1 | 2 | 100 | 1.50 | 500 | 150 |" in text
    assert (
        "dcgan: KID ef first below the published 310 at 1 min; 10,000 steps take 100 min." in text
    )
    assert "* dcgan, seed 0, ended: Expected finite losses" in text


@pytest.mark.slow
def test_a_run_is_made_once_scored_at_its_marks_and_reported(arguments, published, tmp_path, capfd):
    arguments = [*arguments, "--published", str(published)]
    out = tmp_path / "out"
    recipes.main(arguments)
    [path] = (out / "runs").iterdir()
    first = path.read_bytes()
    marks = json.loads(first)["marks"]
    assert [mark["minutes"] for mark in marks] == [0.01, 0.02]
    assert all(mark["wall_seconds"] >= 60 * mark["minutes"] for mark in marks)
    assert all(mark["cpu_seconds"] > 0 and np.isfinite(mark["kid_mb"]) for mark in marks)
    assert marks[-1]["step"] > 0
    assert len(list((out / "sheets").iterdir())) >= 1
    assert not list((out / "checkpoints").iterdir())
    with Image.open(out / "contact-popular.png") as contact, Image.open(out / "figure.png"):
        assert contact.width > 400
    table = (out / "table.md").read_text()
    assert "published popular16, 4 samples" in table
    assert "| original:width=4" in table
    capfd.readouterr()
    recipes.main(arguments)
    assert path.read_bytes() == first
    assert "is done" in capfd.readouterr().out
