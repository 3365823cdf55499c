"""Tables between assets are read back as they were written, or refused by name."""

import io
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import (
    DamagedArtifactError,
    MissingArtifactError,
    UnreadableArtifactError,
)
from kpop_assets.store.tables import read_table, stored_table, write_table

TABLE = pd.DataFrame(
    {
        "hash": ["a", "b", "b", None],
        "score": [0.5, 1.0, float("nan"), 3.0],
        "rank": pd.array([1, 2, None, 4], dtype="Int64"),
        "seen": pd.to_datetime(["2020-01-01", None, "2021-05-06", "2022-01-01"], utc=True),
        "sets": [["boy", "popular"], [], ["girl"], ["general"]],
    }
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = io.BytesIO()
    write_table(file, TABLE, "melon_covers")
    path = tmp_path / "melon_covers.parquet"
    path.write_bytes(file.getvalue())
    return path


def test_a_table_is_read_back_by_us_and_by_pandas(path: Path) -> None:
    read = read_table(path, "melon_covers")
    pd.testing.assert_frame_equal(read, pd.read_parquet(path))
    assert read["rank"].dtype == "Int64"
    assert [list(sets) for sets in read["sets"]] == TABLE["sets"].tolist()
    pd.testing.assert_frame_equal(read.drop(columns="sets"), TABLE.drop(columns="sets"))


def test_every_flipped_bit_of_a_table_is_noticed(path: Path) -> None:
    content = path.read_bytes()
    for place in range(len(content)):
        damaged = bytearray(content)
        damaged[place] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        with pytest.raises(DamagedArtifactError, match="materialize melon_covers again"):
            read_table(path, "melon_covers")


def test_the_table_of_another_asset_is_refused(path: Path) -> None:
    with pytest.raises(DamagedArtifactError, match="it is the table of melon_covers"):
        read_table(path, "crawled_covers")


def test_a_table_without_its_seal_is_refused(path: Path) -> None:
    content = path.read_bytes()
    first_page = content.index(b"\x15", 4 + 16 + 32)
    path.write_bytes(b"PAR1" + content[first_page:])
    with pytest.raises(DamagedArtifactError):
        read_table(path, "melon_covers")


def test_a_table_of_an_earlier_version_is_read(tmp_path: Path) -> None:
    for rows in (TABLE, TABLE[:0]):
        rows.to_parquet(tmp_path / "old.parquet", index=False)
        assert len(read_table(tmp_path / "old.parquet", "melon_covers")) == len(rows)


def test_a_table_is_read_from_a_store_at_a_url() -> None:
    store = Store("memory://test_tables/store")
    with pytest.raises(MissingArtifactError, match="materialize melon_covers first"):
        stored_table(store, "melon_covers")
    content = io.BytesIO()
    write_table(content, pd.DataFrame({"hash": ["a"]}), "melon_covers")
    store.table("melon_covers").write_bytes(content.getvalue())
    assert stored_table(store, "melon_covers")["hash"].tolist() == ["a"]


def test_what_cannot_be_read_is_said_to_be_so(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError, match="materialize melon_covers first"):
        read_table(tmp_path / "none.parquet", "melon_covers")
    (tmp_path / "folder.parquet").mkdir()
    with pytest.raises(UnreadableArtifactError, match="Is a directory") as raised:
        read_table(tmp_path / "folder.parquet", "melon_covers")
    assert "disk space" not in str(raised.value)
    for content in (b"", b"PAR1", b"PAR1" + bytes(200), b"PAR1\x15" + bytes(200)):
        (tmp_path / "odd.parquet").write_bytes(content)
        with pytest.raises(DamagedArtifactError):
            read_table(tmp_path / "odd.parquet", "melon_covers")
