"""Whatever happens to the bytes of a stored file, it says what was written or a named error."""

import io
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import given

from kpop_assets.covers.tensors import read_cover_tensors, write_cover_tensors
from kpop_assets.errors import KpopAssetsError
from kpop_assets.store.records import read_record, record_bytes
from kpop_assets.store.tables import read_table, write_table
from kpop_assets.training.checkpoint import Checkpoint, latest_checkpoint, write_checkpoint
from kpop_assets_tests.fuzz.mutations import damaged

TABLE = pd.DataFrame(
    {"hash": ["a", "b", None], "score": [0.5, 1.5, 2.5], "sets": [["boy"], [], ["girl"]]}
)
RECORD = {
    "seed": 3,
    "provenance": {"weights_hash": "0" * 64, "best_step": 4},
    "losses": {"step": [1.0, 2.0], "generator": [0.5, 0.25]},
    "files": {"generator.keras": "1" * 64},
}
PIXELS = np.arange(2 * 8 * 8 * 3, dtype=np.uint8).reshape(2, 8, 8, 3)
CHECKPOINT = Checkpoint(
    20, 0, "training", np.ones((20, 1), np.float32), {"w": np.arange(9, dtype=np.float32)}
)


def stored(write: Callable[[io.BytesIO], object]) -> bytes:
    file = io.BytesIO()
    write(file)
    return file.getvalue()


STORED_TABLE = stored(lambda file: write_table(file, TABLE, "melon_covers"))
STORED_TENSORS = stored(
    lambda file: write_cover_tensors(
        [("a" * 64, PIXELS[0]), ("b" * 64, PIXELS[1])], file, 8, "sample", cover_set="boy"
    )
)
STORED_RECORD = record_bytes(RECORD, "cover_generator [boy]")


def read_back(content: bytes, read: Callable[[Path], Any]) -> Any:
    """What `read` makes of a file with that content, None for a named error."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(content)
        try:
            return read(path)
        except KpopAssetsError:
            return None


@given(damaged([STORED_TABLE]))
def test_a_table(content: bytes) -> None:
    read = read_back(content, lambda path: read_table(path, "melon_covers"))
    if read is not None:
        pd.testing.assert_frame_equal(
            read, pd.read_parquet(io.BytesIO(STORED_TABLE)), check_exact=True
        )


@given(damaged([STORED_TENSORS]))
def test_cover_tensors(content: bytes) -> None:
    def covers(path: Path) -> Any:
        with path.open("rb") as file:
            batches = list(read_cover_tensors(file))
        return [name for batch in batches for name in batch.hashes], batches

    read = read_back(content, covers)
    if read is not None:
        assert read[0] == ["a" * 64, "b" * 64]
        np.testing.assert_array_equal(np.concatenate([one.pixels for one in read[1]]), PIXELS)


@given(damaged([STORED_RECORD]))
def test_a_record(content: bytes) -> None:
    read = read_back(content, lambda path: read_record(path, "cover_generator [boy]", dict))
    assert read in (None, RECORD)


def stored_checkpoint() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        write_checkpoint(Path(folder), CHECKPOINT)
        return (Path(folder) / "checkpoint-20.npz").read_bytes()


STORED_CHECKPOINT = stored_checkpoint()


@given(damaged([STORED_CHECKPOINT]))
def test_a_checkpoint(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "checkpoint-20.npz").write_bytes(content)
        read = latest_checkpoint(Path(folder), "training", 99, lambda _: None)
    if read is not None:
        np.testing.assert_array_equal(read.variables["w"], CHECKPOINT.variables["w"])
        np.testing.assert_array_equal(read.losses, CHECKPOINT.losses)
