"""The covers of a tensor file at training size: in memory, or streamed when they are many."""

import contextlib
import pathlib
from collections.abc import Callable
from typing import BinaryIO

from kpop_assets.covers.resized import file_digest, write_resized
from kpop_assets.covers.tensors import CoverTensorsError, count_of_tensors, read_resized
from kpop_assets.models.cover_source import CoverSource, InMemoryCovers, StreamedCovers
from kpop_assets.models.errors import CoverFileError
from kpop_assets.store.files import replace_durably
from kpop_assets.training.host import logger

CACHE_FILE = "covers.raw"


def training_covers(
    tensors: pathlib.Path,
    image_size: int,
    limit_mb: float,
    cache_folder: pathlib.Path,
    warn: Callable[[str], None] = logger.warning,
) -> CoverSource:
    """Return the covers of a tensor file at `image_size` pixels (Lanczos).

    They are held in memory up to `limit_mb` megabytes (10^6 bytes; a cover takes image_size² × 3).
    More are streamed from a file in `cache_folder`, which is written once and used again as long as
    it is whole and the tensor file has the same content; one run at a time may use the folder. The
    same rows give the same covers either way.

    Raises CoverTensorsError, CoversShapeError when there are no covers, CoverFileError when the
    disk refuses.
    """
    with contextlib.ExitStack() as held:
        try:
            file = held.enter_context(tensors.open("rb"))
        except OSError as error:
            raise CoverTensorsError(
                f"expected cover tensors at {tensors}, but {error}; materialize cover_tensors"
            ) from error
        if count_of_tensors(file) * image_size**2 * 3 <= limit_mb * 1e6:
            return InMemoryCovers(read_resized(file, image_size))
        path = cache_folder / CACHE_FILE
        return _cached(path, file, image_size, warn) or _written(path, file, image_size)


def _cached(
    path: pathlib.Path, tensors: BinaryIO, image_size: int, warn: Callable[[str], None]
) -> StreamedCovers | None:
    if not path.exists():
        return None
    try:
        source = StreamedCovers(path)
    except CoverFileError:
        warn(f"The covers at training size in {path} are damaged; they are written again.")
        return None
    wanted = (image_size, file_digest(tensors))
    return source if (source.header.image_size, source.header.tensors) == wanted else None


def _written(path: pathlib.Path, tensors: BinaryIO, image_size: int) -> StreamedCovers:
    partial = path.with_suffix(".partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with partial.open("wb") as target:
            write_resized(tensors, image_size, target)
        replace_durably(partial, path)
    except OSError as error:
        raise CoverFileError(
            f"Expected to write the covers at training size to {path}, got: {error}; free some "
            "disk space or check the folder's permissions, then run again."
        ) from error
    finally:
        with contextlib.suppress(OSError):
            partial.unlink()
    return StreamedCovers(path)
