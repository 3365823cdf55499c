"""What must hold of tensors, generators and samples."""

import dagster as dg
import pytest

from kpop_assets.defs.generators.generated_checks import (
    enough_covers,
    few_copies,
    finite_losses,
    kid_beside_before,
    pictures_that_show_something,
    varied_generator,
)


def test_few_covers_are_a_warning() -> None:
    assert enough_covers(10).passed
    few = enough_covers(9)
    assert not few.passed
    assert few.severity == dg.AssetCheckSeverity.WARN


def test_plain_covers_are_named() -> None:
    assert pictures_that_show_something([]).passed
    plain = pictures_that_show_something(["abc"])
    assert not plain.passed
    assert plain.metadata["covers"].value == ["abc"]


def test_a_loss_that_is_no_number_fails_with_its_step() -> None:
    assert finite_losses({"step": [1, 2], "drift": [0.5, 0.4]}).passed
    wrong = finite_losses({"step": [1, 2, 3], "drift": [0.5, float("nan"), float("inf")]})
    assert not wrong.passed
    assert wrong.description == "no number at step 2"
    assert wrong.severity == dg.AssetCheckSeverity.ERROR


def test_samples_that_are_alike_are_a_warning() -> None:
    assert varied_generator(0.31, 0.3).passed
    assert not varied_generator(0.29, 0.3).passed


@pytest.mark.parametrize("diversity", [None, float("nan"), float("inf")])
def test_a_diversity_that_cannot_be_measured_does_not_pass(diversity: float | None) -> None:
    result = varied_generator(diversity, 0.3)
    assert not result.passed
    assert result.severity == dg.AssetCheckSeverity.WARN
    assert "not measurable" in (result.description or "")


@pytest.mark.parametrize("missing", [None, float("nan"), float("inf")])
def test_a_kid_that_cannot_be_measured_does_not_pass(missing: float | None) -> None:
    known: dict[str, float | None] = {"kid": 100.0, "kid_spread": 12.0}
    for name in known:
        unknown = {**known, name: missing}
        assert not kid_beside_before(unknown, known).passed
        assert not kid_beside_before(unknown, None).passed
        assert kid_beside_before(known, unknown).passed
    assert kid_beside_before(known, {"kid": 100.0}).description == "KID 100, the first judgement"


@pytest.mark.parametrize(("kid", "passes"), [(90, True), (113, True), (117, False)])
def test_kid_may_rise_by_the_spread_of_both(kid: float, passes: bool) -> None:
    before = {"kid": 100.0, "kid_spread": 12.0}
    now = {"kid": float(kid), "kid_spread": 9.0}
    assert kid_beside_before(now, before).passed is passes
    assert kid_beside_before(now, None).passed


def test_more_copies_than_allowed_fail_and_stop_what_follows() -> None:
    assert few_copies(0.05, 0.05).passed
    many = few_copies(0.06, 0.05)
    assert not many.passed
    assert many.severity == dg.AssetCheckSeverity.ERROR
    assert many.description == "6.0% of the samples are copies, 5.0% allowed"
    assert not few_copies(float("nan"), 0.05).passed
