import os
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.covers.folder import CoversFolder, CoversFolderError, FolderCover


def folder(tmp_path: Path, table: str) -> CoversFolder:
    (tmp_path / "covers.csv").write_text(table, encoding="utf-8")
    return CoversFolder(tmp_path)


def test_covers_with_and_without_artist_type_are_listed(tmp_path: Path) -> None:
    listed = (
        folder(tmp_path, 'file,artist_type\na.jpg, Girl \n"b, c.jpg",\n표지.png,mixed\n')
        .listing()
        .covers
    )
    assert listed == [
        FolderCover("a.jpg", "girl"),
        FolderCover("b, c.jpg", None),
        FolderCover("표지.png", "mixed"),
    ]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("name,artist_type\na.jpg,boy\n", "it lacks file and has name, artist_type"),
        ("filename,artist_type\na.jpg,boy\n", r"has filename, artist_type \(is filename meant as"),
        ("file,artist_type\na.jpg,duo\n", "line 2, got 'duo'"),
        ("file,artist_type\na.jpg,boy\n../../secret.jpg,boy\n", "line 3, got '../../secret.jpg'"),
        ("file,artist_type\na\0.jpg,boy\n", r"line 2, got 'a\\x00.jpg'"),
        ("file,artist_type\n..\\secret.jpg,boy\n", "line 2, got '..*secret.jpg'"),
        ("file,artist_type\nC:\\secret.jpg,boy\n", "line 2, got 'C:.*secret.jpg'"),
        ("file,artist_type\n/etc/secret.jpg,boy\n", "line 2, got '/etc/secret.jpg'"),
        ('file,artist_type\n"a\nb.jpg",boy\n', r"line 2, got 'a\\nb.jpg'"),
        ("file,artist_type\n\n,boy\n", "line 3, got ''"),
        ("file,artist_type,year\na.jpg,boy,2013-05-01\n", "line 2, got '2013-05-01'"),
        ("file,artist_type,year\na.jpg,boy,0213\n", "from 1900 to 2100 .* line 2, got '0213'"),
        ("file,artist_type\nb, c.jpg,boy\n", "expected 2 cells in line 2, got 3: quote"),
        ("", "lacks artist_type and file and has none"),
        ("file,artist_type\n,\n", "none below the header"),
    ],
    ids=[
        *("column missing", "other name", "unknown type", "outside the folder", "zero byte"),
        *("outside with backslashes", "drive", "absolute", "line break", "no file"),
        *("date", "year out of range", "comma in a name", "empty", "header alone"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(tmp_path: Path, table: str, message: str) -> None:
    with pytest.raises(CoversFolderError, match=message):
        folder(tmp_path, table).listing()


def test_every_line_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    lines = ["a.jpg,duo", "b.jpg,boy", *["../c.jpg,"] * 12]
    with pytest.raises(CoversFolderError) as raised:
        folder(tmp_path, "\n".join(["file,artist_type", *lines])).listing()
    assert "line 2, got 'duo'; expected a file below the folder in line 4" in str(raised.value)
    assert "and 3 more; correct these lines" in str(raised.value)


def test_a_table_of_a_spreadsheet_is_read_as_it_comes(tmp_path: Path) -> None:
    table = (
        "File;Artist Type;Year;Note\r\n표지.jpg;ＧＩＲＬ;2013.0;x\r\n;;;\r\n표지.jpg;girl;2013;\r\n"
    )
    (tmp_path / "covers.csv").write_bytes(table.encode("cp949"))
    listing = CoversFolder(tmp_path).listing()
    assert listing.covers == [FolderCover("표지.jpg", "girl", 2013)]
    assert listing.read_as == "CP949, separated by semicolons"
    assert [note.partition(":")[0] for note in listing.notes] == [
        "covers.csv was read as CP949",
        "covers.csv was read as separated by semicolons",
        "covers.csv",
        "covers.csv repeats 1 lines; each counts once",
    ]
    assert "the columns Note are not known" in listing.notes[2]


def test_a_folder_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CoversFolderError, match=r"covers\.csv"):
        CoversFolder(tmp_path).listing()


def test_a_listed_file_that_does_not_exist_is_named_as_such(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePictureError, match="No such file"):
        CoversFolder(tmp_path).content(FolderCover("gone.jpg", None))


def content(folder: Path, file: str) -> bytes:
    return CoversFolder(folder).content(FolderCover(file, None))


def refused(folder: Path, file: str) -> str:
    with pytest.raises(UnreadablePictureError) as raised:
        content(folder, file)
    return raised.value.reason


@pytest.mark.parametrize(("on_disk", "listed"), [("NFD", "NFC"), ("NFC", "NFD")])
def test_names_from_a_mac_and_from_elsewhere_are_one_name(
    tmp_path: Path, on_disk: Literal["NFC", "NFD"], listed: Literal["NFC", "NFD"]
) -> None:
    (tmp_path / unicodedata.normalize(on_disk, "소녀시대")).mkdir()
    (tmp_path / unicodedata.normalize(on_disk, "소녀시대/앨범.png")).write_bytes(b"cover")
    assert content(tmp_path, unicodedata.normalize(listed, "소녀시대/앨범.png")) == b"cover"
    assert content(tmp_path, unicodedata.normalize(listed, "소녀시대\\앨범.PNG")) == b"cover"


def test_an_exact_name_goes_before_one_alike_and_two_alike_are_refused_by_name(
    tmp_path: Path,
) -> None:
    for name in ("a.jpg", "A.jpg", "é.jpg", unicodedata.normalize("NFD", "É.jpg")):
        (tmp_path / name).write_bytes(name.encode())
    assert content(tmp_path, "A.jpg") == b"A.jpg"
    assert content(tmp_path, unicodedata.normalize("NFD", "é.jpg")) == "é.jpg".encode()
    assert refused(tmp_path, "a.JPG") == (
        "2 files are called alike ('A.jpg', 'a.jpg') and none exactly so"
    )


def test_a_file_that_comes_later_is_found(tmp_path: Path) -> None:
    assert "No such file" in refused(tmp_path, "ａ.jpg")
    (tmp_path / "a.jpg").write_bytes(b"later")
    assert content(tmp_path, "ａ.jpg") == b"later"


def test_a_name_with_a_backslash_of_its_own_is_found(tmp_path: Path) -> None:
    (tmp_path / "girls\\debut.jpg").write_bytes(b"cover")
    assert content(tmp_path, "girls\\debut.jpg") == b"cover"


def test_links_lead_inside_the_folder_and_not_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "secret.jpg").write_bytes(b"secret")
    inside = tmp_path / "covers"
    inside.mkdir()
    (inside / "a.jpg").write_bytes(b"cover")
    (inside / "good.jpg").symlink_to("a.jpg")
    (inside / "out.jpg").symlink_to(tmp_path / "secret.jpg")
    (inside / "up").symlink_to(tmp_path)
    assert content(inside, "good.jpg") == b"cover"
    assert content(inside, str(inside / "a.jpg")) == b"cover"
    for file in ("out.jpg", "up/secret.jpg", "../secret.jpg", str(tmp_path / "secret.jpg")):
        assert refused(inside, file) == "it lies outside the folder"
    (tmp_path / "other name").symlink_to(inside)
    assert content(tmp_path / "other name", "a.jpg") == b"cover"


def test_what_is_no_file_is_neither_waited_for_nor_read_without_end(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "loop.jpg").symlink_to("loop.jpg")
    with (tmp_path / "sparse.jpg").open("wb") as file:
        file.truncate(20 * 2**30)
    assert "a named pipe" in refused(tmp_path, "pipe.jpg")
    assert "Too many levels of symbolic links" in refused(tmp_path, "loop.jpg")
    assert "more than 200,000,000 bytes" in refused(tmp_path, "sparse.jpg")
    os.mkfifo(tmp_path / "covers.csv")
    with pytest.raises(CoversFolderError, match="it is a named pipe, no regular file"):
        CoversFolder(tmp_path).listing()
