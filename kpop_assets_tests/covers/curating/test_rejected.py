from pathlib import Path

import pytest

from kpop_assets.covers.curating.rejected import RejectedCoversError, rejected_covers
from kpop_assets.project import REFERENCE_FOLDER

A, B = "a" * 64, "0123456789abcdef" * 4


def written(path: Path, text: str | bytes) -> Path:
    table = path / "rejected_covers.csv"
    table.write_bytes(text if isinstance(text, bytes) else text.encode())
    return table


def test_the_committed_table_can_be_read() -> None:
    assert isinstance(rejected_covers(REFERENCE_FOLDER / "rejected_covers.csv"), dict)


def test_hashes_come_with_the_reasons_that_a_person_gave(tmp_path: Path) -> None:
    table = written(
        tmp_path, f'\ufeffhash,reason\r\n{A}, a T-shirt \r\n{B},"poster, of a film"\r\n'
    )
    assert rejected_covers(table) == {A: "a T-shirt", B: "poster, of a film"}


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        (f"{A},poster\n{B[:-1]},poster", 3, "64 digits"),
        (f"{A.upper()},poster", 2, "64 digits"),
        (f"{A},", 2, "a reason"),
        (f"{A}", 2, "a reason"),
        (f"{A},poster, of a film", 2, "quote a reason that has a comma"),
        (f"{A},poster\n{B},poster\n{A},shirt", 4, "repeats a"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, lines: str, line: int, said: str) -> None:
    with pytest.raises(RejectedCoversError, match=f"rejected_covers.csv.* line {line}") as error:
        rejected_covers(written(tmp_path, f"hash,reason\n{lines}\n"))
    assert said in str(error.value)


@pytest.mark.parametrize("content", [b"", b"hash|reason\n", b"hash\n"])
def test_missing_columns_are_named(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(RejectedCoversError, match=r"line 1: expected the columns hash and reason"):
        rejected_covers(written(tmp_path, content))


def test_a_table_from_a_korean_spreadsheet_is_read_and_said_to_be_one(tmp_path: Path) -> None:
    table = written(tmp_path, f"Reason;Hash\r\n포스터;{A}\r\n;\r\n".encode("cp949"))
    notes: list[str] = []
    assert rejected_covers(table, notes.append) == {A: "포스터"}
    assert [note.split(":")[0] for note in notes] == [
        "rejected_covers.csv was read as CP949",
        "rejected_covers.csv was read as separated by semicolons",
    ]


def test_a_missing_table_and_one_that_is_no_text_are_named(tmp_path: Path) -> None:
    with pytest.raises(RejectedCoversError, match="No such file"):
        rejected_covers(tmp_path / "none.csv")
    with pytest.raises(RejectedCoversError, match="save it as CSV, UTF-8"):
        rejected_covers(written(tmp_path, b"hash,reason\n\xff\xfe\x00"))
