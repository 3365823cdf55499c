"""Additional songs: learned from beside one's own, looked for copies in, never judged by."""

import shutil
from pathlib import Path

import dagster as dg
import pandas as pd
import pytest

from kpop_assets.defs.songs.song_quality import real_songs
from kpop_assets.models.songs.published import song_model_record
from kpop_assets.songs.catalog import OWN_TOO
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.conftest import metadata
from kpop_assets_tests.defs.songs.conftest import (
    TINY_MODEL,
    UPSTREAM,
    MaterializeSongs,
    materializing_songs,
)
from kpop_assets_tests.songs.making import pop_song

MORE = ["more: song 1.mid", "more: song 7.mid"]


@pytest.fixture(scope="module")
def more_folder(songs_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two songs that are nowhere else, one called like one's own, and one that is one's own too."""
    folder = tmp_path_factory.mktemp("more")
    for number in (1, 7):
        (folder / f"song {number}.mid").write_bytes(midi_bytes(pop_song(number, bpm=200.0)))
    shutil.copy(songs_folder / "song 2.mid", folder / "another name.mid")
    return folder


@pytest.fixture
def with_more(
    store: Path, songs_folder: Path, more_folder: Path, instance: dg.DagsterInstance
) -> MaterializeSongs:
    """Materializes assets in `store`, whose network has learned from one's own songs alone."""
    return materializing_songs(store, songs_folder, instance, more_folder)


def table(store: Path, asset: str) -> pd.DataFrame:
    return pd.read_parquet(store / f"{asset}.parquet").set_index("file")


def test_they_are_on_a_side_of_their_own_and_leave_the_others_where_they_were(
    with_more: MaterializeSongs, store: Path
) -> None:
    before = table(store, "song_catalog")
    result = with_more(*UPSTREAM)
    assert result.success
    files, catalog, tokens = (table(store, asset) for asset in UPSTREAM)
    assert metadata(result, "song_files")["more"] == 3
    assert sorted(files.index[files["more"]]) == ["more: another name.mid", *MORE]
    assert catalog.loc["more: another name.mid", "reason"] == OWN_TOO
    assert catalog.loc[MORE, "split"].tolist() == ["more", "more"]
    pd.testing.assert_frame_equal(catalog.loc[before.index], before)
    assert sorted(tokens.index) == sorted([*before.index, *MORE])
    assert metadata(result, "song_catalog")["split"] == {
        **{"train": 4, "validation": 1, "test": 1},
        "more": 2,
    }


def test_a_share_of_what_is_learned_from_is_theirs(
    with_more: MaterializeSongs, store: Path
) -> None:
    alone = song_model_record(Store(store))
    result = with_more(*UPSTREAM, "song_model")
    assert metadata(result, "song_model")["more_songs"] == 2
    record = song_model_record(Store(store))
    assert record["provenance"]["songs"] == alone["provenance"]["songs"]
    assert record["to_beat"] == alone["to_beat"], "the n-gram model counts one's own songs"
    assert record["provenance"]["weights_hash"] != alone["provenance"]["weights_hash"]
    none = with_more("song_model", song_model={**TINY_MODEL, "share_of_more": 0.0})
    assert metadata(none, "song_model")["more_songs"] == 0
    left_alone = song_model_record(Store(store))["provenance"]["weights_hash"]
    assert left_alone == alone["provenance"]["weights_hash"]


def test_copies_are_looked_for_in_them_and_their_measures_are_not_those_of_real_songs(
    with_more: MaterializeSongs, store: Path
) -> None:
    assert with_more(*UPSTREAM).success
    catalog, tokens = (table(store, name).reset_index() for name in UPSTREAM[1:])
    real = real_songs(catalog, tokens)
    assert {one.file for one in real.learned} >= set(MORE)
    assert len(real.learned) == 4 + 2
    assert {len(values) for values in real.measures.values()} == {6}


def test_composed_songs_have_the_tempo_of_ones_own(with_more: MaterializeSongs) -> None:
    result = with_more(*UPSTREAM, "generated_songs", generated_songs={"songs": 1, "bars": 4})
    assert 90 < float(str(metadata(result, "generated_songs")["bpm"])) < 96
