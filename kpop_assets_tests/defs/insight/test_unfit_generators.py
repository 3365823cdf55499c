"""Which generators say nothing about the covers of their set."""

from pathlib import Path
from typing import Any

import pytest

from kpop_assets.defs.insight.page.unfit_generators import unfit, unfit_generator
from kpop_assets.store.artifacts import Store


def trained(steps: int = 600, **evaluations: list[Any]) -> dict[str, Any]:
    return {
        "config": {"steps": steps},
        "provenance": {"best_step": steps},
        "evaluations": evaluations,
    }


GOOD = {"diversity": 0.9, "kid": 120.0}


def test_a_trained_generator_of_varied_covers_is_fit() -> None:
    assert unfit(trained(), GOOD) is None
    assert unfit(trained(100), None) is None


def test_a_training_that_hardly_began_is_not() -> None:
    assert unfit(trained(20), GOOD) == (
        "trained for 20 steps, 100 are the fewest that show something"
    )
    assert unfit(trained(99), None)


@pytest.mark.parametrize("diversity", [0.0, 0.05, 0.29])
def test_samples_that_are_all_alike_are_not(diversity: float) -> None:
    told = unfit(trained(), {**GOOD, "diversity": diversity})
    assert told == f"collapsed, its covers are all alike (diversity {diversity:.2f}, floor 0.3)"


@pytest.mark.parametrize("name", ["diversity", "kid"])
@pytest.mark.parametrize("value", [None, float("nan")])
def test_no_number_is_no_pass(name: str, value: float | None) -> None:
    assert "not measurable" in str(unfit(trained(), {**GOOD, name: value}))


def test_samples_nearer_to_noise_than_to_covers_are_not() -> None:
    told = unfit(trained(), {**GOOD, "kid": 900.0})
    assert told == "not like its covers yet (KID 900, at most 550; noise has about 1,100)"
    assert unfit(trained(), {**GOOD, "kid": float("inf")})


def test_without_a_judgement_the_evaluation_of_the_best_step_counts() -> None:
    evaluated = trained(600, step=[300, 600], diversity=[0.9, 0.1], kid=[100.0, 100.0])
    assert "diversity 0.10" in str(unfit(evaluated, None))
    evaluated["provenance"]["best_step"] = 300
    assert unfit(evaluated, None) is None
    assert unfit(evaluated, {**GOOD, "diversity": 0.2})


def test_a_set_without_a_generator_has_nothing_to_tell(tmp_path: Path) -> None:
    assert unfit_generator(Store(tmp_path), "girl") is None
