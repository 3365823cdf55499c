"""A folder of one's own pictures, with a covers.csv, in place of the sites."""

import csv
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.covers.decode import UnreadablePictureError
from kpop_assets.errors import KpopAssetsError

ARTIST_TYPES = ("boy", "girl", "mixed")


class CoversFolderError(KpopAssetsError):
    """The folder or its covers.csv cannot be used."""


@dataclass(frozen=True)
class FolderCover:
    """One line of covers.csv; without an artist type the cover belongs to the general set."""

    file: str
    artist_type: str | None
    year: int | None = None


@dataclass(frozen=True)
class CoversFolder:
    """A folder with pictures and a covers.csv (UTF-8; columns file, artist_type, perhaps year)."""

    path: Path

    def listed_covers(self) -> list[FolderCover]:
        """Return the covers that covers.csv lists.

        Raises `CoversFolderError` when the table is missing, lacks a column, has an unknown artist
        type or a year that is none, or names a file outside the folder.
        """
        table = self.path / "covers.csv"
        try:
            with table.open(encoding="utf-8-sig", newline="") as file:
                reader = csv.DictReader(file, restval="")
                columns = list(reader.fieldnames or [])
                rows = list(reader)
        except (OSError, ValueError, csv.Error) as error:
            reason = error.strerror if isinstance(error, OSError) else error
            raise CoversFolderError(
                f"expected {table}, a table with the columns file and artist_type, but {reason}; "
                "save it as CSV, UTF-8, separated by commas"
            ) from error
        missing = sorted({"file", "artist_type"} - set(columns))
        if missing:
            raise CoversFolderError(
                f"expected the columns file and artist_type in {table}, but it lacks "
                f"{' and '.join(missing)} and has {', '.join(columns) or 'none'}; separate columns "
                "by commas"
            )
        return [
            self._cover(
                row["file"].strip(),
                row["artist_type"].strip().lower(),
                row.get("year", "").strip(),
                line,
            )
            for line, row in enumerate(rows, start=2)
        ]

    def content(self, cover: FolderCover) -> bytes:
        """Return the bytes of the cover's file; raises `UnreadablePictureError`."""
        try:
            return (self.path / cover.file).read_bytes()
        except OSError as error:
            raise UnreadablePictureError(f"the file cannot be read ({error.strerror})") from error

    def _cover(self, file: str, artist_type: str, year: str, line: int) -> FolderCover:
        where = f"{self.path / 'covers.csv'}, line {line}"
        if artist_type and artist_type not in ARTIST_TYPES:
            raise CoversFolderError(
                f"expected artist_type to be {', '.join(ARTIST_TYPES)} or empty (general) in "
                f"{where}, got {artist_type!r}"
            )
        if "\0" in file or not (self.path / file).resolve().is_relative_to(self.path.resolve()):
            raise CoversFolderError(f"expected a file below the folder in {where}, got {file!r}")
        if year and not (year.isascii() and year.isdecimal() and len(year) == 4):
            raise CoversFolderError(
                f"expected year to have four digits or to be empty in {where}, got {year!r}"
            )
        return FolderCover(file, artist_type or None, int(year) if year else None)
