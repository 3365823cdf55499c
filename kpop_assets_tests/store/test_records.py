"""Records, and the files that they name, are read back as they were written, or refused by name."""

from pathlib import Path

import pytest
from typing_extensions import TypedDict

from kpop_assets.store.errors import (
    DamagedArtifactError,
    MissingArtifactError,
    UnreadableArtifactError,
)
from kpop_assets.store.records import (
    file_as_written,
    file_digests,
    listed_files,
    read_record,
    record_bytes,
)


class Drawn(TypedDict):
    seed: int
    truncation: float


RECORD = {"seed": 3, "truncation": 0.25, "keyword": "한국", "empty": [], "none": None}
ASSET = "sample_covers [boy]"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "samples.json"
    path.write_bytes(record_bytes(RECORD, ASSET))
    return path


def test_a_record_is_read_back(path: Path) -> None:
    assert read_record(path, ASSET, Drawn) == {"seed": 3, "truncation": 0.25}
    assert read_record(path, ASSET, dict) == RECORD


def test_no_flipped_bit_of_a_record_changes_what_it_says(path: Path) -> None:
    content = path.read_bytes()
    noticed = 0
    for place in range(8 * len(content)):
        damaged = bytearray(content)
        damaged[place // 8] ^= 1 << (place % 8)
        path.write_bytes(damaged)
        try:
            assert read_record(path, ASSET, dict) == RECORD
        except DamagedArtifactError:
            noticed += 1
    assert noticed > 7 * len(content)


def test_the_record_of_another_set_is_refused(path: Path) -> None:
    with pytest.raises(DamagedArtifactError, match=r"the record of sample_covers \[boy\]"):
        read_record(path, "sample_covers [girl]", Drawn)


def test_a_record_of_an_earlier_version_is_read_when_it_has_the_fields(path: Path) -> None:
    path.write_text('{"seed": 3, "truncation": 1}')
    assert read_record(path, ASSET, Drawn) == {"seed": 3, "truncation": 1}
    path.write_text('{"seed": 3}')
    with pytest.raises(DamagedArtifactError, match="truncation: field required"):
        read_record(path, ASSET, Drawn)


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"3", b"\xff\xfe{}", b'"text"', b"[" * 100_000, b'{"seed": "x"}'],
)
def test_what_is_no_record_is_refused(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    with pytest.raises(DamagedArtifactError, match=r"materialize sample_covers \[boy\] again"):
        read_record(path, ASSET, Drawn)


def test_a_missing_record_and_a_folder_in_its_place_are_named(tmp_path: Path) -> None:
    with pytest.raises(MissingArtifactError):
        read_record(tmp_path / "none.json", ASSET, Drawn)
    (tmp_path / "folder.json").mkdir()
    with pytest.raises(UnreadableArtifactError, match="Is a directory"):
        read_record(tmp_path / "folder.json", ASSET, Drawn)


def test_files_are_compared_with_the_record_that_names_them(tmp_path: Path) -> None:
    (tmp_path / "000.jpg").write_bytes(b"one")
    (tmp_path / "frames").mkdir()
    (tmp_path / "frames/1.png").write_bytes(b"two")
    files = file_digests(tmp_path)
    assert set(files) == {"000.jpg", "frames/1.png"}
    assert file_as_written(tmp_path / "000.jpg", tmp_path, files, ASSET) == b"one"
    (tmp_path / "001.jpg").write_bytes(b"one")
    assert listed_files(tmp_path, "*.jpg", files, ASSET) == [tmp_path / "000.jpg"]
    with pytest.raises(DamagedArtifactError, match="another file than its record names"):
        file_as_written(tmp_path / "001.jpg", tmp_path, files, ASSET)
    (tmp_path / "000.jpg").write_bytes(b"three")
    with pytest.raises(DamagedArtifactError, match="another file than its record names"):
        file_as_written(tmp_path / "000.jpg", tmp_path, files, ASSET)
    (tmp_path / "000.jpg").unlink()
    with pytest.raises(MissingArtifactError):
        file_as_written(tmp_path / "000.jpg", tmp_path, files, ASSET)
