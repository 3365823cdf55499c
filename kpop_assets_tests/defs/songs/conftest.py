"""A folder of small songs, and a store in which a tiny network learned from them."""

import shutil
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from kpop_assets.definitions import definitions
from kpop_assets.settings import Settings
from kpop_assets.songs.midi.writing import midi_bytes
from kpop_assets.songs.song import Song
from kpop_assets.songs.tokens import decoded
from kpop_assets_tests.models.songs.small_songs import small_song

TINY_MODEL = {
    "steps": 4,
    "batch_size": 4,
    "window": 16,
    "width": 8,
    "layers": 1,
    "frame_every": 2,
    "checkpoint_every": 2,
    "evaluate_every": 2,
    "log_every": 1,
    "observe_every": 2,
}
UPSTREAM = ("song_files", "song_catalog", "song_tokens")
MaterializeSongs = Callable[..., dg.ExecuteInProcessResult]


def materializing_songs(
    store: Path, songs: Path, instance: dg.DagsterInstance, more: Path | None = None
) -> MaterializeSongs:
    """Materializes assets of the songs in folders; keywords are configs by asset."""
    lineage = definitions(Settings("sample", None, store, songs_dir=songs, more_songs_dir=more))

    def materialize(*selection: str, **configs: dict[str, object]) -> dg.ExecuteInProcessResult:
        chosen = {"song_model": TINY_MODEL, **configs}
        ops = {name: {"config": one} for name, one in chosen.items() if name in selection}
        return dg.materialize(
            list(lineage.assets or []),
            selection=selection,
            resources=lineage.resources,
            instance=instance,
            run_config={"ops": ops},
            raise_on_error=False,
        )

    return materialize


@pytest.fixture(scope="session")
def songs_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Six songs: four to learn from, one to choose the network by, one to judge it by."""
    folder = tmp_path_factory.mktemp("songs")
    for seed in range(6):
        song = Song(decoded(small_song(seed, 6 + seed)), 90.0 + seed)
        (folder / f"song {seed}.mid").write_bytes(midi_bytes(song))
    return folder


@pytest.fixture(scope="session")
def trained_store(songs_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    store = tmp_path_factory.mktemp("trained") / "store"
    with dg.DagsterInstance.ephemeral() as instance:
        materialize = materializing_songs(store, songs_folder, instance)
        assert materialize(*UPSTREAM, "song_model").success
    return store


@pytest.fixture
def store(trained_store: Path, tmp_path: Path) -> Path:
    """A store of its own with the trained network."""
    return shutil.copytree(trained_store, tmp_path / "store")


@pytest.fixture
def materialize(store: Path, songs_folder: Path, instance: dg.DagsterInstance) -> MaterializeSongs:
    """Materializes assets in `store`."""
    return materializing_songs(store, songs_folder, instance)
