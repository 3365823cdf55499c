"""The table in which a person settles which album of Melon a chart entry is."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from kpop_assets.errors import KpopAssetsError
from kpop_assets.sites.titles import split_version_remark

HEADER = ["artist", "album", "album_id"]
NONE = "none"
"""In place of an id: Melon has no cover of this album, other sources are asked."""


class SettledAlbumsError(KpopAssetsError):
    """The table of settled albums has a line that cannot be used."""

    def __init__(self, path: Path, line: int, expected: str, came: str) -> None:
        super().__init__(f"{path}, line {line}: expected {expected}, got {came}; correct the line")


def read_settled_albums(path: Path) -> dict[tuple[str, str], str]:
    """Which album id, or NONE, a person settled for artist and title of a chart entry.

    Titles are without version remark, as in the chart table. Raises SettledAlbumsError.
    """
    settled: dict[tuple[str, str], str] = {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SettledAlbumsError(
            path, 1, f"a UTF-8 file with {','.join(HEADER)}", str(error)
        ) from (error)
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(rows, [])
        if header != HEADER:
            raise SettledAlbumsError(path, 1, ",".join(HEADER), repr(",".join(header)))
        for row in filter(None, rows):
            key, album_id = _entry(path, rows.line_num, row)
            if settled.setdefault(key, album_id) != album_id:
                raise SettledAlbumsError(
                    path, rows.line_num, f"one album_id for {', '.join(key)}", repr(album_id)
                )
    except csv.Error as error:
        raise SettledAlbumsError(path, rows.line_num, "CSV", str(error)) from error
    return settled


def settling_line(artist: str, album: str, album_id: str) -> str:
    """The line of the table that settles an entry."""
    fields = (artist, album, album_id)
    return ",".join(
        '"' + field.replace('"', '""') + '"' if set(field) & set(',"') else field
        for field in (" ".join(field.split()) for field in fields)
    )


def _entry(path: Path, line: int, row: list[str]) -> tuple[tuple[str, str], str]:
    fields = [field.strip() for field in row]
    if len(fields) != len(HEADER) or not all(fields):
        raise SettledAlbumsError(path, line, "artist, album and album_id", repr(",".join(row)))
    artist, album, album_id = fields
    is_id = album_id.isascii() and album_id.isdigit() and len(album_id) <= 12
    if not is_id and album_id != NONE:
        raise SettledAlbumsError(path, line, f"an album id or the word {NONE}", repr(album_id))
    return (artist, split_version_remark(album)[0]), album_id
