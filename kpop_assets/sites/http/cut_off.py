"""Ends a request when its time is over, however slowly its bytes drip.

A socket's timeout starts anew with every byte; this does not.
"""

from __future__ import annotations

import os
import socket
import threading
from contextlib import suppress
from contextvars import ContextVar, Token
from types import TracebackType
from typing import Self


class CutOff:
    """A block in which the connection in use is shut down after `seconds`; then `happened`."""

    def __init__(self, seconds: float) -> None:
        self.happened = False
        self._socket: socket.socket | None = None
        self._timer = threading.Timer(max(seconds, 0.0), self._shut_down)
        self._timer.daemon = True
        self._lock = threading.Lock()
        self._token: Token[CutOff | None] | None = None

    def __enter__(self) -> Self:
        self._token = _CURRENT.set(self)
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._timer.cancel()
        with self._lock:
            self._hold(None)
        if self._token is not None:
            _CURRENT.reset(self._token)

    def note(self, connected: socket.socket) -> None:
        """Take the socket that is in use; it is shut down at once when the time is over."""
        with self._lock, suppress(OSError):
            self._hold(socket.socket(fileno=os.dup(connected.fileno())))
            if self.happened:
                self._end_connection()

    def _shut_down(self) -> None:
        with self._lock:
            self.happened = True
            self._end_connection()

    def _hold(self, descriptor: socket.socket | None) -> None:
        """Hold a descriptor of its own: that of the connection moves when TLS wraps it."""
        if self._socket is not None:
            self._socket.close()
        self._socket = descriptor

    def _end_connection(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)


_CURRENT: ContextVar[CutOff | None] = ContextVar("cut_off", default=None)


def note_connection(connected: socket.socket | None) -> None:
    """Give the cut-off of this thread, if there is one, which socket is in use."""
    current = _CURRENT.get()
    if current is not None and connected is not None:
        current.note(connected)
