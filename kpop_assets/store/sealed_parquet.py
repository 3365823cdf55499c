"""Parquet files that are read back as they were written, or not at all.

A sealed file is an ordinary Parquet file with page checksums. Between the four bytes that every
Parquet file begins with and its first page lies a seal: a mark, and the SHA-256 of all that
follows. Parquet finds pages by their place, so other readers do not see it. A file of an earlier
version has no seal and is read as it is.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from kpop_assets.errors import KpopAssetsError

MAGIC = b"PAR1"
MARK = b"kpop_assets seal"
_FIRST_OF_A_PAGE = b"\x15"
"""What every Parquet file without a seal goes on with: the first field of a page or of the end."""
_DIGEST_BYTES = 32
_BLOCK = 2**20


class NotAsWrittenError(KpopAssetsError):
    """The bytes of a Parquet file are others than those that were written."""


class _Hashed:
    """A file that is only written on, with the SHA-256 of what was written."""

    closed = False

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()

    def write(self, content: bytes) -> int:
        self.digest.update(content)
        return self._file.write(content)

    def flush(self) -> None:
        self._file.flush()

    def close(self) -> None:
        """Leave the file open: its owner closes it."""


@contextmanager
def sealed_parquet(file: BinaryIO, schema: pa.Schema, **options: Any) -> Iterator[pq.ParquetWriter]:
    """Give a writer to an empty file, which is sealed when the block ends without an error.

    `options` are those of pyarrow's ParquetWriter.
    """
    hashed = _Hashed(file)
    with pa.PythonFile(hashed, mode="w") as sink:
        with pq.ParquetWriter(sink, schema, write_page_checksum=True, **options) as writer:
            sink.write(MARK + bytes(_DIGEST_BYTES))
            hashed.digest = hashlib.sha256()
            yield writer
        sink.flush()
    file.seek(len(MAGIC + MARK))
    file.write(hashed.digest.digest())
    file.seek(0, 2)


def require_as_written(file: BinaryIO) -> bool:
    """Return whether the file has a seal; raises `NotAsWrittenError` when that does not fit it.

    Reads all of a sealed file and leaves it at its beginning.
    """
    file.seek(0)
    head = file.read(len(MAGIC + MARK) + _DIGEST_BYTES)
    if head.startswith(MAGIC + _FIRST_OF_A_PAGE) and MARK[1:] not in head:
        file.seek(0)
        return False
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    if head != MAGIC + MARK + digest.digest():
        raise NotAsWrittenError("its SHA-256 is not that of what was written")
    file.seek(0)
    return True
