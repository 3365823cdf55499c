from pathlib import Path

import pytest

from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.covers.folder import CoversFolder, CoversFolderError, FolderCover


def folder(tmp_path: Path, table: str) -> CoversFolder:
    (tmp_path / "covers.csv").write_text(table, encoding="utf-8")
    return CoversFolder(tmp_path)


def test_covers_with_and_without_artist_type_are_listed(tmp_path: Path) -> None:
    listed = folder(
        tmp_path, 'file,artist_type\na.jpg, Girl \n"b, c.jpg",\n표지.png,mixed\n'
    ).listed_covers()
    assert listed == [
        FolderCover("a.jpg", "girl"),
        FolderCover("b, c.jpg", None),
        FolderCover("표지.png", "mixed"),
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,artist_type\na.jpg,boy\n", "it lacks file and has name, artist_type"),
        (
            "file;artist_type\na.jpg;boy\n",
            "lacks artist_type and file .* separate columns by commas",
        ),
        ("file,artist_type\na.jpg,duo\n", "line 2, got 'duo'"),
        ("file,artist_type\na.jpg,boy\n../../secret.jpg,boy\n", "line 3, got '../../secret.jpg'"),
        ("file,artist_type\na\0.jpg,boy\n", r"line 2, got 'a\\x00.jpg'"),
        ("", "lacks artist_type and file and has none"),
    ],
    ids=[
        *("column missing", "semicolons", "unknown type", "outside the folder", "zero byte"),
        "empty",
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(CoversFolderError, match=message):
        folder(tmp_path, table).listed_covers()


def test_a_table_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "covers.csv").write_bytes("file,artist_type\n표지.jpg,boy\n".encode("euc-kr"))
    with pytest.raises(CoversFolderError, match="save it as CSV, UTF-8"):
        CoversFolder(tmp_path).listed_covers()


def test_a_folder_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CoversFolderError, match=r"covers\.csv"):
        CoversFolder(tmp_path).listed_covers()


def test_a_listed_file_that_does_not_exist_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePictureError, match="No such file"):
        CoversFolder(tmp_path).content(FolderCover("gone.jpg", None))
