import io
import tracemalloc
from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kpop_assets.covers.tensors import (
    CoverTensorsError,
    cover_set_of_tensors,
    read_cover_tensors,
    read_resized,
    sites_of_tensors,
    write_cover_tensors,
)


def covers(count: int, size: int) -> Iterator[tuple[str, np.ndarray]]:
    for index in range(count):
        yield f"{index:064x}", np.full((size, size, 3), index % 256, np.uint8)


def written(count: int, size: int = 16, batch: int = 4) -> io.BytesIO:
    file = io.BytesIO()
    assert write_cover_tensors(covers(count, size), file, size, "sample", batch) == count
    file.seek(0)
    return file


def test_what_is_written_in_batches_is_read_back_in_other_batches() -> None:
    batches = list(read_cover_tensors(written(10), batch=3))
    assert [name for batch in batches for name in batch.hashes] == [f"{i:064x}" for i in range(10)]
    assert np.concatenate([batch.pixels for batch in batches])[:, 0, 0, 0].tolist() == list(
        range(10)
    )
    assert batches[0].pixels.dtype == np.uint8
    assert max(len(batch.hashes) for batch in batches) <= 4


def test_pixels_are_written_as_streams_of_bytes() -> None:
    column = pq.ParquetFile(written(1)).metadata.row_group(0).column(1)
    assert "BYTE_STREAM_SPLIT" in column.encodings, column.path_in_schema


def test_the_file_keeps_where_the_covers_come_from() -> None:
    assert sites_of_tensors(written(1)) == "sample"


def test_covers_are_read_at_training_size() -> None:
    assert read_resized(written(5, size=64), 32).shape == (5, 32, 32, 3)


def test_an_empty_file_gives_no_covers() -> None:
    assert read_resized(written(0), 32).shape == (0, 32, 32, 3)


def test_reading_and_writing_many_covers_holds_a_few_batches_only() -> None:
    size, batch, count = 256, 8, 240
    batch_bytes = batch * size * size * 3
    tracemalloc.start()
    before = pa.total_allocated_bytes()
    file = written(count, size, batch)
    held = 0
    for rows in read_cover_tensors(file, batch):
        held = max(held, pa.total_allocated_bytes() - before)
        del rows
    python_peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert held < 24 * batch_bytes < count * size * size * 3
    assert python_peak < 24 * batch_bytes + len(file.getvalue())


def test_a_file_that_holds_no_tensors_is_refused_by_name() -> None:
    with pytest.raises(CoverTensorsError, match="materialize cover_tensors again"):
        list(read_cover_tensors(io.BytesIO(b"not parquet")))


def test_a_cover_of_another_size_is_refused() -> None:
    with pytest.raises(ValueError, match="expected uint8 \\(32, 32, 3\\)"):
        write_cover_tensors(covers(1, 16), io.BytesIO(), 32, "sample")


def test_every_flipped_bit_of_a_tensor_file_is_noticed() -> None:
    content = written(2, size=4).getvalue()
    for place in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << (place % 8)
        with pytest.raises(CoverTensorsError, match="materialize cover_tensors again"):
            sites_of_tensors(io.BytesIO(damaged))


def test_a_tensor_file_is_an_ordinary_parquet_file_and_names_its_set() -> None:
    file = io.BytesIO()
    write_cover_tensors(covers(3, 4), file, 4, "live", cover_set="boy")
    assert pq.read_table(file).column("hash").to_pylist() == [f"{i:064x}" for i in range(3)]
    assert cover_set_of_tensors(file) == "boy"


def test_a_tensor_file_of_an_earlier_version_is_read() -> None:
    table = pq.read_table(written(3, size=4))
    old = table.replace_schema_metadata({"sites": "sample"})
    file = io.BytesIO()
    pq.write_table(old, file)
    assert read_resized(file, 4).shape == (3, 4, 4, 3)
    assert cover_set_of_tensors(file) == ""
