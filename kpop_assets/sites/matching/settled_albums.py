"""The table in which a person settles which album of Melon a chart entry is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import Path

from kpop_assets.artist_names import ByArtist, artist_key, artist_names
from kpop_assets.errors import KpopAssetsError
from kpop_assets.sites.matching.titles import split_version_remark
from kpop_assets.text import comparable, one_line
from kpop_assets.user_files.csv_files import CsvFileError, CsvRow, read_csv, shown_cell

HEADER = ("artist", "album", "album_id")
NONE = "none"
"""In place of an id: Melon has no cover of this album, other sources are asked."""

Key = tuple[str, str]


class SettledAlbumsError(KpopAssetsError):
    """The table of settled albums, or a line of it, cannot be used."""


class SettledAlbums:
    """What a person settled, found however artist and title are printed."""

    def __init__(self, settled: Mapping[Key, str]) -> None:
        """Take album ids by artist and title, as `read_settled_albums` returns them."""
        by_title: dict[str, dict[str, str]] = defaultdict(dict)
        for (artist, title), album_id in settled.items():
            by_title[comparable(title)][artist] = album_id
        self._by_title = {title: ByArtist(ids) for title, ids in by_title.items()}
        self._keys = list(settled)

    def album_id(self, artist: str, title: str) -> str | None:
        """Return the id or NONE that was settled for an entry, None where nothing was."""
        ids = self._by_title.get(comparable(title))
        return ids.get(artist) if ids else None

    def not_among(self, entries: set[Key]) -> list[Key]:
        """Return the artists and titles of the table that are no entries."""
        named = {
            (name, comparable(title)) for artist, title in entries for name in artist_names(artist)
        }
        return [
            (artist, title)
            for artist, title in self._keys
            if named.isdisjoint((name, comparable(title)) for name in artist_names(artist))
        ]


def read_settled_albums(path: Path, note: Callable[[str], None] = lambda _: None) -> dict[Key, str]:
    """Which album id, or NONE, a person settled for artist and title of a chart entry.

    Titles are without version remark, as in the chart table. `note` gets what was assumed in
    reading the table. Raises SettledAlbumsError, also for two ids of one entry in two spellings.
    """
    try:
        table = read_csv(path, HEADER)
    except CsvFileError as error:
        raise SettledAlbumsError(str(error)) from error
    for text in table.notes:
        note(text)
    settled: dict[Key, str] = {}
    ids: dict[Key, str] = {}
    for row in table.rows:
        (artist, title), album_id = _entry(path, row)
        if ids.setdefault((artist_key(artist), comparable(title)), album_id) != album_id:
            raise _bad_line(path, row.line, f"one album_id for {artist}, {title}", repr(album_id))
        settled[artist, title] = album_id
    return settled


def settling_line(artist: str, album: str, album_id: str) -> str:
    """The line of the table that settles an entry."""
    fields = (artist, album, album_id)
    return ",".join(
        '"' + field.replace('"', '""') + '"' if set(field) & set(',"') else field
        for field in (" ".join(field.split()) for field in fields)
    )


def _entry(path: Path, row: CsvRow) -> tuple[Key, str]:
    fields = [one_line(row.cells[name]) for name in HEADER]
    if row.fault or not all(fields):
        came = row.fault or shown_cell(",".join(fields))
        raise _bad_line(path, row.line, "artist, album and album_id", came)
    artist, album, album_id = fields
    is_id = album_id.isascii() and album_id.isdigit() and len(album_id) <= 12
    if not is_id and comparable(album_id) != NONE:
        raise _bad_line(path, row.line, f"an album id or the word {NONE}", shown_cell(album_id))
    return (artist, split_version_remark(album)[0]), album_id if is_id else NONE


def _bad_line(path: Path, line: int, expected: str, came: str) -> SettledAlbumsError:
    return SettledAlbumsError(
        f"{path}, line {line}: expected {expected}, got {came}; correct the line"
    )
