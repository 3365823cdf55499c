"""The seal at the end of a checkpoint: the SHA-256 of every byte before it."""

import hashlib

DIGEST_CHARACTERS = 64


def seal_of(data: memoryview) -> bytes:
    """Return the SHA-256 of the bytes as hexadecimal digits."""
    return hashlib.sha256(data).hexdigest().encode("ascii")


def is_sealed(data: bytes) -> bool:
    """Return whether the bytes of a checkpoint are those that were written."""
    return data[-DIGEST_CHARACTERS:] == seal_of(memoryview(data)[:-DIGEST_CHARACTERS])
