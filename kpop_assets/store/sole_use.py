"""Folders that one run at a time may use."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import Timeout

from kpop_assets.store.errors import FolderBusyError, StoreWriteError
from kpop_assets.store.folders import lock_of
from kpop_assets.store.paths import is_remote

if TYPE_CHECKING:
    from upath import UPath


@contextmanager
def sole_use(folder: Path, purpose: str) -> Iterator[None]:
    """Keep other runs out of the folder, which is made if need be, until the block or process ends.

    In an object store a run that cannot reach it for half a minute does not keep others out any
    more. Raises `FolderBusyError` when another run is in it, `StoreWriteError` when it cannot be
    made.
    """
    with ExitStack() as held:
        try:
            if is_remote(folder):
                _lease(folder, held)
            else:
                folder.mkdir(parents=True, exist_ok=True)
                held.enter_context(lock_of(folder).acquire(blocking=False))
        except Timeout:
            raise FolderBusyError(
                f"expected no other run, but {purpose} is going on already (in {folder}); "
                "wait until that run has ended, or terminate it"
            ) from None
        except OSError as error:
            raise StoreWriteError(folder, error) from error
        yield


def _lease(folder: "UPath", held: ExitStack) -> None:
    """Hold the lease of a folder of an object store; raises Timeout when another run does."""
    from kpop_assets.store.s3.lease import Lease

    lease = Lease(folder)
    if not lease.acquired():
        raise Timeout(str(folder))
    held.callback(lease.release)
