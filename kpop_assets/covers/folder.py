"""A folder of one's own pictures, with a covers.csv, in place of the sites."""

import os
import posixpath
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path, PurePosixPath

from kpop_assets.artist_names import ARTIST_TYPES
from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.errors import KpopAssetsError
from kpop_assets.text import comparable, has_control_characters
from kpop_assets.user_files.csv_files import CsvFileError, CsvRow, bad_lines, read_csv, shown_cell
from kpop_assets.user_files.regular_files import UnusableFileError, read_regular_file

TABLE = "covers.csv"
FIRST_YEAR, LAST_YEAR = 1900, 2100
YEAR = re.compile(r"([0-9]{4})(?:[.,]0+)?")
"""Spreadsheets write 2013.0 once a year is missing."""

MOST_PICTURE_BYTES = 200_000_000
"""A bitmap of as many pixels as are allowed has 160 MB."""

DRIVE = re.compile(r"[A-Za-z]:/")


class CoversFolderError(KpopAssetsError):
    """The folder or its covers.csv cannot be used."""


@dataclass(frozen=True)
class FolderCover:
    """One line of covers.csv; without an artist type the cover belongs to the general set."""

    file: str
    artist_type: str | None
    year: int | None = None


@dataclass(frozen=True)
class Listing:
    """What covers.csv lists, how it was read, and what its writer should know."""

    covers: list[FolderCover]
    read_as: str
    notes: list[str]


@dataclass(frozen=True)
class CoversFolder:
    """A folder with pictures and a covers.csv (columns file, artist_type, perhaps year)."""

    path: Path

    def listing(self) -> Listing:
        """Return the covers that covers.csv lists, a line that repeats another left out.

        Raises `CoversFolderError` when the table is missing, no table, or empty; lacks a column; or
        has an unknown artist type, a year that is none, or a file outside the folder. The message
        names the first ten such lines.
        """
        path = self.path / TABLE
        try:
            table = read_csv(path, ("file", "artist_type"), ("year",))
        except CsvFileError as error:
            raise CoversFolderError(str(error)) from error
        if faults := [fault for row in table.rows for fault in self._faults(row)]:
            raise CoversFolderError(bad_lines(path, faults))
        covers = list(dict.fromkeys(map(_cover, table.rows)))
        if not covers:
            raise CoversFolderError(
                f"expected a line for each picture in {path}, but there is none below the header; "
                "write file and artist_type of each"
            )
        notes = list(table.notes)
        if repeated := len(table.rows) - len(covers):
            notes.append(f"{TABLE} repeats {repeated:,} lines; each counts once")
        return Listing(covers, table.read_as, notes)

    def cells(self, column: str) -> dict[str, str]:
        """Return what a column of covers.csv says of each file, "" where it says nothing.

        Raises `CoversFolderError` when the table is missing, no table, or lacks the column.
        """
        try:
            table = read_csv(self.path / TABLE, ("file", column))
        except CsvFileError as error:
            raise CoversFolderError(str(error)) from error
        return {row.cells["file"]: row.cells[column] for row in table.rows if not row.fault}

    def content(self, cover: FolderCover) -> bytes:
        """Return the bytes of the cover's file; raises `UnreadablePictureError`.

        The file is the one of that name; else the only one whose name is equal in normal form, such
        as one that a Mac decomposed. It has to be a regular file inside the folder.
        """
        try:
            path = Path(os.path.realpath(self._found(cover.file), strict=True))
            if not path.is_relative_to(self.path.resolve()):
                raise UnreadablePictureError("it lies outside the folder")
            return read_regular_file(path, MOST_PICTURE_BYTES)
        except UnusableFileError as error:
            reason = error.reason
        except OSError as error:
            reason = error.strerror or str(error)
        except ValueError as error:  # a name with a zero byte, or one that no encoding has
            reason = str(error)
        raise UnreadablePictureError(f"the file cannot be read ({reason})")

    def _found(self, file: str) -> Path:
        """The path of a listed file, each part of it by its exact name or its normal form."""
        if os.path.lexists(self.path / file):
            return self.path / file
        path = self.path
        for part in PurePosixPath(self._inside(file) or file).parts:
            path = path / (part if os.path.lexists(path / part) else _like(path, part))
        return path

    def _inside(self, file: str) -> str | None:
        """The path from the folder to a listed file, with slashes; None for one outside of it."""
        inside = posixpath.normpath(file.replace("\\", "/"))
        if inside.startswith("/"):
            for folder in (self.path, self.path.resolve()):
                if PurePosixPath(inside).is_relative_to(folder):
                    inside = str(PurePosixPath(inside).relative_to(folder))
        is_outside = inside.startswith(("/", "../")) or inside in (".", "..")
        return None if is_outside or DRIVE.match(inside) else inside

    def _faults(self, row: CsvRow) -> list[str]:
        """What is wrong with a line, as parts of a message."""
        if row.fault:
            return [row.fault]
        faults = []
        file, artist_type, year = (row.cells[name] for name in ("file", "artist_type", "year"))
        if not file or has_control_characters(file) or self._inside(file) is None:
            faults.append(
                f"expected a file below the folder in line {row.line}, got {shown_cell(file)}"
            )
        if artist_type and comparable(artist_type) not in ARTIST_TYPES:
            faults.append(
                f"expected artist_type to be {', '.join(ARTIST_TYPES)} or empty (general) in line "
                f"{row.line}, got {shown_cell(artist_type)}"
            )
        if year and _year(year) is None:
            faults.append(
                f"expected year to be four digits from {FIRST_YEAR} to {LAST_YEAR} or empty in "
                f"line {row.line}, got {shown_cell(year)}"
            )
        return faults


def _cover(row: CsvRow) -> FolderCover:
    artist_type, year = comparable(row.cells["artist_type"]), row.cells["year"]
    return FolderCover(row.cells["file"], artist_type or None, _year(year))


def _year(text: str) -> int | None:
    found = YEAR.fullmatch(comparable(text))
    return int(found[1]) if found and FIRST_YEAR <= int(found[1]) <= LAST_YEAR else None


def _like(folder: Path, name: str) -> str:
    """The only name in the folder that equals the name in normal form; the name without one."""
    alike = _names_by_form(folder, folder.stat().st_mtime_ns).get(comparable(name), ())
    composed = unicodedata.normalize("NFC", name)
    same_case = [other for other in alike if unicodedata.normalize("NFC", other) == composed]
    if len(alike) > 1 and len(same_case) != 1:
        raise UnreadablePictureError(
            f"{len(alike)} files are called alike ({', '.join(map(repr, alike[:3]))}) and none "
            "exactly so"
        )
    return (same_case or [*alike, name])[0]


@lru_cache(maxsize=16)
def _names_by_form(folder: Path, _changed_ns: int) -> Mapping[str, tuple[str, ...]]:
    """The names in a folder by their normal form; read again once the folder has changed."""
    names: dict[str, tuple[str, ...]] = {}
    for name in sorted(os.listdir(folder)):
        form = comparable(name)
        names[form] = (*names.get(form, ()), name)
    return names
