"""Cover tensors on disk: sealed Parquet with a tensor column, written and read in batches."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.errors import KpopAssetsError
from kpop_assets.store.sealed_parquet import require_as_written, sealed_parquet

WRITTEN_AT_A_TIME = 16
READ_AT_A_TIME = 4
_PIXELS_COLUMN = "pixels.list.element"
_READ_BUFFER = 2**16


class CoverTensorsError(KpopAssetsError):
    """A tensor file is missing, torn or of another layout."""


@dataclass(frozen=True)
class CoverBatch:
    """Some covers: their content hashes and pixels, uint8 (n, size, size, 3)."""

    hashes: list[str]
    pixels: NDArray[np.uint8]


def write_cover_tensors(
    covers: Iterable[tuple[str, NDArray[np.uint8]]],
    file: BinaryIO,
    size: int,
    sites: str,
    batch: int = WRITTEN_AT_A_TIME,
    cover_set: str = "",
) -> int:
    """Write (hash, uint8 (size, size, 3)) pairs as Parquet, `batch` at a time; return how many.

    `sites` says where the covers come from (sample, live or folder); it is kept in the file, as is
    the `cover_set` that they are of. One batch is one row group. Parquet holds a batch at about a
    dozen times its size while it writes or reads it (its numbers have four bytes, with two levels
    each), so a cover of 512 pixels takes about 10 MB for as long as its batch is handled. Three of
    the four bytes are zero: split into streams, they are written in half the time and 3/4 the size.
    """
    schema = _schema(size).with_metadata({"sites": sites, "cover_set": cover_set})
    source = iter(covers)
    count = 0
    with sealed_parquet(
        file,
        schema,
        compression="zstd",
        use_dictionary=False,
        use_byte_stream_split=[_PIXELS_COLUMN],
        write_statistics=False,
    ) as writer:
        while rows := list(islice(source, batch)):
            pixels = np.stack([picture for _, picture in rows])
            if pixels.shape[1:] != (size, size, 3) or pixels.dtype != np.uint8:
                raise ValueError(
                    f"expected uint8 ({size}, {size}, 3), got {pixels.dtype} {pixels.shape[1:]}"
                )
            tensor = pa.FixedShapeTensorArray.from_numpy_ndarray(pixels)
            hashes = pa.array([name for name, _ in rows], pa.string())
            writer.write_table(pa.Table.from_arrays([hashes, tensor], schema=schema))
            count += len(rows)
    return count


def read_cover_tensors(file: BinaryIO, batch: int = READ_AT_A_TIME) -> Iterator[CoverBatch]:
    """Yield the covers of a tensor file, at most `batch` at a time.

    Raises `CoverTensorsError` when the file is no tensor file or not as it was written: all of it
    is compared with its seal before the first cover.
    """
    with _errors_named():
        yield from _batches(_opened(file), batch)


def sites_of_tensors(file: BinaryIO) -> str:
    """Return where the covers of a tensor file come from: sample, live or folder.

    Raises `CoverTensorsError` as `read_cover_tensors` does.
    """
    with _errors_named():
        return _opened(file).schema_arrow.metadata[b"sites"].decode()


def cover_set_of_tensors(file: BinaryIO) -> str:
    """Return the set that a tensor file was written for, "" in one of an earlier version.

    Raises `CoverTensorsError` as `read_cover_tensors` does.
    """
    with _errors_named():
        return _opened(file).schema_arrow.metadata.get(b"cover_set", b"").decode()


def count_of_tensors(file: BinaryIO) -> int:
    """Return how many covers a tensor file holds.

    Raises `CoverTensorsError` as `read_cover_tensors` does.
    """
    with _errors_named():
        return _opened(file).metadata.num_rows


def hashes_of_tensors(file: BinaryIO) -> list[str]:
    """Return the content hashes of the covers of a tensor file, in its order.

    Raises `CoverTensorsError` as `read_cover_tensors` does.
    """
    with _errors_named():
        hashes: list[str] = _opened(file).read(columns=["hash"]).column("hash").to_pylist()
        return hashes


def resized_covers(file: BinaryIO, size: int) -> Iterator[NDArray[np.uint8]]:
    """Yield each cover of a tensor file at `size` pixels (Lanczos), uint8 (size, size, 3)."""
    for batch in read_cover_tensors(file):
        yield from _resized(batch, size)


def read_resized(file: BinaryIO, size: int) -> NDArray[np.uint8]:
    """Return all covers of a tensor file at `size` pixels (Lanczos), uint8 (N, size, size, 3)."""
    with _errors_named():
        parquet = _opened(file)
        covers = np.empty((parquet.metadata.num_rows, size, size, 3), np.uint8)
        place = 0
        for batch in _batches(parquet, READ_AT_A_TIME):
            for cover in _resized(batch, size):
                covers[place] = cover
                place += 1
        return covers


def _opened(file: BinaryIO) -> pq.ParquetFile:
    """Open a file that is as it was written.

    Arrow must not read ahead: it would keep the compressed covers of all batches so far.
    """
    require_as_written(file)
    return pq.ParquetFile(
        file, buffer_size=_READ_BUFFER, pre_buffer=False, page_checksum_verification=True
    )


def _batches(parquet: pq.ParquetFile, batch: int) -> Iterator[CoverBatch]:
    for rows in parquet.iter_batches(batch, columns=["hash", "pixels"]):
        yield CoverBatch(
            hashes=rows.column("hash").to_pylist(),
            pixels=rows.column("pixels").to_numpy_ndarray(),
        )


def _resized(batch: CoverBatch, size: int) -> Iterator[NDArray[np.uint8]]:
    for cover in batch.pixels:
        resized = Image.fromarray(cover).resize((size, size), Image.Resampling.LANCZOS)
        yield np.asarray(resized)


@contextmanager
def _errors_named() -> Iterator[None]:
    try:
        yield
    except Exception as error:  # Arrow raises many kinds on damaged files
        raise CoverTensorsError(
            "expected a Parquet file as it was written, with columns hash and pixels (fixed-shape "
            f"tensor), but reading failed: {error}; materialize cover_tensors again"
        ) from error


def _schema(size: int) -> pa.Schema:
    tensor = pa.fixed_shape_tensor(pa.uint8(), (size, size, 3))
    return pa.schema(
        [
            pa.field("hash", pa.string(), nullable=False),
            pa.field("pixels", tensor, nullable=False),
        ]
    )
