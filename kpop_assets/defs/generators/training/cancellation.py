"""Cancelled runs: a training is asked to end in good order before Dagster is told."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def cancellation() -> Iterator[Callable[[], bool]]:
    """Yield a function that returns whether the run was cancelled since.

    The UI's Terminate and Ctrl+C send SIGINT, a cluster SIGTERM. The first one is only kept in
    mind; a second one does what it did before, which is to end the run at once.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    cancelled = False

    def keep_in_mind(number: int, frame: FrameType | None) -> None:
        nonlocal cancelled
        previous = before[signal.Signals(number)]
        if cancelled and callable(previous):
            previous(number, frame)
        cancelled = True

    for number in _SIGNALS:
        signal.signal(number, keep_in_mind)
    try:
        yield lambda: cancelled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
