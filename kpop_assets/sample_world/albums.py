"""The chart and Melon's catalogue in the sample world, from the committed chart snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, cast

from kpop_assets.errors import KpopAssetsError
from kpop_assets.sample_world.artwork import CoverDesign
from kpop_assets.sample_world.artwork.names import fictional_release
from kpop_assets.sites.matching.titles import normalised_title, split_version_remark
from kpop_assets.user_files.csv_files import CsvFileError, read_csv

SNAPSHOT = "gaon_year_end_top10.csv"
SNAPSHOT_COLUMNS = (
    *("year", "rank", "artist", "artist_hangul", "album_hangul", "sales", "artist_type"),
)

SILENT_ON_MELON = frozenset({("엑스원", "비상 : QUANTUM LEAP")})
"""Albums for which Melon's search says that there is no result."""

NOT_ON_MELON = frozenset({("조용필", "19집 Hello"), ("JYJ", "JUST US"), *SILENT_ON_MELON})
"""Albums that Melon does not have; a search brings other albums, except for the silent ones."""

DEFAULT_PICTURE_ON_MELON = frozenset({("비원에이포", "WHO AM I")})
"""Albums whose page shows Melon's default picture."""

OTHERS_BY_ARTIST = 5
"""So many other albums of the artist a search brings at most."""


class SnapshotError(KpopAssetsError):
    """The chart snapshot is missing or lacks a column."""


@dataclass(frozen=True)
class ChartRecord:
    """One row of the snapshot: names as printed, with apostrophes; sales in units or ""."""

    year: int
    rank: int
    artist: str
    artist_latin: str
    album: str
    sales: str
    style: Literal["boy", "girl", "mixed"]


@dataclass(frozen=True)
class MelonAlbum:
    """One album of Melon's catalogue; its pictures stand at `picture_path` + ``_WIDTH.jpg``."""

    album_id: str
    chart_artist: str
    artist: str
    title: str
    year: int
    design: CoverDesign
    picture_path: str
    widths: tuple[int, ...]
    default_picture: bool


def stable_number(text: str, below: int) -> int:
    """A number in [0, below) that depends on the text only, equal on every machine."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % below


def read_chart(reference_folder: Path) -> list[ChartRecord]:
    """The rows of the snapshot in its order; raises SnapshotError."""
    path = reference_folder / SNAPSHOT
    try:
        return [
            ChartRecord(
                year=int(row.cells["year"]),
                rank=int(row.cells["rank"]),
                artist=row.cells["artist_hangul"],
                artist_latin=row.cells["artist"],
                album=row.cells["album_hangul"].replace("`", "'"),
                sales=row.cells["sales"],
                style=cast(Literal["boy", "girl", "mixed"], row.cells["artist_type"]),
            )
            for row in read_csv(path, SNAPSHOT_COLUMNS).rows
        ]
    except (CsvFileError, ValueError) as error:
        raise SnapshotError(
            f"{path}: expected the chart snapshot with {', '.join(SNAPSHOT_COLUMNS)}; "
            f"{type(error).__name__}: {error} came"
        ) from error


def melon_albums(
    chart: Iterable[ChartRecord], first_album_id: int | None = None
) -> list[MelonAlbum]:
    """One album per artist and title without version remark, so that versions share a cover.

    Album ids count from `first_album_id`; without it they follow from artist and title.
    """
    albums: dict[tuple[str, str], MelonAlbum] = {}
    for record in chart:
        title, _ = split_version_remark(record.album)
        key = (record.artist, title)
        if key not in albums:
            number = None if first_album_id is None else first_album_id + len(albums)
            albums[key] = _melon_album(record, title, number)
    return list(albums.values())


def search_melon(albums: Iterable[MelonAlbum], query: str) -> list[MelonAlbum]:
    """What Melon's search brings: a namesake, albums asked for, others by the artist."""
    asked = normalised_title(query)
    by_artist = [a for a in albums if normalised_title(a.chart_artist) in asked]
    wanted = [a for a in by_artist if normalised_title(a.title) in asked]
    wanted.sort(key=lambda a: len(a.title), reverse=True)
    if any((a.chart_artist, a.title) in SILENT_ON_MELON for a in wanted):
        return []
    others = [a for a in by_artist if a not in wanted][:OTHERS_BY_ARTIST]
    namesakes = [namesake(a) for a in wanted[:1] if has_namesake(a)]
    return namesakes + [a for a in wanted + others if is_on_melon(a)]


def is_on_melon(album: MelonAlbum) -> bool:
    """Whether Melon has the album."""
    return (album.chart_artist, album.title) not in NOT_ON_MELON


def has_namesake(album: MelonAlbum) -> bool:
    """Whether a search for the album also brings one of the same title by another artist."""
    return not is_on_melon(album) or stable_number(album.title, 4) == 0


def namesake(album: MelonAlbum) -> MelonAlbum:
    """The album of the same title by an invented artist."""
    seed = album.design.seed ^ 1
    artist, _ = fictional_release(seed)
    album_id = str(int(album.album_id) + 5_000_000)
    return MelonAlbum(
        album_id=album_id,
        chart_artist=artist,
        artist=artist,
        title=album.title,
        year=album.year,
        design=CoverDesign(seed=seed, style="general", artist=artist, title=album.title),
        picture_path=f"/cm/album/images/{album_id[:3]}/{album_id[3:5]}/{album_id[5:]}/{album_id}",
        widths=(500,),
        default_picture=False,
    )


def _melon_album(record: ChartRecord, title: str, number: int | None) -> MelonAlbum:
    key = f"{record.artist} - {title}"
    album_id = str(number or 10_000_000 + stable_number(key, 2_000_000))
    return MelonAlbum(
        album_id=album_id,
        chart_artist=record.artist,
        artist=_artist_on_melon(record),
        title=title,
        year=record.year,
        design=CoverDesign(
            seed=stable_number(key, 2**31),
            style=record.style,
            artist=record.artist,
            title=title,
            year=record.year,
        ),
        picture_path=(
            f"/cm2/album/images/{album_id[:3]}/{album_id[3:5]}/{album_id[5:]}/"
            f"{album_id}_{record.year}0401120000"
        ),
        widths=(500, 1000) if stable_number(key, 4) == 0 else (500,),
        default_picture=(record.artist, title) in DEFAULT_PICTURE_ON_MELON,
    )


def _artist_on_melon(record: ChartRecord) -> str:
    """For a third of the artists Melon adds the Latin name: "세븐틴 (Seventeen)"."""
    if record.artist.isascii() or stable_number(record.artist, 3):
        return record.artist
    return f"{record.artist} ({record.artist_latin})"
