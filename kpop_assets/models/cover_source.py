"""Where a training takes its covers from: memory, or a file when there are too many for it."""

import hashlib
import os
import pathlib
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
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
    `gather`. `failure` is the named error of the latest
    reading that failed.
    """

    count: int
    image_size: int
    fingerprint: str
    compilable: bool = False
    failure: CoverFileError | None = None

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

    Only the covers of one batch are ever in the process's memory: the file is read by position, not
    mapped, since mapped pages would count as the process's own. Several threads may read at once.
    The file stays open as long as the source is used, so that it may be replaced meanwhile.
    """

    def __init__(self, path: pathlib.Path) -> None:
        """Open the file and compare all of it with its hash.

        Raises CoverFileError when it is missing, torn or altered, CoversShapeError when it is
        empty.
        """
        self.path = path
        self.header, self._descriptor = _opened(path)
        weakref.finalize(self, os.close, self._descriptor)
        self.count, self.image_size = self.header.count, self.header.image_size
        _require_some(self.count)
        self.fingerprint = self.header.pixels
        self._cover_shape = (self.image_size, self.image_size, 3)
        self._cover_bytes = self.image_size * self.image_size * 3

    def gather(self, rows: tf.Tensor) -> tf.Tensor:
        """Return the covers of `rows`, int32 (n,), as uint8 (n, S, S, 3), also within a graph."""
        covers = tf.numpy_function(self.pictures, [rows], tf.uint8, stateful=False)
        return tf.ensure_shape(covers, (*rows.shape, *self._cover_shape))

    def pictures(self, rows: Rows) -> NDArray[np.uint8]:
        """Return the covers of `rows`, each from 0 to count - 1, as uint8 (n, S, S, 3).

        Raises ValueError for a row that does not exist, CoverFileError when the disk refuses or the
        file was cut meanwhile.
        """
        if len(rows) and not 0 <= rows.min() <= rows.max() < self.count:
            raise ValueError(
                f"expected rows from 0 to {self.count - 1}, got {rows.min()} to {rows.max()}"
            )
        covers = np.empty((len(rows), *self._cover_shape), np.uint8)
        for place, row in enumerate(rows.tolist()):
            covers[place] = self._cover(row)
        return covers

    def _cover(self, row: int) -> NDArray[np.uint8]:
        try:
            position = HEADER_BYTES + row * self._cover_bytes
            pixels = os.pread(self._descriptor, self._cover_bytes, position)
            if len(pixels) < self._cover_bytes:
                raise OSError(f"it ends within cover {row}")
        except OSError as error:
            self.failure = CoverFileError(
                f"Expected to read covers from {self.path}, got: {error}; check the disk and run "
                "again: the file is checked, made anew if need be, and training goes on from its "
                "last checkpoint."
            )
            raise self.failure from error
        return np.frombuffer(pixels, np.uint8).reshape(self._cover_shape)


@contextmanager
def named_cover_errors(source: CoverSource) -> Iterator[None]:
    """Raise the source's own CoverFileError where TensorFlow wraps it in an error of a graph."""
    try:
        yield
    except tf.errors.OpError as error:
        if source.failure is None:
            raise
        raise source.failure from error


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


def _opened(path: pathlib.Path) -> tuple[ResizedHeader, int]:
    """Return the header of a whole file, and a descriptor to read it by."""
    try:
        with path.open("rb") as file:
            header = read_header(file)
            if header is not None:
                return header, os.dup(file.fileno())
    except OSError as error:
        raise CoverFileError(
            f"Expected a file of covers at training size at {path}, got: {error}; run the training "
            "again to write it."
        ) from error
    raise CoverFileError(
        f"Expected the covers at training size in {path} as they were written, but the file is "
        "torn or altered; remove it and run the training again."
    )
