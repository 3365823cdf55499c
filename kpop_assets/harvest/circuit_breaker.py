"""A source or host that fails and fails is not asked any more."""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from kpop_assets.sites.errors import SiteError
from kpop_assets.sites.shops.found_covers import CoverNotFoundError

FAILURES_UNTIL_OPEN = 8


class CircuitOpenError(SiteError):
    """It failed so often in a row that it is not asked in this run."""


class CircuitBreaker:
    """Counts failures in a row by name, in several threads."""

    def __init__(self) -> None:
        self._failures: Counter[str] = Counter()
        self._lock = threading.Lock()

    @contextmanager
    def guarded(self, name: str) -> Iterator[None]:
        """Ask in this block. A SiteError is a failure; CoverNotFoundError is an answer.

        Raises CircuitOpenError after FAILURES_UNTIL_OPEN failures.
        """
        with self._lock:
            failures = self._failures[name]
        if failures >= FAILURES_UNTIL_OPEN:
            raise CircuitOpenError(f"{name} is not asked after {failures} failures in a row")
        failed = False
        try:
            yield
        except SiteError as error:
            failed = not isinstance(error, CoverNotFoundError)
            raise
        finally:
            with self._lock:
                self._failures[name] = self._failures[name] + 1 if failed else 0
