"""Where a training takes its covers from: memory, or a file when there are too many for it."""

import hashlib
import pathlib
from collections.abc import Iterator
from typing import Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.covers.resized import HEADER_BYTES, ResizedHeader, read_header
from kpop_assets.models.errors import CoverFileError, CoversShapeError
from kpop_assets.training.step.replicas import picked

Rows = NDArray[np.int32] | NDArray[np.int64]


class CoverSource(Protocol):
    """The training covers of a set, uint8 RGB pictures of `image_size` × `image_size` pixels.

    `fingerprint` is the SHA-256 of all pixels in order. `compilable` says whether XLA can compile
    `gather`.
    """

    count: int
    image_size: int
    fingerprint: str
    compilable: bool = False

    def gather(self, rows: tf.Tensor) -> tf.Tensor:
        """Return the covers of `rows`, int32 (n,), as uint8 (n, S, S, 3), also within a graph.

        In a graph, a row that does not exist is a tf.errors.InvalidArgumentError.
        """
        ...

    def pictures(self, rows: Rows) -> NDArray[np.uint8]:
        """Return the covers of `rows`, each from 0 to count - 1, as uint8 (n, S, S, 3)."""
        ...

    def sample(self, count: int) -> NDArray[np.uint8]:
        """Return `count` covers, evenly spaced over the set and in its order, or all if fewer."""
        return self.pictures(spread_rows(self.count, count))

    def batches(self, count: int, batch: int) -> Iterator[NDArray[np.uint8]]:
        """Yield what `sample` returns, up to `batch` covers at a time."""
        rows = spread_rows(self.count, count)
        for start in range(0, len(rows), batch):
            yield self.pictures(rows[start : start + batch])


def as_range(covers: tf.Tensor) -> tf.Tensor:
    """Return uint8 covers as float32 in [-1, 1]."""
    return tf.cast(covers, tf.float32) / 127.5 - 1.0


def spread_rows(of: int, count: int) -> NDArray[np.int64]:
    """Return `count` rows of `of`, ascending and evenly spaced, or all if there are fewer."""
    wanted = min(count, of)
    return np.arange(wanted, dtype=np.int64) * of // max(wanted, 1)


class InMemoryCovers(CoverSource):
    """Covers in TensorFlow's memory, as uint8."""

    compilable = True

    def __init__(self, covers: NDArray[np.uint8]) -> None:
        """Copy `covers`, uint8 (N, S, S, 3) with N and S of 1 or more.

        Raises CoversShapeError.
        """
        if covers.dtype != np.uint8 or covers.ndim != 4 or covers.shape[1:] != _square(covers):
            raise CoversShapeError(
                f"Expected covers as uint8 (N, S, S, 3), got {covers.dtype} {covers.shape}; "
                "convert them, or materialize cover_tensors again."
            )
        self.count, self.image_size = covers.shape[:2]
        _require_some(self.count)
        self.fingerprint = hashlib.sha256(covers.reshape(-1).data).hexdigest()
        self._covers = tf.constant(covers)

    def gather(self, rows: tf.Tensor) -> tf.Tensor:
        """Return the covers of `rows`, int32 (n,), as uint8 (n, S, S, 3), also within a graph."""
        return picked(self._covers, rows)

    def pictures(self, rows: Rows) -> NDArray[np.uint8]:
        """Return the covers of `rows`, each from 0 to count - 1, as uint8 (n, S, S, 3)."""
        covers: NDArray[np.uint8] = tf.gather(self._covers, rows).numpy()
        return covers


class StreamedCovers(CoverSource):
    """Covers in a file that `covers.resized` wrote, read when they are asked for.

    The file is mapped, so that it may be replaced meanwhile; it must not be cut. Several threads
    may read at once.
    """

    def __init__(self, path: pathlib.Path) -> None:
        """Map the file, after comparing all of it with its hash.

        Raises CoverFileError when it is missing, torn or altered, CoversShapeError when it is
        empty.
        """
        self.header = _header_of(path)
        self.count, self.image_size = self.header.count, self.header.image_size
        _require_some(self.count)
        self.fingerprint = self.header.pixels
        shape = (self.count, self.image_size, self.image_size, 3)
        self._covers = np.asarray(np.memmap(path, np.uint8, "r", HEADER_BYTES, shape))

    def gather(self, rows: tf.Tensor) -> tf.Tensor:
        """Return the covers of `rows`, int32 (n,), as uint8 (n, S, S, 3), also within a graph."""
        covers = tf.numpy_function(self.pictures, [rows], tf.uint8, stateful=False)
        return tf.ensure_shape(covers, (*rows.shape, *self._covers.shape[1:]))

    def pictures(self, rows: Rows) -> NDArray[np.uint8]:
        """Return the covers of `rows`, each from 0 to count - 1, as uint8 (n, S, S, 3).

        Raises ValueError for a row that does not exist.
        """
        if len(rows) and not 0 <= rows.min() <= rows.max() < self.count:
            raise ValueError(
                f"expected rows from 0 to {self.count - 1}, got {rows.min()} to {rows.max()}"
            )
        return self._covers[rows]


def as_cover_source(covers: CoverSource | NDArray[np.uint8]) -> CoverSource:
    """Return `covers` itself, or a source in memory when it is an array, uint8 (N, S, S, 3).

    Raises CoversShapeError.
    """
    return InMemoryCovers(covers) if isinstance(covers, np.ndarray) else covers


def _square(covers: NDArray[np.uint8]) -> tuple[int, int, int]:
    return (covers.shape[1], covers.shape[1], 3)


def _require_some(count: int) -> None:
    if count == 0:
        raise CoversShapeError(
            "Expected at least one cover, got none; materialize the crawl for this cover set first."
        )


def _header_of(path: pathlib.Path) -> ResizedHeader:
    """Return the header of a whole file."""
    try:
        with path.open("rb") as file:
            header = read_header(file)
    except OSError as error:
        raise CoverFileError(
            f"Expected a file of covers at training size at {path}, got: {error}; run the training "
            "again to write it."
        ) from error
    if header is None:
        raise CoverFileError(
            f"Expected the covers at training size in {path} as they were written, but the file is "
            "torn or altered; remove it and run the training again."
        )
    return header
