"""Tables as people and their spreadsheets write them."""

import codecs
from pathlib import Path

import pytest

from kpop_assets.user_files.csv_files import (
    MOST_EMPTY_ROWS,
    MOST_ROWS,
    CsvFileError,
    CsvTable,
    read_csv,
)

NEEDED, OPTIONAL = ("artist", "artist_type"), ("artist_latin",)
TABLE = "artist,artist_type\r\n소녀시대,girl\r\n빅뱅,boy\r\n"
READ = [("소녀시대", "girl"), ("빅뱅", "boy")]


def read(folder: Path, content: str | bytes) -> CsvTable:
    path = folder / "table.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_csv(path, NEEDED, OPTIONAL)


def cells(table: CsvTable) -> list[tuple[str, str]]:
    return [(row.cells["artist"], row.cells["artist_type"]) for row in table.rows]


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (TABLE.encode(), "UTF-8"),
        (TABLE.encode("utf-8-sig"), "UTF-8"),
        (TABLE.encode("cp949"), "CP949"),
        (codecs.BOM_UTF16_LE + TABLE.encode("utf-16-le"), "UTF-16-LE"),
        (codecs.BOM_UTF16_BE + TABLE.encode("utf-16-be"), "UTF-16-BE"),
        (TABLE.encode("utf-16-le"), "UTF-16-LE"),
        (TABLE.encode("utf-16-be"), "UTF-16-BE"),
        (codecs.BOM_UTF32_LE + TABLE.encode("utf-32-le"), "UTF-32-LE"),
    ],
)
def test_encodings_are_found_and_said(tmp_path: Path, content: bytes, encoding: str) -> None:
    table = read(tmp_path, content)
    assert cells(table) == READ
    assert table.read_as == f"{encoding}, separated by commas"
    assert [encoding in note for note in table.notes] == [True] * (encoding != "UTF-8")


@pytest.mark.parametrize(
    ("content", "separator"),
    [
        (TABLE.replace(",", ";"), "semicolons"),
        (TABLE.replace(",", "\t"), "tabs"),
        ("sep=;\r\n" + TABLE.replace(",", ";"), "semicolons"),
        ("sep=|\r\n" + TABLE.replace(",", "|"), "'|'"),
        ("\ufeff" + TABLE.replace(",", ";"), "semicolons"),
    ],
)
def test_separators_are_found_and_said(tmp_path: Path, content: str, separator: str) -> None:
    table = read(tmp_path, content)
    assert cells(table) == READ
    assert table.read_as == f"UTF-8, separated by {separator}"
    assert separator in table.notes[0]


@pytest.mark.parametrize(
    "header",
    [
        " Artist , Artist Type ",
        "ARTIST,artist-type",
        "ａｒｔｉｓｔ,ａｒｔｉｓｔ＿ｔｙｐｅ",
        "\u200bartist,artisttype",
        '"artist","artist\ntype"',
        "artist_type,artist",
    ],
)
def test_headers_are_compared_in_one_form(tmp_path: Path, header: str) -> None:
    line = "girl,IU" if header.startswith("artist_type") else "IU,girl"
    assert cells(read(tmp_path, f"{header}\n{line}\n")) == [("IU", "girl")]


def test_words_that_mean_nothing_elsewhere_are_names(tmp_path: Path) -> None:
    names = ["NA", "NULL", "None", "nan", "TRUE", "1.0", "-", "N/A"]
    table = read(tmp_path, "artist,artist_type\n" + "".join(f"{name},boy\n" for name in names))
    assert [artist for artist, _ in cells(table)] == names


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_lines_without_text_are_passed_over_and_lines_keep_their_numbers(
    tmp_path: Path, line_end: str
) -> None:
    lines = ["", "artist,artist_type", ",", "IU,girl,,,", " , \u200b", "", "빅뱅"]
    table = read(tmp_path, line_end.join(lines))
    assert cells(table) == [("IU", "girl"), ("빅뱅", "")]
    assert [row.line for row in table.rows] == [4, 7]


def test_unknown_columns_are_named(tmp_path: Path) -> None:
    table = read(tmp_path, "artist,artist_type,artist_kind,\x1b[2J\nIU,girl,solo,\n")
    assert table.notes == ["table.csv: the columns artist_kind, [2J are not known and not read"]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("", "line 1: .*lacks artist and artist_type and has none"),
        (
            "artists,type\n",
            r"lacks artist and artist_type and has artists, type \(is artists meant",
        ),
        ("NAME OF ARTIST,artist_type\n", r"\(is NAME OF ARTIST meant as artist\?\)"),
        ("artist,ARTIST,artist_type\n", "artist came twice"),
        (
            'artist,artist_type\nIU,girl\n"EXO,boy\nBTS,boy\n',
            "line 3: expected CSV, but unexpected",
        ),
        ('artist,artist_type\n"A" b,boy\n', "line 2: expected CSV"),
        (
            "artist,artist_type\n" + "x" * 200_000 + ",boy\n",
            "line 2: expected CSV, but field larger",
        ),
        ("artist,artist_type" + "," * 2000 + "\n", "2,002 columns came"),
        (b"artist,artist_type\nIU,girl\n\xff\xff,boy\n", "line 3: expected text in UTF-8 or CP949"),
        (codecs.BOM_UTF16_LE + b"a\0r", "expected text in UTF-16-LE"),
    ],
    ids=[
        *("empty", "other names", "near miss", "twice", "open quote", "stray quote", "huge cell"),
        *("many columns", "no text", "cut UTF-16"),
    ],
)
def test_a_table_that_cannot_be_read_is_named(
    tmp_path: Path, content: str | bytes, message: str
) -> None:
    with pytest.raises(CsvFileError, match=message):
        read(tmp_path, content)


def test_a_flood_of_lines_without_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CsvFileError, match="1,048,576 without any came"):
        read(tmp_path, "artist,artist_type\n" + "\n" * (MOST_EMPTY_ROWS + 1))


def test_lines_that_cannot_be_meant_so_say_what_is_wrong(tmp_path: Path) -> None:
    long = "x" * 2001
    table = read(tmp_path, f"artist,artist_type\nGD, TOP,boy\n{long},boy\nIU,girl\n")
    assert [row.fault.partition(":")[0] for row in table.rows] == [
        "expected 2 cells in line 2, got 3",
        "expected at most 2,000 characters a cell in line 3, got 2,001",
        "",
    ]


def test_the_lines_of_a_flood_after_the_first_hundred_thousand_are_left_out(tmp_path: Path) -> None:
    table = read(tmp_path, "artist,artist_type\n" + "IU,girl\n" * (MOST_ROWS + 1))
    assert len(table.rows) == MOST_ROWS
    assert table.notes[0].startswith(
        "table.csv has more than 100,000 lines: those from line 100002"
    )
