"""What the store has of songs for the gallery page."""

import io
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NotRequired, TypeVar

import numpy as np
from PIL import Image
from typing_extensions import TypedDict

from kpop_assets.covers.showing.addresses import data_address, picture_address
from kpop_assets.defs.previews import evenly
from kpop_assets.insight.gallery.content import Film
from kpop_assets.insight.gallery.song_content import (
    Band,
    ComposedSong,
    CopiedRun,
    OwnSong,
    SongsContent,
    SongsQuality,
)
from kpop_assets.songs.catalog import songs_of
from kpop_assets.songs.errors import SongError
from kpop_assets.songs.keys import key_of
from kpop_assets.songs.piano_roll import Layout, roll_layout, roll_pixels
from kpop_assets.songs.reading import read_song
from kpop_assets.songs.song import Song
from kpop_assets.songs.song_measures import song_measures
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.files import restore_folder
from kpop_assets.store.records import file_as_written, listed_files, read_record
from kpop_assets.store.tables import stored_table
from kpop_assets.text import one_line

SONGS, QUALITY, MODEL, FILES, CATALOG = (
    *("generated_songs", "song_quality", "song_model"),
    *("song_files", "song_catalog"),
)
ALL = "all"
MOST_SONGS, OWN_SONGS, OWN_BARS = 8, 4, 32
FRAMES, FRAME_PIXELS = 30, 512
ROLL_WIDTH = 1200

Shown = TypeVar("Shown")


class _Song(TypedDict):
    """A composed song as `generated_songs` records it."""

    name: str
    seed: int
    bars: int
    bpm: float
    made_by: str


class _Songs(TypedDict):
    """The record of `generated_songs`; the fields that are read back."""

    songs: list[_Song]
    sites: NotRequired[str]
    files: NotRequired[dict[str, str]]


class _Measure(TypedDict):
    """A measure of composed songs beside that of those learned from."""

    generated: float | None
    real: float | None
    spread: float | None


class _Copied(TypedDict):
    """The longest copied run of a composed song."""

    name: str
    onsets: int
    title: str


class _Quality(TypedDict):
    """The record of `song_quality`; the fields that are read back."""

    bits_an_onset: float | None
    ngram_bits_an_onset: float | None
    on: str
    songs: int
    measures: dict[str, _Measure]
    copies: list[_Copied]


class _Model(TypedDict):
    """The record of `song_model`; the field that is read back."""

    files: NotRequired[dict[str, str]]


def songs_content(store: Store) -> SongsContent | None:
    """Return what there is of composed songs; None where there are none.

    What is damaged is left out, and `left_out` says so.
    """
    folder = store.folder(SONGS, ALL)
    restore_folder(folder)
    left_out: list[str] = []
    try:
        record = read_record(folder / "songs.json", SONGS, _Songs)
    except MissingArtifactError:
        return None
    except DamagedArtifactError as error:
        return SongsContent([], "", left_out=[str(error)])
    quality: _Quality | None = _there(
        lambda: read_record(store.folder(QUALITY, ALL) / "quality.json", QUALITY, _Quality),
        None,
        left_out,
    )
    copies = {one["name"]: one for one in quality["copies"]} if quality else {}
    songs = [
        shown
        for number, one in enumerate(record["songs"][:MOST_SONGS])
        if (
            shown := _there(
                lambda one=one, number=number: _composed(  # type: ignore[misc]
                    folder, number, one, record.get("files"), copies.get(one["name"])
                ),
                None,
                left_out,
            )
        )
    ]
    sites = record.get("sites") or _there(
        lambda: str(stored_table(store, FILES)["sites"].iloc[0]), "", left_out
    )
    return SongsContent(
        songs,
        sites,
        _quality(quality) if quality else None,
        _there(lambda: _own_songs(store), [], left_out) if sites == "folder" else [],
        _there(lambda: _film(store.folder(MODEL, ALL)), None, left_out),
        left_out,
    )


def _there(make: Callable[[], Shown], without: Shown, left_out: list[str]) -> Shown:
    """Return what is made, or `without` where it is not there, or damaged, which is noted."""
    try:
        return make()
    except MissingArtifactError:
        return without
    except DamagedArtifactError as error:
        left_out.append(str(error))
        return without


def _composed(
    folder: Path,
    number: int,
    about: _Song,
    files: Mapping[str, str] | None,
    copied: _Copied | None,
) -> ComposedSong:
    path = folder / f"song-{number:03d}.mid"
    midi = file_as_written(path, folder, files, SONGS)
    ogg = file_as_written(path.with_suffix(".ogg"), folder, files, SONGS)
    try:
        song = read_song(midi)
    except SongError as error:
        raise DamagedArtifactError(path, SONGS, error.reason) from error
    layout = roll_layout(song, ROLL_WIDTH)
    return ComposedSong(
        name=about["name"],
        seed=about["seed"],
        bars=about["bars"],
        bpm=song.bpm,
        key=key_of(song).name,
        length=song.length,
        second=song.seconds_a_sixteenth,
        roll=_roll(song, layout),
        layout=layout,
        sound=data_address(ogg, "audio/ogg"),
        midi=data_address(midi, "audio/midi"),
        made_by=about["made_by"],
        measures=song_measures(song),
        copied=CopiedRun(copied["onsets"], one_line(copied["title"])) if copied else None,
    )


def _roll(song: Song, layout: Layout) -> str:
    """Return a roll as an address; every colour of it is as it was drawn."""
    buffer = io.BytesIO()
    Image.fromarray(roll_pixels(song, layout)).save(buffer, "WEBP", lossless=True, method=4)
    return data_address(buffer.getvalue(), "image/webp")


def _quality(record: _Quality) -> SongsQuality:
    def number(value: float | None) -> float:
        return math.nan if value is None else value

    return SongsQuality(
        record["bits_an_onset"],
        record["ngram_bits_an_onset"],
        record["on"],
        record["songs"],
        {
            name: Band(number(one["generated"]), number(one["real"]), number(one["spread"]))
            for name, one in record["measures"].items()
        },
    )


def _own_songs(store: Store) -> list[OwnSong]:
    """Return some of the user's songs, of those that were not learned from if there are enough."""
    files, catalog = stored_table(store, FILES), stored_table(store, CATALOG)
    catalog = catalog[catalog["reason"].isna()]
    held_out = catalog[catalog["split"] != "train"]
    among = held_out if len(held_out) >= OWN_SONGS else catalog
    chosen = among.iloc[evenly(len(among), min(OWN_SONGS, len(among)))]
    return [
        _own_song(song, {str(name): value for name, value in row.items()})
        for row in chosen.to_dict("records")
        for song in songs_of(files[files["file"] == row["file"]])
    ]


def _own_song(song: Song, about: Mapping[str, object]) -> OwnSong:
    notes = song.notes[song.notes[:, 0] < OWN_BARS * song.bar].copy()
    notes[:, 1] = np.minimum(notes[:, 1], OWN_BARS * song.bar - notes[:, 0])
    beginning = Song(notes, song.bpm, song.tempo_from, song.bar)
    return OwnSong(
        one_line(str(about["title"])),
        f"{about['key']}, {song.bpm:g} beats a minute, {about['bars']} bars",
        _roll(beginning, roll_layout(beginning, ROLL_WIDTH)),
    )


def _film(folder: Path) -> Film:
    restore_folder(folder)
    files = read_record(folder / "song_model.json", MODEL, _Model).get("files")
    paths = listed_files(folder, "frames/*.png", files, MODEL)
    paths = [paths[place] for place in evenly(len(paths), FRAMES)]
    frames = []
    for path in paths:
        content = file_as_written(path, folder, files, MODEL)
        try:
            with Image.open(io.BytesIO(content), formats=("PNG",)) as picture:
                frames.append(picture_address(picture.convert("RGB"), FRAME_PIXELS))
        except Exception as error:  # Pillow's readers raise many kinds on damaged data
            raise DamagedArtifactError(path, MODEL, error) from error
    return Film(frames, [f"step {int(path.stem):,}" for path in paths])
