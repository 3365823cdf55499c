"""Songs that the trained network writes: as MIDI, as piano rolls and as sound."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import numpy as np
from numpy.typing import NDArray
from pydantic import ConfigDict, Field, field_validator
from typing_extensions import TypedDict

from kpop_assets.covers.showing.grid import cover_grid
from kpop_assets.covers.showing.markdown import inline_preview, sheet_markdown
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.measured_numbers import number_or_null
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import Inputs, unless_unchanged
from kpop_assets.defs.versions import table_version
from kpop_assets.errors import KpopAssetsError
from kpop_assets.models.songs.published import ALL_SONGS, song_model_record, trained_song_network
from kpop_assets.songs.song import Song
from kpop_assets.store.artifacts import Store
from kpop_assets.store.folders import atomic_folder, stored_folder
from kpop_assets.store.records import file_as_written, file_digests, read_record, record_bytes
from kpop_assets.store.tables import Table

if TYPE_CHECKING:
    from kpop_assets.songs.showing.rendering import Synthesizer

ASSET, RECORD_FILE = "generated_songs", "songs.json"
CONTINUED_BARS = 4
ROLLS_SHOWN = 8


class UnknownSongError(KpopAssetsError):
    """A song is to go on from a file that is no song of the catalog."""


class GeneratedSongsConfig(dg.Config):
    """Which songs the trained network writes."""

    songs: int = Field(8, ge=1, le=1000, description="How many songs.")
    bars: int = Field(32, ge=2, le=512, description="Bars of four beats of each song.")
    seed: int = Field(
        0,
        ge=0,
        lt=2**31,
        description="Seed of the first song; each that follows has the next one. The same seed, "
        "the same song.",
    )
    temperature: float = Field(
        1.0, gt=0, le=10, description="How daring: below 1 more alike, above 1 more surprising."
    )
    top_p: float = Field(
        0.98,
        gt=0,
        le=1,
        description="What comes next is chosen from the likeliest that have this probability "
        "together. With less, more songs fall into repeating one note.",
    )
    key: str = Field(
        "",
        description="The key that the songs keep to most, such as A minor, F# or Bbm. Empty leaves "
        "it to the network.",
    )
    bpm: float | None = Field(
        None,
        ge=20,
        le=400,
        description="Beats a minute. Empty means those of the song to go on from, or else the "
        "median of the songs that were learned from.",
    )
    continue_from: str = Field(
        "",
        description=f"A file of song_files whose first {CONTINUED_BARS} bars all songs begin with. "
        "Empty: they begin on their own.",
    )

    @field_validator("key")
    @classmethod
    def _key_is_known(cls, value: str) -> str:
        if value:
            from kpop_assets.songs.keys import KeyNameError, key_named

            try:
                key_named(value)
            except KeyNameError as error:
                raise ValueError(str(error)) from None
        return value


class GeneratedSong(TypedDict):
    """A generated song; its files are `name` with .mid, .png and .ogg.

    `key` is the one it is found to be in, `measures` are those of song_measures.py (None: not
    measurable), `made_by` says what played it, `seconds` is how long its sound is.
    """

    name: str
    seed: int
    bars: int
    bpm: float
    key: str
    notes: int
    measures: dict[str, float | None]
    made_by: str
    seconds: float


class Continued(TypedDict):
    """The song whose first sixteenths the generated ones begin with."""

    file: str
    sixteenths: int


class GeneratedSongsRecord(TypedDict):
    """The generated songs and what they were made with; the fields that are read back."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    songs: list[GeneratedSong]
    continued: Continued | None
    weights_hash: str
    sites: str
    files: dict[str, str]


def _tables_and_synthesizer(given: Inputs) -> list[str]:
    from kpop_assets.songs.showing.rendering import found_synthesizer

    return [
        table_version(given["song_tokens"], ["file", "tokens"]).value,
        table_version(given["song_catalog"], ["file", "split", "bpm", "bar"]).value,
        str(found_synthesizer()),
    ]


@dg.asset(
    group_name="songs",
    kinds={"tensorflow", "image"},
    code_version="2",
    deps=["song_model"],
    automation_condition=WHEN_CONTENT_CHANGED,
)
@unless_unchanged(_tables_and_synthesizer)
def generated_songs(
    context: dg.AssetExecutionContext,
    config: GeneratedSongsConfig,
    song_catalog: Table,
    song_tokens: Table,
    store: StoreResource,
) -> dg.MaterializeResult:
    """Songs that the trained network writes from a seed: MIDI, a piano roll and sound of each.

    Each has an ending. fluidsynth plays them where it is installed with a soundfont, else a small
    piano of our own.
    """
    from kpop_assets.models.songs.composing import composed, opening
    from kpop_assets.models.songs.generation import SongWish
    from kpop_assets.songs.keys import key_named
    from kpop_assets.songs.showing.piano_roll import roll_preview
    from kpop_assets.songs.showing.rendering import found_synthesizer

    open_store = store.open()
    about = song_model_record(open_store)
    network = trained_song_network(open_store)
    continued = _continued(config.continue_from, song_catalog)
    begin = None
    if continued is not None:
        [tokens] = song_tokens["tokens"][song_tokens["file"] == continued["file"]]
        begin = opening(np.asarray(tokens, np.int32), continued["sixteenths"])
    wish = SongWish(
        config.bars,
        config.temperature,
        config.top_p,
        key_named(config.key) if config.key else None,
        begin=begin,
    ).checked()
    bpm = config.bpm or _usual_bpm(song_catalog, config.continue_from)
    synthesizer = found_synthesizer()
    songs: list[GeneratedSong] = []
    files: dict[str, bytes] = {}
    rolls: list[NDArray[np.uint8]] = []
    for number in range(config.songs):
        song = composed(network, wish, config.seed + number, bpm)
        made, contents = _song_and_files(number, config.seed + number, song, synthesizer)
        songs.append(made)
        files |= contents
        rolls += [roll_preview(song)] if number < ROLLS_SHOWN else []
        context.log.info(
            f"song {number + 1} of {config.songs}: {made['bars']} bars in {made['key']}, "
            f"{made['notes']:,} notes, {made['seconds']:.0f} s"
        )
    folder = open_store.folder(ASSET, ALL_SONGS)
    with atomic_folder(folder) as temporary:
        for name, content in files.items():
            (temporary / name).write_bytes(content)
        record: dict[str, Any] = {
            "songs": songs,
            "asked": config.model_dump(mode="json"),
            "continued": continued,
            "weights_hash": about["provenance"]["weights_hash"],
            "sites": about["sites"],
            "files": file_digests(temporary),
        }
        (temporary / RECORD_FILE).write_bytes(record_bytes(record, ASSET))
    return dg.MaterializeResult(
        metadata={
            "preview": dg.MetadataValue.md(inline_preview(rolls[0], "the first song")),
            "rolls": dg.MetadataValue.md(
                sheet_markdown(cover_grid(np.stack(rolls), 1, gap=12), "the first 16 bars of songs")
            ),
            "songs": len(songs),
            "bars": config.bars,
            "bpm": bpm,
            "keys": ", ".join(one["key"] for one in songs[:ROLLS_SHOWN]),
            "made_by": songs[0]["made_by"],
            "megabytes": round(sum(map(len, files.values())) / 1e6, 2),
            "folder": dg.MetadataValue.path(str(stored_folder(folder))),
            "sites": about["sites"],
        }
    )


def generated_songs_folder(store: Store) -> Path:
    """Return where the files of the generated songs lie."""
    return stored_folder(store.folder(ASSET, ALL_SONGS))


def generated_songs_record(store: Store) -> GeneratedSongsRecord:
    """Return the generated songs; raises MissingArtifactError and DamagedArtifactError."""
    return read_record(generated_songs_folder(store) / RECORD_FILE, ASSET, GeneratedSongsRecord)


def generated_song_file(store: Store, name: str) -> bytes:
    """Return a file of the generated songs as it was written with their record.

    Raises MissingArtifactError and DamagedArtifactError.
    """
    folder = generated_songs_folder(store)
    record = read_record(folder / RECORD_FILE, ASSET, GeneratedSongsRecord)
    return file_as_written(folder / name, folder, record["files"], ASSET)


def _song_and_files(
    number: int, seed: int, song: Song, synthesizer: "Synthesizer | None"
) -> tuple[GeneratedSong, dict[str, bytes]]:
    """Return what is told of a song, and the contents of its files by name."""
    from kpop_assets.songs.keys import key_of
    from kpop_assets.songs.midi.writing import midi_bytes
    from kpop_assets.songs.showing.piano_roll import roll_png
    from kpop_assets.songs.showing.rendering import rendered
    from kpop_assets.songs.song_measures import song_measures

    name, midi = f"song-{number:03d}", midi_bytes(song)
    heard = rendered(song, midi, synthesizer)
    made = GeneratedSong(
        name=name,
        seed=seed,
        bars=-(-song.length // song.bar),
        bpm=song.bpm,
        key=key_of(song).name,
        notes=len(song.notes),
        measures={one: number_or_null(value) for one, value in song_measures(song).items()},
        made_by=heard.made_by,
        seconds=round(len(heard.samples) / heard.rate, 2),
    )
    return made, {f"{name}.mid": midi, f"{name}.png": roll_png(song), f"{name}.ogg": heard.ogg()}


def _continued(file: str, catalog: Table) -> Continued | None:
    if not file:
        return None
    songs = catalog[catalog["reason"].isna()]
    found = songs[songs["file"] == file]
    if found.empty:
        some = ", ".join(songs["file"].head(3))
        raise UnknownSongError(
            f"expected a file of song_files as continue_from, got {file!r}; choose one of the "
            f"{len(songs)} songs in song_catalog, such as {some}"
        )
    return {"file": file, "sixteenths": CONTINUED_BARS * int(found["bar"].iloc[0])}


def _usual_bpm(catalog: Table, file: str) -> float:
    """Return the tempo of a file, or the median of the songs to learn from."""
    chosen = catalog["file"] == file if file else catalog["split"] == "train"
    return round(float(catalog["bpm"][chosen.fillna(False)].median()), 1)
