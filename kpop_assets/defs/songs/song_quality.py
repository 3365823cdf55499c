"""How good the trained network and the songs that it wrote are."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import dagster as dg
import numpy as np
from pydantic import ConfigDict
from typing_extensions import TypedDict

from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.measured_numbers import NOT_MEASURABLE
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import Inputs, unless_unchanged
from kpop_assets.defs.songs.generated_songs import (
    GeneratedSongsRecord,
    generated_song_file,
    generated_songs_record,
)
from kpop_assets.defs.songs.song_checks import (
    SONG_CHECKS,
    all_end,
    better_than_the_ngram,
    no_copies,
    repetition_as_real,
)
from kpop_assets.defs.songs.song_model import songs_on
from kpop_assets.defs.versions import table_version
from kpop_assets.models.songs.published import ALL_SONGS, song_recipe, trained_song_network
from kpop_assets.songs.likeness import COPIED_ONSETS, REPETITIONS, MeasureBeside, SongBeside
from kpop_assets.songs.song import Song
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file
from kpop_assets.store.records import read_record, record_bytes
from kpop_assets.store.tables import Table

if TYPE_CHECKING:
    from kpop_assets.songs.beside_real import RealSongs

ASSET, RECORD_FILE = "song_quality", "quality.json"


class SongQualityRecord(TypedDict):
    """How good network and songs are; the fields that are read back.

    `bits_an_onset` is what the songs on the side `judged_on` cost the network, `to_beat` what they
    cost the n-gram model, `to_beat_with_memory` what they cost one that remembers the song so far;
    None without songs held out, the first also where the recipe foretells no tokens.
    `usual_measures` of the `measures` are usual for real songs. `original_share` of the songs have
    no copied run. `monotonous_songs` repeat more than nearly all real ones.
    """

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    bits_an_onset: float | None
    to_beat: float | None
    to_beat_with_memory: float | None
    judged_on: str | None
    measures: dict[str, MeasureBeside]
    usual_measures: int
    songs: list[SongBeside]
    longest_run: int
    original_share: float
    monotonous_songs: list[str]
    weights_hash: str
    sites: str


def _tables(given: Inputs) -> list[str]:
    return [
        table_version(given["song_tokens"], ["file", "split", "tokens"]).value,
        table_version(given["song_catalog"], list(given["song_catalog"].columns)).value,
    ]


@dg.asset(
    group_name="songs",
    kinds={"tensorflow"},
    code_version="2",
    deps=["song_model", "generated_songs"],
    check_specs=SONG_CHECKS,
    automation_condition=WHEN_CONTENT_CHANGED,
)
@unless_unchanged(_tables)
def song_quality(
    context: dg.AssetExecutionContext,
    song_catalog: Table,
    song_tokens: Table,
    store: StoreResource,
) -> dg.MaterializeResult:
    """How well the network knows songs that it never saw, and how like real songs its own are.

    What the songs of the side test cost it, in bits an onset, beside an n-gram model of the same
    songs, and one that remembers the song so far; the measures of its songs beside mean and spread
    of the real ones; and the longest run of each that a song learned from has too, in any key.
    """
    from kpop_assets.songs.beside_real import is_monotonous, measures_beside, songs_beside

    open_store = store.open()
    written = generated_songs_record(open_store)
    songs = _generated(open_store, written)
    real = real_songs(song_catalog, song_tokens)
    measures = measures_beside(list(songs.values()), real)
    continued = written["continued"]
    told = songs_beside(songs, real, continued["sixteenths"] if continued else 0)
    lengths = [one["longest_run"]["onsets"] for one in told]
    original = sum(length < COPIED_ONSETS for length in lengths) / len(lengths)
    monotonous = [one["name"] for one in told if is_monotonous(one, measures)]
    judged_on = "test" if (song_tokens["split"] == "test").any() else "validation"
    foretells = song_recipe(open_store).foretells
    bits, to_beat, with_memory = _bits(open_store, song_tokens, judged_on, foretells)
    usual = sum(one["usual"] for one in measures.values())
    record = {
        "bits_an_onset": bits,
        "to_beat": to_beat,
        "to_beat_with_memory": with_memory,
        "judged_on": None if bits is None else judged_on,
        "measures": measures,
        "usual_measures": usual,
        "songs": told,
        "longest_run": max(lengths),
        "original_share": original,
        "monotonous_songs": monotonous,
        "weights_hash": written["weights_hash"],
        "sites": written["sites"],
    }
    path = song_quality_path(open_store)
    with atomic_file(path) as file:
        file.write(record_bytes(record, ASSET))
    context.log.info(
        f"{usual} of {len(measures)} measures as those of real songs; longest "
        f"copied run {max(lengths)} onsets"
    )
    return dg.MaterializeResult(
        metadata={
            "bits_an_onset": _shown(bits),
            "to_beat": _shown(to_beat),
            "to_beat_with_memory": _shown(with_memory),
            "judged_on": "nothing" if bits is None else judged_on,
            "usual_measures": usual,
            "measures": dg.MetadataValue.md(_measures_table(measures)),
            "longest_run": max(lengths),
            "original_share": round(original, 4),
            "monotonous_songs": len(monotonous),
            "songs": len(songs),
            "file": dg.MetadataValue.path(str(path)),
            "sites": written["sites"],
        },
        check_results=[
            no_copies(lengths),
            repetition_as_real(
                [
                    measures[name]["words"] or f"{name} is not measurable"
                    for name in REPETITIONS
                    if not measures[name]["usual"]
                ],
                monotonous,
            ),
            better_than_the_ngram(bits, to_beat, foretells),
            all_end([one["name"] for one in told if not one["ends"]]),
        ],
    )


def song_quality_path(store: Store) -> Path:
    """Return where the quality of the songs lies."""
    return store.folder(ASSET, ALL_SONGS) / RECORD_FILE


def song_quality_record(store: Store) -> SongQualityRecord:
    """Return the quality of the songs; raises MissingArtifactError and DamagedArtifactError."""
    return read_record(song_quality_path(store), ASSET, SongQualityRecord)


def real_songs(catalog: Table, tokens: Table) -> "RealSongs":
    """Return the songs learned from, additional ones too, and the measures of all others."""
    from kpop_assets.songs.beside_real import LearnedSong, RealSongs
    from kpop_assets.songs.song_measures import MEASURES
    from kpop_assets.songs.tokens import decoded

    songs = catalog[catalog["reason"].isna()]
    titles = dict(zip(songs["file"], songs["title"].fillna(songs["file"]), strict=True))
    learned = tokens[tokens["split"].isin(["train", "more"])]
    of_band = songs[songs["split"] != "more"]
    return RealSongs(
        {one.name: of_band[one.name].astype(float).tolist() for one in MEASURES},
        [
            LearnedSong(file, titles[file], Song(decoded(np.asarray(row, np.int32))))
            for file, row in zip(learned["file"], learned["tokens"], strict=True)
        ],
    )


def _generated(store: Store, written: GeneratedSongsRecord) -> dict[str, Song]:
    """Return the generated songs by name, as their MIDI files have them."""
    from kpop_assets.songs.midi.reading import read_song

    names = [one["name"] for one in written["songs"]]
    return {name: read_song(generated_song_file(store, f"{name}.mid")) for name in names}


def _bits(
    store: Store, tokens: Table, side: str, foretells: bool
) -> tuple[float | None, float | None, float | None]:
    """Return what the songs of a side cost the network and both n-gram models, None without any.

    The first is None, too, for a network that foretells no tokens.
    """
    held_out = songs_on(tokens, side)
    if not held_out:
        return None, None, None
    from kpop_assets.models.songs.judge import SongJudge
    from kpop_assets.models.songs.to_beat import memory_bits, ngram_bits

    songs = songs_on(tokens, "train")
    bits = None
    if foretells:
        network = trained_song_network(store)
        bits = SongJudge(held_out, network.window)(network).score
    return bits, ngram_bits(songs, held_out), memory_bits(songs, held_out)


def _shown(value: float | None) -> float | str:
    return NOT_MEASURABLE if value is None else round(value, 3)


def _measures_table(measures: Mapping[str, MeasureBeside]) -> str:
    """Return the measures as a Markdown table for the UI."""
    lines = ["| measure | generated | real songs | |", "| --- | --- | --- | --- |"]
    for one in measures.values():
        pair = (one["generated"], one["generated_spread"]), (one["real"], one["real_spread"])
        cells = [
            NOT_MEASURABLE if mean is None or spread is None else f"{mean:.2f} ± {spread:.2f}"
            for mean, spread in pair
        ]
        lines.append(f"| {one['title']} | {' | '.join(cells)} | {one['words'] or ''} |")
    return "\n".join(lines)
