"""covers.csv as people and programs damage it: covers or a named error, nothing else."""

import tempfile
from contextlib import suppress
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.covers.folder import ARTIST_TYPES, CoversFolder, CoversFolderError, FolderCover
from kpop_assets.text import printable
from kpop_assets_tests.fuzz.mutations import damaged

LINES = (
    "file,artist_type,year",
    "debut.jpg,girl,2013",
    'girls\\"second, album".png,boy,',
    '"second, album.png",boy,2014.0',
    "소녀시대 앨범.webp,mixed,2010",
    ",,",
    "found on a wall.webp,,",
)
ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp949")
TABLES = [
    line_end.join(LINES).replace(",", separator).encode(encoding)
    for encoding in ENCODINGS
    for separator in (",", ";", "\t")
    for line_end in ("\n", "\r\n", "\r")
]
CELLS = st.text(max_size=12) | st.sampled_from(
    (
        "file",
        " File ",
        "artist-type",
        "year",
        "girl",
        "ＢＯＹ",
        "2013.0",
        "../x",
        "C:\\x",
        '"',
        "sep=;",
    )
)


def read_all(table: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = CoversFolder(Path(name))
        (folder.path / "covers.csv").write_bytes(table)
        (folder.path / "debut.jpg").write_bytes(b"a picture")
        covers, said = listed(folder)
        assert printable(said) == said
        assert len(said) < 10_000
        for cover in covers:
            assert cover.artist_type in (*ARTIST_TYPES, None)
            assert cover.year is None or 1900 <= cover.year <= 2100
            with suppress(UnreadablePictureError):
                assert folder.content(cover) in (b"a picture", table)


def listed(folder: CoversFolder) -> tuple[list[FolderCover], str]:
    """The covers, or none of them and the error."""
    try:
        return folder.listing().covers, ""
    except CoversFolderError as error:
        return [], str(error)


@given(damaged(TABLES))
def test_a_damaged_table_lists_covers_or_is_refused_by_name(table: bytes) -> None:
    read_all(table)


@given(
    st.lists(st.lists(CELLS, max_size=5), max_size=6),
    st.sampled_from(",;\t|"),
    st.sampled_from(("\n", "\r\n", "\r")),
    st.sampled_from(ENCODINGS),
    st.booleans(),
)
def test_a_table_of_any_cells_lists_covers_or_is_refused_by_name(
    rows: list[list[str]], separator: str, line_end: str, encoding: str, with_header: bool
) -> None:
    header = [["file", "artist_type", "year"]] if with_header else []
    text = line_end.join(separator.join(cells) for cells in [*header, *rows])
    read_all(text.encode(encoding, "replace"))
