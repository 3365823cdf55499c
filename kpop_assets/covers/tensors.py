"""Cover tensors on disk: Parquet with a fixed-shape tensor column, written and read in batches."""

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

WRITTEN_AT_A_TIME = 16
READ_AT_A_TIME = 4
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
) -> int:
    """Write (hash, uint8 (size, size, 3)) pairs as Parquet, `batch` at a time; return how many.

    `sites` says where the covers come from (sample, live or folder) and is kept in the file. One
    batch is one row group. Parquet holds a batch at about a dozen times its size while it writes or
    reads it (its numbers have four bytes, with two levels each), so a cover of 512 pixels takes
    about 10 MB for as long as its batch is handled.
    """
    schema = _schema(size).with_metadata({"sites": sites})
    source = iter(covers)
    count = 0
    with pq.ParquetWriter(
        file, schema, compression="zstd", use_dictionary=False, write_statistics=False
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

    Arrow must not read ahead: it would keep the compressed covers of all batches so far.
    Raises `CoverTensorsError` when the file is no tensor file.
    """
    with _errors_named():
        parquet = pq.ParquetFile(file, buffer_size=_READ_BUFFER, pre_buffer=False)
        for rows in parquet.iter_batches(batch, columns=["hash", "pixels"]):
            yield CoverBatch(
                hashes=rows.column("hash").to_pylist(),
                pixels=rows.column("pixels").to_numpy_ndarray(),
            )


def sites_of_tensors(file: BinaryIO) -> str:
    """Return where the covers of a tensor file come from: sample, live or folder.

    Raises `CoverTensorsError` when the file is no tensor file.
    """
    with _errors_named():
        return pq.read_schema(file).metadata[b"sites"].decode()


def count_of_tensors(file: BinaryIO) -> int:
    """Return how many covers a tensor file holds.

    Raises `CoverTensorsError` when the file is no tensor file.
    """
    with _errors_named():
        return pq.read_metadata(file).num_rows


def hashes_of_tensors(file: BinaryIO) -> list[str]:
    """Return the content hashes of the covers of a tensor file, in its order.

    Raises `CoverTensorsError` when the file is no tensor file.
    """
    with _errors_named():
        hashes: list[str] = pq.read_table(file, columns=["hash"]).column("hash").to_pylist()
        return hashes


def resized_covers(file: BinaryIO, size: int) -> Iterator[NDArray[np.uint8]]:
    """Yield each cover of a tensor file at `size` pixels (Lanczos), uint8 (size, size, 3)."""
    for batch in read_cover_tensors(file):
        for cover in batch.pixels:
            resized = Image.fromarray(cover).resize((size, size), Image.Resampling.LANCZOS)
            yield np.asarray(resized)


def read_resized(file: BinaryIO, size: int) -> NDArray[np.uint8]:
    """Return all covers of a tensor file at `size` pixels (Lanczos), uint8 (N, size, size, 3)."""
    covers = np.empty((count_of_tensors(file), size, size, 3), np.uint8)
    for place, cover in enumerate(resized_covers(file, size)):
        covers[place] = cover
    return covers


@contextmanager
def _errors_named() -> Iterator[None]:
    try:
        yield
    except (pa.ArrowException, OSError, AttributeError, KeyError, TypeError) as error:
        raise CoverTensorsError(
            "expected a Parquet file with columns hash and pixels (fixed-shape tensor), "
            f"but reading failed: {error}; materialize cover_tensors again"
        ) from error


def _schema(size: int) -> pa.Schema:
    tensor = pa.fixed_shape_tensor(pa.uint8(), (size, size, 3))
    return pa.schema(
        [
            pa.field("hash", pa.string(), nullable=False),
            pa.field("pixels", tensor, nullable=False),
        ]
    )
