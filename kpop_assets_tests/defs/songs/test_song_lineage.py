"""The lineage of songs: composed ones, and a folder of one's own."""

from pathlib import Path

import dagster as dg
import pandas as pd

from kpop_assets.definitions import definitions
from kpop_assets.sample_world.songs import SAMPLE_SONGS, sample_songs
from kpop_assets.settings import Settings
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets_tests.conftest import failure_text, metadata

ASSETS = ("song_files", "song_catalog", "song_tokens")


def materialized(
    store: Path, instance: dg.DagsterInstance, songs_dir: Path | None = None
) -> dg.ExecuteInProcessResult:
    lineage = definitions(Settings("sample", None, store, songs_dir=songs_dir))
    return dg.materialize(
        list(lineage.assets or []),
        selection=ASSETS,
        resources=lineage.resources,
        instance=instance,
        raise_on_error=False,
    )


def test_composed_songs_become_tokens(tmp_path: Path, instance: dg.DagsterInstance) -> None:
    result = materialized(tmp_path, instance)
    assert result.success
    catalog = metadata(result, "song_catalog")
    assert (catalog["songs"], catalog["left_out"]) == (SAMPLE_SONGS, 0)
    assert catalog["sites"] == "sample"
    tokens = pd.read_parquet(tmp_path / "song_tokens.parquet")
    assert len(tokens) == SAMPLE_SONGS
    assert set(tokens["split"]) == {"train", "validation", "test"}


def test_ones_own_songs_stand_in_for_composed_ones_and_bad_files_are_named(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    folder = tmp_path / "songs"
    (folder / "deep").mkdir(parents=True)
    [first, second] = sample_songs(2)
    (folder / "first.mid").write_bytes(midi_bytes(first.song))
    (folder / "deep/second.MID").write_bytes(midi_bytes(second.song))
    (folder / "junk.mid").write_bytes(b"junk")
    (folder / "songs.csv").write_text("file,bpm,title\nfirst.mid,97.5,One\n")
    result = materialized(tmp_path / "store", instance, folder)
    assert result.success
    told = metadata(result, "song_catalog")
    assert (told["songs"], told["left_out"], told["sites"]) == (2, 1, "folder")
    catalog = pd.read_parquet(tmp_path / "store/song_catalog.parquet").set_index("file")
    assert catalog.loc["first.mid", ["title", "bpm", "tempo_from"]].tolist() == ["One", 97.5, "csv"]
    assert catalog.loc["junk.mid", "reason"]


def test_a_folder_without_a_song_says_where_the_reasons_are(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    (tmp_path / "junk.mid").write_bytes(b"junk")
    text = failure_text(materialized(tmp_path / "store", instance, tmp_path))
    assert "expected songs, but none of the 1 files has one" in text


def test_the_same_songs_have_the_same_data_version(
    tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    versions = [
        materialized(tmp_path / place, instance)
        .asset_materializations_for_node("song_tokens")[0]
        .tags["dagster/data_version"]
        for place in ("one", "other")
    ]
    assert versions[0] == versions[1]
