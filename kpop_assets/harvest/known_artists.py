"""The artists that data/reference/artist_types.csv knows."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from kpop_assets.artist_names import ARTIST_TYPES, artist_key
from kpop_assets.errors import KpopAssetsError
from kpop_assets.text import comparable, one_line
from kpop_assets.user_files.csv_files import CsvFileError, CsvRow, bad_lines, read_csv, shown_cell


class ArtistTypesError(KpopAssetsError):
    """The table of artist types, or a line of it, cannot be used."""


@dataclass(frozen=True)
class KnownArtist:
    """An artist as the chart prints it, boy, girl or mixed, and the Latin name, "" without one."""

    artist: str
    artist_type: str
    latin: str


def known_artists(path: Path, note: Callable[[str], None] = lambda _: None) -> list[KnownArtist]:
    """Return the artists of the table (columns artist, artist_type, perhaps artist_latin).

    Names stay as they are written: NA and None are artists. `note` gets what was assumed in
    reading it. Raises `ArtistTypesError` when it is no such table, and with the first ten lines
    that lack a name, have an unknown type, or another type than an artist of that name above.
    """
    try:
        table = read_csv(path, ("artist", "artist_type"), ("artist_latin", "artist_kind"))
    except CsvFileError as error:
        raise ArtistTypesError(str(error)) from error
    for text in table.notes:
        note(text)
    artists: list[KnownArtist] = []
    faults: list[str] = []
    first: dict[str, tuple[int, str]] = {}
    for row in table.rows:
        if fault := _fault(row):
            faults.append(fault)
            continue
        known = KnownArtist(
            one_line(row.cells["artist"]),
            comparable(row.cells["artist_type"]),
            one_line(row.cells["artist_latin"]),
        )
        line, kind = first.setdefault(artist_key(known.artist), (row.line, known.artist_type))
        if kind != known.artist_type:
            faults.append(
                f"expected one type for {known.artist}, but line {line} says {kind} and line "
                f"{row.line} {known.artist_type}"
            )
        artists.append(known)
    if faults:
        raise ArtistTypesError(bad_lines(path, faults))
    return artists


def _fault(row: CsvRow) -> str:
    if row.fault:
        return row.fault
    if not artist_key(row.cells["artist"]):
        return f"expected an artist in line {row.line}, but none came"
    if comparable(row.cells["artist_type"]) not in ARTIST_TYPES:
        return (
            f"expected artist_type to be {', '.join(ARTIST_TYPES)} in line {row.line}, got "
            f"{shown_cell(row.cells['artist_type'])}"
        )
    return ""
