"""Folders that one run at a time may use, waited for."""

import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kpop_assets.store.errors import FolderBusyError
from kpop_assets.store.sole_use import sole_use

LOOK_EVERY_S = 1.0


@contextmanager
def use_in_turn(
    folder: Path, purpose: str, on_wait: Callable[[float, FolderBusyError], object]
) -> Iterator[bool]:
    """Keep other runs out of the folder as `sole_use` does, once those in it have left.

    Yields whether it waited. Each second of the wait `on_wait` gets its seconds so far and the
    error that says who is in, which it may raise to wait no longer. Raises StoreWriteError.
    """
    began, waited = time.monotonic(), False
    with ExitStack() as held:
        while True:
            try:
                held.enter_context(sole_use(folder, purpose))
                break
            except FolderBusyError as error:
                on_wait(time.monotonic() - began, error)
            waited = True
            time.sleep(LOOK_EVERY_S)
        yield waited
