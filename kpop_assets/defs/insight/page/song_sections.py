"""What the store has of songs for the gallery page."""

import io
import math
from collections.abc import Callable, Mapping
from functools import partial
from typing import TypeVar

from PIL import Image

from kpop_assets.covers.showing.addresses import data_address, picture_address
from kpop_assets.defs.previews import evenly
from kpop_assets.defs.songs.generated_songs import ASSET as SONGS
from kpop_assets.defs.songs.generated_songs import (
    GeneratedSong,
    generated_song_file,
    generated_songs_folder,
    generated_songs_record,
)
from kpop_assets.defs.songs.song_quality import SongQualityRecord, song_quality_record
from kpop_assets.defs.training.progress_frames import opened_frames
from kpop_assets.insight.gallery.content import Film
from kpop_assets.insight.gallery.song_content import (
    Band,
    CatalogSong,
    ComposedSong,
    CopiedRun,
    SongsContent,
    SongsQuality,
)
from kpop_assets.models.songs.published import ASSET as MODEL
from kpop_assets.models.songs.published import (
    song_model_folder,
    song_model_record,
)
from kpop_assets.models.training_record import FRAMES_FOLDER
from kpop_assets.songs.catalog import songs_of
from kpop_assets.songs.errors import SongError
from kpop_assets.songs.likeness import CopiedRun as CopiedFrom
from kpop_assets.songs.midi.reading import read_song
from kpop_assets.songs.showing.piano_roll import (
    Layout,
    layout_beside,
    roll_layout,
    roll_pixels,
)
from kpop_assets.songs.song import Song
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.records import file_as_written, listed_files
from kpop_assets.store.tables import stored_table
from kpop_assets.text import one_line

MOST_SONGS, OTHER_SONGS = 8, 4
FRAMES, FRAME_PIXELS = 30, 512
ROLL_WIDTH = 1200

Shown = TypeVar("Shown")


def songs_content(store: Store) -> SongsContent | None:
    """Return what there is of composed songs; None where there are none.

    What is damaged is left out, and so are numbers of other songs; `left_out` says so.
    """
    left_out: list[str] = []
    try:
        record = generated_songs_record(store)
    except MissingArtifactError:
        return None
    except DamagedArtifactError as error:
        return SongsContent([], "", left_out=[str(error)])
    quality = _there(lambda: song_quality_record(store), None, left_out)
    if quality is not None and quality["weights_hash"] != record["weights_hash"]:
        left_out.append("song_quality, which is of other songs: materialize it again")
        quality = None
    runs = {one["name"]: one["longest_run"] for one in quality["songs"]} if quality else {}
    songs = []
    for one in record["songs"][:MOST_SONGS]:
        made = partial(_composed, store, one, runs.get(one["name"]))
        shown: ComposedSong | None = _there(made, None, left_out)
        songs += [shown] if shown else []
    return SongsContent(
        songs,
        record["sites"],
        _quality(quality) if quality else None,
        _there(lambda: _others(store, songs[0].layout), [], left_out) if songs else [],
        _there(lambda: _film(store), None, left_out),
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


def _composed(store: Store, about: GeneratedSong, run: CopiedFrom | None) -> ComposedSong:
    name = about["name"]
    midi, ogg = (generated_song_file(store, f"{name}.{kind}") for kind in ("mid", "ogg"))
    try:
        song = read_song(midi)
    except SongError as error:
        path = generated_songs_folder(store) / f"{name}.mid"
        raise DamagedArtifactError(path, SONGS, error.reason) from error
    layout = roll_layout(song, ROLL_WIDTH)
    return ComposedSong(
        seed=about["seed"],
        bars=about["bars"],
        bpm=song.bpm,
        key=about["key"],
        length=song.length,
        second=song.seconds_a_sixteenth,
        roll=_roll(song, layout),
        layout=layout,
        sound=data_address(ogg, "audio/ogg"),
        midi=data_address(midi, "audio/midi"),
        made_by=about["made_by"],
        measures={one: _number(value) for one, value in about["measures"].items()},
        copied=CopiedRun(run["onsets"], one_line(run["title"])) if run else None,
    )


def _roll(song: Song, layout: Layout) -> str:
    """Return a roll as an address; every colour of it is as it was drawn."""
    buffer = io.BytesIO()
    Image.fromarray(roll_pixels(song, layout)).save(buffer, "WEBP", lossless=True, method=4)
    return data_address(buffer.getvalue(), "image/webp")


def _quality(record: SongQualityRecord) -> SongsQuality:
    return SongsQuality(
        record["bits_an_onset"],
        record["to_beat"],
        record["to_beat_with_memory"],
        record["judged_on"] or "",
        len(record["songs"]),
        {
            name: Band(*map(_number, (one["generated"], one["real"], one["real_spread"])))
            for name, one in record["measures"].items()
        },
    )


def _number(value: float | None) -> float:
    return math.nan if value is None else value


def _others(store: Store, layout: Layout) -> list[CatalogSong]:
    """Return some songs of the catalog, those held out if there are enough, in rolls as one is."""
    files, catalog = stored_table(store, "song_files"), stored_table(store, "song_catalog")
    catalog = catalog[catalog["reason"].isna() & (catalog["split"] != "more")]
    held_out = catalog[catalog["split"] != "train"]
    among = held_out if len(held_out) >= OTHER_SONGS else catalog
    chosen = among.iloc[evenly(len(among), OTHER_SONGS)]
    return [
        _other(song, {str(name): value for name, value in row.items()}, layout)
        for row in chosen.to_dict("records")
        for song in songs_of(files[files["file"] == row["file"]])
    ]


def _other(song: Song, about: Mapping[str, object], layout: Layout) -> CatalogSong:
    beside = layout_beside(song, layout)
    bars, shown = -(-song.length // song.bar), beside.rows * beside.bars_a_row
    length = f"{bars} bars" if bars <= shown else f"the first {shown} of {bars} bars"
    known = "learned from" if about["split"] == "train" else "not learned from"
    return CatalogSong(
        one_line(str(about["title"])),
        f"{about['key']} · {song.bpm:g} beats a minute · {length} · {known}",
        _roll(song, beside),
    )


def _film(store: Store) -> Film:
    folder, files = song_model_folder(store), song_model_record(store)["files"]
    paths = listed_files(folder, f"{FRAMES_FOLDER}/*.png", files, MODEL)
    contents = {
        paths[place]: file_as_written(paths[place], folder, files, MODEL)
        for place in evenly(len(paths), FRAMES)
    }
    frames = opened_frames(contents, MODEL)
    return Film(
        [picture_address(frame, FRAME_PIXELS) for frame in frames.values()],
        [f"step {step:,}" for step in frames],
    )
