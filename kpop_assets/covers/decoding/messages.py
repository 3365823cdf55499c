"""What the two processes say to each other: a header in JSON and raw bytes, never a pickle."""

import json
import os
import select
import struct
import time
from typing import Any

_LENGTHS = struct.Struct(">IQ")
_PIPE = 2**20
MAX_HEADER = 2**16

Header = dict[str, Any]


class BrokenMessageError(Exception):
    """The other side ended, said nothing for too long, or sent no message."""


def send(descriptor: int, header: Header, body: bytes = b"") -> None:
    """Write a message; raises `BrokenMessageError` when nobody reads it."""
    packed = json.dumps(header).encode()
    for part in (_LENGTHS.pack(len(packed), len(body)) + packed, body):
        rest = memoryview(part)
        while rest:
            try:
                rest = rest[os.write(descriptor, rest) :]
            except BrokenPipeError as error:
                raise BrokenMessageError("the other side ended") from error


def receive(
    descriptor: int, longest: int, seconds: float | None = None
) -> tuple[Header, bytearray]:
    """Return a message, waiting for at most so many seconds, or as long as it takes.

    Raises `BrokenMessageError`, also for a body of more than `longest` bytes.
    """
    until = None if seconds is None else time.monotonic() + seconds
    lengths = _read(descriptor, _LENGTHS.size, until)
    header_bytes, body_bytes = _LENGTHS.unpack(lengths)
    if header_bytes > MAX_HEADER or body_bytes > longest:
        raise BrokenMessageError(f"a message of {header_bytes} and {body_bytes} bytes")
    try:
        header = json.loads(_read(descriptor, header_bytes, until))
    except ValueError as error:
        raise BrokenMessageError("a header that is no JSON") from error
    if not isinstance(header, dict):
        raise BrokenMessageError("a header that is no object")
    return header, _read(descriptor, body_bytes, until)


def _read(descriptor: int, length: int, until: float | None) -> bytearray:
    read = bytearray(length)
    filled = 0
    waiting = select.poll()
    waiting.register(descriptor, select.POLLIN)
    while filled < length:
        if until is not None and not waiting.poll(max(0.0, until - time.monotonic()) * 1000):
            raise BrokenMessageError("no answer in time")
        got = os.readv(descriptor, [memoryview(read)[filled : filled + _PIPE]])
        if not got:
            raise BrokenMessageError("the other side ended")
        filled += got
    return read
