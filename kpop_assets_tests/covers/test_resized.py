import hashlib
import io
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.covers.resized import HEADER_BYTES, file_digest, read_header, write_resized
from kpop_assets.covers.tensors import CoverTensorsError, read_resized, write_cover_tensors


def covers(count: int, size: int) -> Iterator[tuple[str, np.ndarray]]:
    for index in range(count):
        coarse = np.random.default_rng(index).integers(0, 256, (4, 4, 3), dtype=np.uint8)
        yield f"{index:064x}", np.kron(coarse, np.ones((size // 4, size // 4, 1), np.uint8))


def tensor_file(count: int, size: int = 64) -> io.BytesIO:
    file = io.BytesIO()
    write_cover_tensors(covers(count, size), file, size, "sample", batch=4)
    return file


@pytest.fixture(scope="module")
def tensors() -> io.BytesIO:
    return tensor_file(11)


@pytest.fixture
def resized(tensors: io.BytesIO) -> io.BytesIO:
    target = io.BytesIO()
    write_resized(tensors, 32, target)
    return target


def test_the_file_holds_the_same_pixels_as_the_covers_read_into_memory(tensors, resized):
    in_memory = read_resized(tensors, 32)
    assert resized.getvalue()[HEADER_BYTES:] == in_memory.tobytes()
    header = read_header(resized)
    assert header is not None
    assert (header.image_size, header.count) == (32, 11)
    assert header.pixels == hashlib.sha256(in_memory.tobytes()).hexdigest()


def test_the_header_names_the_tensor_file_that_the_covers_come_from(tensors, resized):
    header = read_header(resized)
    assert header is not None
    assert header.tensors == hashlib.sha256(tensors.getvalue()).hexdigest() == file_digest(tensors)


def test_what_was_written_is_what_is_read(tensors):
    target = io.BytesIO()
    assert write_resized(tensors, 32, target) == read_header(target)


@pytest.mark.parametrize("kept", [0, 1, HEADER_BYTES - 1, HEADER_BYTES, HEADER_BYTES + 3072, -1])
def test_a_file_cut_anywhere_has_no_header(resized, kept):
    assert read_header(io.BytesIO(resized.getvalue()[:kept])) is None


def test_a_file_whose_writing_was_broken_off_has_no_header(resized):
    content = resized.getvalue()
    assert read_header(io.BytesIO(bytes(HEADER_BYTES) + content[HEADER_BYTES:])) is None


@pytest.mark.parametrize("place", [0, 8, 12, HEADER_BYTES - 1, HEADER_BYTES, -1])
def test_a_file_with_an_altered_byte_has_no_header(resized, place):
    content = bytearray(resized.getvalue())
    content[place] ^= 1
    assert read_header(io.BytesIO(content)) is None


def test_a_file_with_something_after_it_has_no_header(resized):
    assert read_header(io.BytesIO(resized.getvalue() + b"\0")) is None


def test_no_covers_make_a_file_of_none():
    target = io.BytesIO()
    assert write_resized(tensor_file(0), 32, target).count == 0
    assert read_header(target) is not None


def test_a_file_that_holds_no_tensors_is_refused_by_name():
    with pytest.raises(CoverTensorsError, match="materialize cover_tensors again"):
        write_resized(io.BytesIO(b"not parquet"), 32, io.BytesIO())


PEAK_MEGABYTES = """
import sys
from pathlib import Path
from kpop_assets.covers.resized import write_resized
with open(sys.argv[1], "rb") as tensors, open(sys.argv[1] + ".raw", "wb") as target:
    write_resized(tensors, 64, target)
status = Path("/proc/self/status").read_text()
print(int(status.split("VmHWM:")[1].split()[0]) / 1e3)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="reads the peak from /proc")
def test_ten_times_as_many_covers_take_no_more_memory(tmp_path: Path):
    def peak(count: int) -> float:
        path = tmp_path / f"{count}.parquet"
        with path.open("wb") as file:
            write_cover_tensors(noise(count, 512), file, 512, "sample")
        command = [sys.executable, "-c", PEAK_MEGABYTES, str(path)]
        return float(subprocess.run(command, capture_output=True, check=True, text=True).stdout)

    few, many = peak(16), peak(160)
    assert many < few + 20, f"{few:.0f} MB for 16 covers, {many:.0f} MB for 160"


def noise(count: int, size: int) -> Iterator[tuple[str, np.ndarray]]:
    random = np.random.default_rng(0)
    for index in range(count):
        yield f"{index:064x}", random.integers(0, 256, (size, size, 3), dtype=np.uint8)
