from kpop_assets.training.cadence import PeriodicAction


def test_by_steps_alone_it_is_due_every_so_many_steps() -> None:
    frames = PeriodicAction(4)
    assert [step for step in range(1, 13) if frames.is_due(step, now=1e9)] == [4, 8, 12]


def test_by_seconds_it_is_due_at_first_and_then_so_long_after_it_was_done() -> None:
    questions = PeriodicAction(0, 0.5)
    assert questions.is_due(1, now=100.0)
    questions.done(100.0)
    assert not questions.is_due(2, now=100.4)
    assert questions.is_due(3, now=100.5)


def test_by_both_it_is_due_by_whichever_comes_first() -> None:
    saves = PeriodicAction(10, 60)
    saves.done(0.0)
    assert saves.is_due(10, now=1.0)
    assert not saves.is_due(11, now=59.0)
    assert saves.is_due(11, now=60.0)
