"""The cover sets compared pair by pair, and put into words."""

import numpy as np
import pandas as pd

from kpop_assets.insight.contrast.contrast_figure import contrast_figure
from kpop_assets.insight.contrast.contrast_words import (
    generator_differences,
    pair_sentences,
    trend_sentences,
)
from kpop_assets.insight.contrast.set_contrasts import kept_contrasts, set_contrasts
from kpop_assets.insight.contrast.years import trend_table
from kpop_assets.insight.measuring.measures import COLOUR_MEASURES


def profile(name: str, pastel: float, generated_pastel: float, covers: int = 40) -> pd.DataFrame:
    chance = np.random.default_rng([7, *name.encode()])
    tables = []
    for kind, shift in (("real", pastel), ("generated", generated_pastel)):
        table = pd.DataFrame(
            chance.normal(size=(covers, len(COLOUR_MEASURES))), columns=list(COLOUR_MEASURES)
        )
        table["pastel"] += shift
        table["kind"] = kind
        table["picture"] = [f"{name} {kind} {n}" for n in range(covers)]
        tables.append(table)
    return pd.concat(tables, ignore_index=True).assign(text_area=np.nan, faces=np.nan)


def test_differences_that_are_there_are_found_and_kept_ones_told_from_lost_ones() -> None:
    profiles = {
        "boy": profile("boy", 0, 0),
        "girl": profile("girl", 2, 0),
        "general": profile("general", 2, 2),
    }
    found, told_apart = set_contrasts(profiles)
    assert len(found) == 2 * 3 * len(COLOUR_MEASURES)
    different = found[found["different"] & (found["kind"] == "real")]
    assert set(zip(different["first"], different["second"], different["measure"], strict=True)) == {
        ("boy", "girl", "pastel"),
        ("boy", "general", "pastel"),
    }
    kept = kept_contrasts(found).set_index(["first", "second", "measure"])["kept"]
    assert kept["boy", "general", "pastel"]
    assert not kept["boy", "girl", "pastel"]
    assert pd.isna(kept["boy", "girl", "dark"])
    auc = told_apart.set_index(["kind", "first", "second"])
    assert auc.loc[("real", "boy", "girl"), "p"] < 0.05
    assert auc.loc[("real", "girl", "general"), "auc"] < 0.7


def test_a_set_and_the_one_that_holds_it_are_not_said_to_be_kept_apart() -> None:
    profiles = {
        "boy": profile("boy", 0, 0),
        "popular": profile("popular", 2, 2),
        "general": profile("general", 2, 2),
    }
    kept = kept_contrasts(set_contrasts(profiles)[0])
    assert set(zip(kept["first"], kept["second"], strict=True)) == {
        ("boy", "general"),
        ("popular", "general"),
    }


def test_covers_in_both_sets_count_in_the_smaller_alone() -> None:
    girl = profile("girl", 0, 0, covers=12)
    others = profile("others", 0, 0, covers=30)
    found, _ = set_contrasts({"girl": girl, "popular": pd.concat([girl, others])})
    real = found[found["kind"] == "real"].iloc[0]
    assert (real["first_covers"], real["second_covers"]) == (12, 30)


def test_sets_of_two_covers_are_not_compared() -> None:
    found, told_apart = set_contrasts(
        {"girl": profile("girl", 0, 0, covers=2), "boy": profile("boy", 0, 0)}
    )
    assert found.empty
    assert told_apart.empty
    assert kept_contrasts(found).empty


def test_sentences_claim_no_more_than_was_found() -> None:
    found, told_apart = set_contrasts({"boy": profile("boy", 0, 0), "girl": profile("girl", 2, 0)})
    real, generated = pair_sentences(found, told_apart)
    assert real.startswith("boy against girl, real covers (40 and 40): less pastel share (δ -0.")
    assert "told apart by colours and edges (AUC 0." in real
    none = f"no difference in {len(COLOUR_MEASURES)} measures is distinguishable from chance"
    assert f"{none}; not told apart" in generated


def test_covers_that_are_not_real_are_not_called_so() -> None:
    found = set_contrasts({"boy": profile("boy", 0, 0), "girl": profile("girl", 2, 0)})
    drawn, generated = pair_sentences(*found, "stand-in covers")
    assert drawn.startswith("boy against girl, stand-in covers (40 and 40): ")
    assert generated.startswith("boy against girl, generated covers (40 and 40): ")


def test_generators_that_were_trained_differently_are_said_to_be() -> None:
    demo = {"recipe": "drifting", "image_size": 64, "steps": 600, "seed": 1}
    other = {"recipe": "drifting", "image_size": 32, "steps": 4000, "seed": 2}
    assert generator_differences({"boy": demo, "girl": {**demo, "seed": 5}, "popular": other}) == {
        (name, "popular"): f"generators of {name} and popular differ (pixels 64 and 32, steps 600 "
        "and 4000): so may their covers, whatever the sets are like"
        for name in ("boy", "girl")
    }


def test_years_without_movement_are_said_to_have_none() -> None:
    chance = np.random.default_rng(0)
    covers = pd.DataFrame({"year": np.arange(2010, 2030), "pink": chance.uniform(size=20)})
    still = trend_table(covers, ["pink"])
    assert trend_sentences(still) == ["no measure moved with the years beyond what chance explains"]
    moved = trend_table(covers.assign(pink=np.arange(20) / 100), ["pink"])
    assert trend_sentences(moved) == [
        "pink share rose with the years, by 0.1 a decade (0.1 to 0.1)"
    ]
    rare = covers.assign(pink=np.repeat([0.0, 0.3], [15, 5]))
    assert trend_sentences(trend_table(rare, ["pink"])) == ["pink share rose with the years"]


def test_the_figure_is_a_picture() -> None:
    found, _ = set_contrasts({"boy": profile("boy", 0, 0), "girl": profile("girl", 2, 0)})
    assert contrast_figure(found).startswith(b"\x89PNG")
