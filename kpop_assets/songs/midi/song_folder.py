"""A folder of one's own MIDI files, perhaps with a songs.csv, in place of the sample songs."""

import os
import posixpath
import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kpop_assets.artist_names import ARTIST_TYPES
from kpop_assets.errors import KpopAssetsError
from kpop_assets.songs.errors import SongError
from kpop_assets.songs.midi.reading import FASTEST_BPM, MOST_BYTES, SLOWEST_BPM
from kpop_assets.text import comparable, has_control_characters, one_line
from kpop_assets.user_files.csv_files import CsvFileError, CsvRow, bad_lines, read_csv, shown_cell
from kpop_assets.user_files.regular_files import UnusableFileError, read_regular_file

TABLE = "songs.csv"
ENDINGS = (".mid", ".midi")
MOST_FILES = 100_000
MOST_NAME_LETTERS = 500
NUMBER = re.compile(r"[0-9]{1,4}(?:[.,][0-9]{1,6})?")


class SongFolderError(KpopAssetsError):
    """The folder or its songs.csv cannot be used."""


@dataclass(frozen=True)
class SongFile:
    """A MIDI file, and what songs.csv says of it.

    `name` is its path below the folder, with slashes, in NFC and fit for a table; `path` is where
    it lies. `title` is the name without folders and ending where the table has none.
    """

    name: str
    path: Path
    title: str
    artist_type: str | None = None
    bpm: float | None = None


@dataclass(frozen=True)
class SongListing:
    """The files in order of name, how songs.csv was read ("" without one), and what to know."""

    files: list[SongFile]
    read_as: str
    notes: list[str]


@dataclass(frozen=True)
class SongFolder:
    """A folder with MIDI files at any depth, and perhaps songs.csv.

    Its columns are file, and perhaps bpm, artist_type and title.
    """

    path: Path

    def listing(self) -> SongListing:
        """Return all files that are called .mid or .midi in any case; folders are no links.

        The file column is compared with names as `text.comparable` has them, an equal one first.
        Raises `SongFolderError` when the folder cannot be read or has no such files; or when
        songs.csv is no table, names a file outside the folder or one twice with other values, or
        has a bpm or an artist type that is none. The message names the first ten such lines.
        """
        found, notes = self._found()
        rows, read_as = self._rows(notes)
        by_form = {comparable(name): name for name in reversed(rows)}
        files, used = [], set()
        for name, path in found:
            listed = name if name in rows else by_form.get(comparable(name))
            stem = PurePosixPath(name).stem
            if listed is None:
                files.append(SongFile(name, path, stem))
            else:
                used.add(listed)
                bpm, artist_type, title = rows[listed]
                files.append(SongFile(name, path, title or stem, artist_type, bpm))
        if missing := [name for name in rows if name not in used]:
            shown = ", ".join(map(shown_cell, missing[:10]))
            notes.append(f"{TABLE} lists {len(missing):,} files that are not there: {shown}")
        return SongListing(files, read_as, notes)

    def content(self, file: SongFile) -> bytes:
        """Return the bytes of a file; raises `SongError`, also for a link out of the folder."""
        try:
            path = Path(os.path.realpath(file.path, strict=True))
            if not path.is_relative_to(self.path.resolve()):
                raise SongError("it lies outside the folder")
            return read_regular_file(path, MOST_BYTES)
        except UnusableFileError as error:
            raise SongError(f"it cannot be read ({error.reason})") from error
        except OSError as error:
            raise SongError(f"it cannot be read ({error.strerror or error})") from error

    def _found(self) -> tuple[list[tuple[str, Path]], list[str]]:
        """The names and paths of MIDI files in order of name, and notes."""
        errors: list[OSError] = []
        found: dict[str, Path] = {}
        alike = 0
        for folder, folders, files in os.walk(self.path, onerror=errors.append):
            folders.sort()
            for file in sorted(files):
                if file.lower().endswith(ENDINGS) and not file.startswith("._"):
                    path = Path(folder, file)
                    name = _shown(path.relative_to(self.path))
                    alike += found.setdefault(name, path) != path
            if len(found) > MOST_FILES:
                break
        if not found:
            reason = f"{errors[0].strerror} came" if errors else "there is none"
            raise SongFolderError(
                f"expected files that end in {' or '.join(ENDINGS)} in {self.path}, but {reason}; "
                "put MIDI files into the folder, or choose another one"
            )
        notes = [f"{len(errors):,} folders cannot be read"] if errors else []
        if alike:
            notes.append(f"{alike:,} files are left out: each is called like another one")
        if len(found) > MOST_FILES:
            notes.append(f"the folder has more than {MOST_FILES:,} MIDI files; others are left out")
        return sorted(found.items())[:MOST_FILES], notes

    def _rows(
        self, notes: list[str]
    ) -> tuple[dict[str, tuple[float | None, str | None, str]], str]:
        """Tempo, artist type and title by file, and how the table was read."""
        path = self.path / TABLE
        if not os.path.lexists(path):
            return {}, ""
        try:
            table = read_csv(path, ("file",), ("bpm", "artist_type", "title"))
        except CsvFileError as error:
            raise SongFolderError(str(error)) from error
        notes += table.notes
        rows: dict[str, tuple[float | None, str | None, str]] = {}
        faults: list[str] = []
        for row in table.rows:
            if wrong := _faults(row):
                faults += wrong
                continue
            name, bpm = _name(row.cells["file"]), row.cells["bpm"].replace(",", ".")
            artist_type = comparable(row.cells["artist_type"]) or None
            values = (float(bpm) if bpm else None, artist_type, one_line(row.cells["title"]))
            if rows.setdefault(name, values) != values:
                faults.append(
                    f"expected one line of {shown_cell(name)}, got another in line {row.line}"
                )
        if faults:
            raise SongFolderError(bad_lines(path, faults))
        return rows, table.read_as


def _name(cell: str) -> str:
    """The path of a file as people write it: with slashes, without ./, in NFC."""
    return unicodedata.normalize("NFC", posixpath.normpath(cell.replace("\\", "/")))


def _shown(path: Path) -> str:
    """The path of a file below the folder, fit for a table: UTF-8 in NFC, one line, cut."""
    text = path.as_posix().encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return one_line(unicodedata.normalize("NFC", text))[-MOST_NAME_LETTERS:]


def _faults(row: CsvRow) -> list[str]:
    """What is wrong with a line, as parts of a message."""
    if row.fault:
        return [row.fault]
    faults = []
    file, bpm, artist_type = (row.cells[name] for name in ("file", "bpm", "artist_type"))
    name = _name(file)
    is_outside = name.startswith(("/", "../")) or name in (".", "..")
    if not file or has_control_characters(file) or is_outside:
        faults.append(
            f"expected a file below the folder in line {row.line}, got {shown_cell(file)}"
        )
    if bpm and not (
        NUMBER.fullmatch(bpm) and SLOWEST_BPM <= float(bpm.replace(",", ".")) <= FASTEST_BPM
    ):
        faults.append(
            f"expected bpm to be a number from {SLOWEST_BPM} to {FASTEST_BPM:,} or empty in line "
            f"{row.line}, got {shown_cell(bpm)}"
        )
    if artist_type and comparable(artist_type) not in ARTIST_TYPES:
        faults.append(
            f"expected artist_type to be {', '.join(ARTIST_TYPES)} or empty in line {row.line}, "
            f"got {shown_cell(artist_type)}"
        )
    return faults
