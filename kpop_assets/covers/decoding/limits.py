"""How much memory and processor time a picture may take, and the means to hold a process to it."""

import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

MAX_BYTES = 400_000_000
"""Bytes of a file; 40 megapixels of four channels with 16 bits have 320 million."""
MEMORY = 48 * 2**20
MEMORY_A_PIXEL = 28
MEMORY_A_BYTE = 4
SECONDS = 1.0
SECONDS_A_PIXEL = 0.2e-6
SECONDS_A_BYTE = 0.1e-6


@dataclass(frozen=True)
class Limits:
    """Bytes of memory and seconds of processor time."""

    memory: int
    seconds: float

    @classmethod
    def of(cls, received_bytes: int, pixels: int = 0) -> "Limits":
        """What a file of so many bytes and pixels may take; before its header is read, of none."""
        return cls(
            MEMORY + MEMORY_A_BYTE * received_bytes + MEMORY_A_PIXEL * pixels,
            SECONDS + SECONDS_A_BYTE * received_bytes + SECONDS_A_PIXEL * pixels,
        )


@contextmanager
def held_to(limits: Limits) -> Iterator[None]:
    """Let this process allot only so much more memory, and end it after so many more seconds.

    It ends by SIGPROF, even in the middle of a library's loop. Where the kernel does not say how
    much memory there is already (macOS), only the time is limited.
    """
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = _held_bytes() + limits.memory
    if most == resource.RLIM_INFINITY or wanted < most:
        resource.setrlimit(resource.RLIMIT_AS, (wanted, most))
    signal.setitimer(signal.ITIMER_PROF, limits.seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def _held_bytes() -> int:
    """The address space that this process has; on other systems than Linux as good as all."""
    try:
        statm = _opened_statm()
    except FileNotFoundError:
        return 2**62
    return int(os.pread(statm, 64, 0).split()[0]) * resource.getpagesize()


@lru_cache(maxsize=1)
def _opened_statm() -> int:
    return os.open("/proc/self/statm", os.O_RDONLY)
