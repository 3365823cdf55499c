"""What the log of an asset of many covers tells meanwhile."""

from kpop_assets.defs.progress import TOLD_EVERY, with_progress


def test_the_log_tells_now_and_then_how_far_it_is() -> None:
    told: list[str] = []
    many = range(2 * TOLD_EVERY + 5)
    assert list(with_progress(many, len(many), "covers read", told.append)) == list(many)
    assert told == ["2,000 of 4,005 covers read", "4,000 of 4,005 covers read"]


def test_few_covers_are_not_worth_a_line() -> None:
    told: list[str] = []
    assert list(with_progress("abc", 3, "covers read", told.append)) == ["a", "b", "c"]
    assert told == []
