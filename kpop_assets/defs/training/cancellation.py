"""Cancelled runs: a training ends at a checkpoint before Dagster ends the run."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def cancellation() -> Iterator[Callable[[], bool]]:
    """Yield a function that returns whether the run was cancelled since.

    The UI's Terminate and Ctrl+C send SIGINT, a cluster SIGTERM. The first one is only noted; a
    second one goes to the previous handler, which ends the run at once.
    """
    if threading.current_thread() is not threading.main_thread():
        yield lambda: False
        return
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    cancelled = False

    def note(number: int, frame: FrameType | None) -> None:
        nonlocal cancelled
        previous = before[signal.Signals(number)]
        if cancelled and callable(previous):
            previous(number, frame)
        cancelled = True

    for number in _SIGNALS:
        signal.signal(number, note)
    try:
        yield lambda: cancelled
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
