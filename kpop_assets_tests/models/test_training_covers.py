import errno
import os
import pathlib
import resource
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pytest

from kpop_assets.covers.resized import HEADER_BYTES
from kpop_assets.covers.tensors import CoverTensorsError, read_resized, write_cover_tensors
from kpop_assets.models.cover_source import InMemoryCovers, StreamedCovers
from kpop_assets.models.errors import CoverFileError, CoversShapeError
from kpop_assets.models.training_covers import CACHE_FILE, training_covers

SIZE = 32
COUNT = 9
MEGABYTES = COUNT * SIZE * SIZE * 3 / 1e6


def write_tensors(path: pathlib.Path, seed: int, count: int = COUNT) -> np.ndarray:
    """Write a tensor file in one instant, as the asset does; return its covers at training size."""
    random = np.random.default_rng(seed)
    pictures = (
        (f"{i:064x}", random.integers(0, 256, (64, 64, 3), dtype=np.uint8)) for i in range(count)
    )
    temporary = path.with_suffix(".new")
    with temporary.open("w+b") as file:
        write_cover_tensors(pictures, file, 64, "sample", batch=4)
        resized = read_resized(file, SIZE)
    temporary.replace(path)
    return resized


@pytest.fixture
def tensors(tmp_path) -> pathlib.Path:
    return tmp_path / "covers.parquet"


@pytest.fixture
def array(tensors) -> np.ndarray:
    return write_tensors(tensors, seed=0)


def streamed(tensors: pathlib.Path, folder: pathlib.Path, **options) -> StreamedCovers:
    source = training_covers(tensors, options.pop("size", SIZE), 0, folder, **options)
    assert isinstance(source, StreamedCovers)
    return source


def written_at(folder: pathlib.Path) -> tuple[int, int]:
    """Return what changes when the file is written again."""
    status = (folder / CACHE_FILE).stat()
    return status.st_ino, status.st_mtime_ns


@pytest.mark.usefixtures("array")
def test_covers_up_to_the_limit_are_held_in_memory_and_more_are_streamed(tensors, folder):
    source = training_covers(tensors, SIZE, MEGABYTES, folder)
    assert isinstance(source, InMemoryCovers)
    assert not folder.exists()
    assert isinstance(training_covers(tensors, SIZE, MEGABYTES * 0.999, folder), StreamedCovers)


def test_both_kinds_hold_the_same_covers(tensors, array, folder):
    in_memory, from_file = training_covers(tensors, SIZE, 1, folder), streamed(tensors, folder)
    assert in_memory.fingerprint == from_file.fingerprint
    np.testing.assert_array_equal(in_memory.sample(COUNT), array)
    np.testing.assert_array_equal(from_file.sample(COUNT), array)


def test_the_file_is_written_once_for_the_same_covers(tensors, array, folder):
    streamed(tensors, folder)
    before = written_at(folder)
    os.utime(tensors)
    np.testing.assert_array_equal(streamed(tensors, folder).sample(COUNT), array)
    assert written_at(folder) == before
    assert os.listdir(folder) == [CACHE_FILE]


@pytest.mark.usefixtures("array")
def test_other_covers_are_never_served_from_the_file_of_the_former(tensors, folder):
    streamed(tensors, folder)
    status = tensors.stat()
    others = write_tensors(tensors, seed=1)
    os.utime(tensors, ns=(status.st_atime_ns, status.st_mtime_ns))
    np.testing.assert_array_equal(streamed(tensors, folder).sample(COUNT), others)


def test_another_size_is_written_anew(tensors, array, folder):
    streamed(tensors, folder, size=64)
    np.testing.assert_array_equal(streamed(tensors, folder).sample(COUNT), array)


@pytest.mark.parametrize("kept", [0, HEADER_BYTES - 1, HEADER_BYTES + 5000, -1])
def test_a_torn_file_is_written_again_with_a_warning(tensors, array, folder, kept):
    streamed(tensors, folder)
    cache = folder / CACHE_FILE
    cache.write_bytes(cache.read_bytes()[:kept])
    warnings: list[str] = []
    source = streamed(tensors, folder, warn=warnings.append)
    np.testing.assert_array_equal(source.sample(COUNT), array)
    assert len(warnings) == 1
    assert "damaged; they are written again" in warnings[0]


def test_an_altered_picture_in_the_file_is_not_trained_on(tensors, array, folder):
    streamed(tensors, folder)
    cache = folder / CACHE_FILE
    content = bytearray(cache.read_bytes())
    content[HEADER_BYTES + 4321] ^= 128
    cache.write_bytes(content)
    np.testing.assert_array_equal(streamed(tensors, folder).sample(COUNT), array)


KILLED_WHILE_WRITING = """
import resource, signal, sys
from pathlib import Path
from kpop_assets.models.training_covers import training_covers
signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
training_covers(Path(sys.argv[1]), 32, 0, Path(sys.argv[2]))
"""


def test_what_a_killed_run_left_half_written_is_written_again(tensors, array, folder):
    command = [sys.executable, "-c", KILLED_WHILE_WRITING, str(tensors), str(folder)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGXFSZ
    assert os.listdir(folder) == ["covers.partial"]
    np.testing.assert_array_equal(streamed(tensors, folder).sample(COUNT), array)
    assert os.listdir(folder) == [CACHE_FILE]


@contextmanager
def files_no_larger_than(size: int) -> Iterator[None]:
    """Make the kernel refuse to write more than `size` bytes to a file."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("array")
def test_a_disk_that_refuses_is_a_named_error_and_leaves_nothing(tensors, folder):
    with (
        files_no_larger_than(10_000),
        pytest.raises(CoverFileError, match="free some disk space") as raised,
    ):
        training_covers(tensors, SIZE, 0, folder)
    cause = raised.value.__cause__
    assert isinstance(cause, OSError)
    assert cause.errno == errno.EFBIG
    assert os.listdir(folder) == []


@pytest.mark.parametrize("limit_mb", [0, 100])
def test_no_covers_are_refused_by_name(tensors, folder, limit_mb):
    write_tensors(tensors, seed=0, count=0)
    with pytest.raises(CoversShapeError, match="at least one cover"):
        training_covers(tensors, SIZE, limit_mb, folder)


@pytest.mark.parametrize("limit_mb", [0, 100])
@pytest.mark.usefixtures("array")
def test_a_torn_tensor_file_is_refused_by_name(tensors, folder, limit_mb):
    tensors.write_bytes(tensors.read_bytes()[:-100])
    with pytest.raises(CoverTensorsError, match="materialize cover_tensors again"):
        training_covers(tensors, SIZE, limit_mb, folder)


def test_a_missing_tensor_file_is_refused_by_name(tensors, folder):
    with pytest.raises(CoverTensorsError, match="materialize cover_tensors"):
        training_covers(tensors, SIZE, 1, folder)
