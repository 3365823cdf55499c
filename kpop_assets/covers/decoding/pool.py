"""Warm processes that decode: as many as cores, for pictures that together fit into memory.

A process that dies over a picture, by its limits or a fault of a library, is replaced, and that
picture alone is refused. Safe between threads; a forked process gets processes of its own.
"""

import atexit
import fcntl
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from kpop_assets.covers.decoding.limits import MAX_BYTES, Limits
from kpop_assets.covers.decoding.messages import BrokenMessageError, Header, receive, send
from kpop_assets.covers.unreadable import MAX_PIXELS, UnreadablePictureError
from kpop_assets.errors import KpopAssetsError

MEMORY_IN_FLIGHT = 2**30
"""Bytes that the pictures which are decoded at a time may take together."""
AT_ONCE_PIXELS = 4_000_000
"""Pixels that are decoded without asking for more room; most covers have fewer."""
PIPE_BYTES = 2**20
MAX_PROCESSES = 16
START_S = 60.0
PATIENCE = 20
"""Seconds of waiting for each second of processor time that the picture may take."""
ENDING_S = 2.0
LONGEST_ANSWER = 4 * MAX_PIXELS
START = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from kpop_assets.covers.decoding.worker import main; main()"
)
ALLOCATOR = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": str(4 * 2**20),
    "MALLOC_TRIM_THRESHOLD_": str(8 * 2**20),
    "OPENBLAS_NUM_THREADS": "1",
}
"""Settings with which glibc gives the memory of a large picture back when it is done."""


class DecodingProcessError(KpopAssetsError):
    """A process to decode pictures in does not start."""


@dataclass(frozen=True)
class DecodedAnswer:
    """Width and height in pixels, and the bytes that were wanted."""

    size: tuple[int, int]
    body: bytearray


class _EndedError(Exception):
    """The process ended over the picture, which had a profile or not; the message says how."""

    def __init__(self, reason: str, *, had_profile: bool) -> None:
        super().__init__(reason)
        self.had_profile = had_profile


class _Room:
    """Memory for the pictures in flight; first come, first served, so that large ones get in."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._used = 0
        self._turn = threading.Lock()
        self._changed = threading.Condition()

    @contextmanager
    def held(self, size: int) -> Iterator[None]:
        """Wait until there is room; what is larger than all of it waits until it is alone."""
        size = min(size, self._total)
        with self._turn, self._changed:
            self._changed.wait_for(lambda: self._used + size <= self._total)
            self._used += size
        try:
            yield
        finally:
            with self._changed:
                self._used -= size
                self._changed.notify_all()


class _Decoder:
    """One process and the two pipes to it."""

    def __init__(self) -> None:
        path = [os.path.abspath(entry) for entry in sys.path]
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-c", START, json.dumps(path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            start_new_session=True,
            env={**os.environ, **ALLOCATOR},
        )
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._given, self._taken = self._process.stdin, self._process.stdout
        for pipe in (self._given, self._taken):
            _widen(pipe.fileno())
        try:
            receive(self._taken.fileno(), 0, START_S)
        except BrokenMessageError as error:
            self.end()
            raise DecodingProcessError(
                "expected a process to decode pictures in, but it does not start "
                f"({self._process.returncode}); see what {sys.executable} -c 'from "
                "kpop_assets.covers.decoding import worker' says"
            ) from error

    def ask(self, request: Header, content: bytes, room: _Room) -> DecodedAnswer:
        """Return what is wanted of the picture; raises `UnreadablePictureError`."""
        limits = Limits.of(len(content))
        had_profile = False
        try:
            with room.held(Limits.of(len(content), AT_ONCE_PIXELS).memory):
                self._send({**request, "at_once": AT_ONCE_PIXELS}, content)
                header, body = self._receive(limits)
                size = _size(header)
                had_profile = bool(header["has_profile"])
                pixels = size[0] * size[1]
                if request["wanted"] != "size":
                    limits = Limits.of(len(content), pixels)
                    if pixels <= AT_ONCE_PIXELS:
                        header, body = self._receive(limits)
            if request["wanted"] != "size" and pixels > AT_ONCE_PIXELS:
                with room.held(limits.memory):
                    self._send({"go": True})
                    header, body = self._receive(limits)
            size = _size(header)
            if request["wanted"] == "pixels" and len(body) != 3 * size[0] * size[1]:
                raise BrokenMessageError("not as many pixels as it said")
        except BrokenMessageError as error:
            code = self.end()
            reason = (
                f"decoding it takes more than {limits.seconds:.1f} s of processor time"
                if code == -signal.SIGPROF
                else f"the decoder ended over it ({error}, exit status {code})"
            )
            raise _EndedError(reason, had_profile=had_profile) from error
        return DecodedAnswer(size, body)

    @property
    def process_id(self) -> int:
        """The identifier that the system gave the process."""
        return self._process.pid

    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def _send(self, header: Header, content: bytes = b"") -> None:
        send(self._given.fileno(), header, content)

    def _receive(self, limits: Limits) -> tuple[Header, bytearray]:
        header, body = receive(self._taken.fileno(), LONGEST_ANSWER, PATIENCE * limits.seconds)
        if "refused" in header:
            raise UnreadablePictureError(str(header["refused"]))
        return header, body

    def end(self) -> int:
        """End the process, by force if it does not end by itself; return its exit status."""
        self.forget()
        try:
            return self._process.wait(ENDING_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            return self._process.wait()

    def forget(self) -> None:
        """Close this side of the pipes, on which the process ends by itself."""
        self._given.close()
        self._taken.close()


class DecodingPool:
    """Decodes pictures in other processes, which are started when they are first needed."""

    def __init__(self, processes: int, memory: int = MEMORY_IN_FLIGHT) -> None:
        self._places = threading.BoundedSemaphore(processes)
        self._room = _Room(memory)
        self._lock = threading.Lock()
        self._idle: list[_Decoder] = []
        self._started: set[_Decoder] = set()

    def ask(self, wanted: str, content: bytes, comment: str = "") -> DecodedAnswer:
        """Return what is wanted of a picture: "size", "pixels" (RGB) or "stored".

        Over a picture whose profile ends the process it is tried again without. Raises
        `UnreadablePictureError`, and `DecodingProcessError` when no process starts.
        """
        if len(content) > MAX_BYTES:
            raise UnreadablePictureError(f"it has {len(content) / 1e6:,.0f} MB")
        request = {"wanted": wanted, "comment": comment, "with_profile": True}
        try:
            return self._ask(request, content)
        except _EndedError as error:
            if not error.had_profile:
                raise UnreadablePictureError(str(error)) from error
        try:
            return self._ask({**request, "with_profile": False}, content)
        except _EndedError as error:
            raise UnreadablePictureError(str(error)) from error

    def _ask(self, request: Header, content: bytes) -> DecodedAnswer:
        with self._places:
            decoder = self._living()
            try:
                answer = decoder.ask(request, content, self._room)
            except UnreadablePictureError:
                self._give_back(decoder)
                raise
            except BaseException:
                self._drop(decoder)
                raise
            self._give_back(decoder)
            return answer

    def _living(self) -> _Decoder:
        """An idle process, or a new one; one that was killed while it was idle is left."""
        while True:
            with self._lock:
                decoder = self._idle.pop() if self._idle else None
            if decoder is None:
                decoder = _Decoder()
                with self._lock:
                    self._started.add(decoder)
            if decoder.is_alive():
                return decoder
            self._drop(decoder)

    def _give_back(self, decoder: _Decoder) -> None:
        with self._lock:
            self._idle.append(decoder)

    def _drop(self, decoder: _Decoder) -> None:
        """A decoder in the middle of a message cannot be used again."""
        decoder.end()
        with self._lock:
            self._started.discard(decoder)

    def process_ids(self) -> list[int]:
        """Return the identifiers of the processes that live."""
        with self._lock:
            return [decoder.process_id for decoder in self._started]

    def close(self) -> None:
        """End all processes."""
        for decoder in list(self._started):
            decoder.forget()
        for decoder in list(self._started):
            decoder.end()

    def forget(self) -> None:
        """Leave all processes to the one that started them."""
        for decoder in list(self._started):
            with suppress(OSError):
                decoder.forget()


def _widen(pipe: int) -> None:
    """Let the pipe hold a cover at once, where the system has the means (Linux) and allows it."""
    if hasattr(fcntl, "F_SETPIPE_SZ"):
        with suppress(PermissionError):
            fcntl.fcntl(pipe, fcntl.F_SETPIPE_SZ, PIPE_BYTES)


def _size(header: Header) -> tuple[int, int]:
    try:
        width, height = (int(side) for side in header["size"])
    except (KeyError, TypeError, ValueError) as error:
        raise BrokenMessageError("an answer without a size") from error
    if width < 1 or height < 1 or width * height > MAX_PIXELS:
        raise BrokenMessageError(f"a size of {width}x{height}")
    return width, height


def _cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _new_pool() -> DecodingPool:
    return DecodingPool(min(_cores(), MAX_PROCESSES))


_pool = _new_pool()


def pool() -> DecodingPool:
    """Return the pool of this process."""
    return _pool


def _after_fork() -> None:
    global _pool
    _pool.forget()
    _pool = _new_pool()


os.register_at_fork(after_in_child=_after_fork)
atexit.register(lambda: _pool.close())
