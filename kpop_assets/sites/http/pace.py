"""Turns at a host: a pause between the starts of two requests, and so many at a time."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager


class Pace:
    """Gives turns host by host; safe to share between threads."""

    def __init__(self, pause_s: float, parallel: int) -> None:
        self._pause_s = pause_s
        self._host_pauses_s: dict[str, float] = {}
        self._next_turn: dict[str, float] = {}
        self._lock = threading.Lock()
        self._running: dict[str, threading.Semaphore] = defaultdict(
            lambda: threading.Semaphore(parallel)
        )

    def slow_down(self, host: str, pause_s: float) -> None:
        """Pause at least so many seconds between two requests to the host from now on."""
        with self._lock:
            self._host_pauses_s[host] = max(pause_s, self._host_pauses_s.get(host, 0.0))

    @contextmanager
    def turn(self, host: str) -> Iterator[None]:
        """Wait until a request to the host may start; the turn lasts until the block ends."""
        with self._lock:
            running = self._running[host]
        with running:
            with self._lock:
                now = time.monotonic()
                start = max(now, self._next_turn.get(host, 0.0))
                pause_s = max(self._pause_s, self._host_pauses_s.get(host, 0.0))
                self._next_turn[host] = start + pause_s
            time.sleep(start - now)
            yield
