"""A trained network of songs is the same after it was saved and loaded."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from kpop_assets.models.songs.generation import SongWish, generate
from kpop_assets.models.songs.network import song_network
from kpop_assets.models.songs.settings import SongSettings
from kpop_assets.models.songs.song_files import (
    ASSET,
    RECORD_FILE,
    WEIGHTS_FILE,
    load_song_network,
    save_song_network,
)
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.records import file_digests, record_bytes
from kpop_assets_tests.models.songs.small_songs import SMALL

SETTINGS = SMALL.filled()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("song_model")
    save_song_network(song_network(SETTINGS), SETTINGS, folder)
    return folder


@pytest.mark.parametrize("recipe", ["lstm", "plain", "bilstm"])
def test_what_is_saved_writes_the_same_song(recipe: str, tmp_path: Path) -> None:
    settings = SongSettings(recipe=recipe, width=8, layers=1, window=16, seed=3).filled()
    network = song_network(settings)
    save_song_network(network, settings, tmp_path)
    again = load_song_network(tmp_path)
    wish = SongWish(bars=3)
    np.testing.assert_array_equal(generate(network, wish, 5), generate(again, wish, 5))


def test_the_same_network_gives_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    save_song_network(load_song_network(saved), SETTINGS, tmp_path)
    assert file_digests(tmp_path) == file_digests(saved)


@pytest.mark.parametrize("name", [WEIGHTS_FILE, RECORD_FILE])
def test_a_damaged_or_missing_file_is_named(saved: Path, tmp_path: Path, name: str) -> None:
    for file in (WEIGHTS_FILE, RECORD_FILE):
        content = (saved / file).read_bytes()
        (tmp_path / file).write_bytes(content[:-40] if file == name else content)
    with pytest.raises(DamagedArtifactError, match=f"{name}.*materialize {ASSET} again"):
        load_song_network(tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(MissingArtifactError, match=f"materialize {ASSET} first"):
        load_song_network(tmp_path)


def test_settings_of_another_network_are_named(saved: Path, tmp_path: Path) -> None:
    (tmp_path / WEIGHTS_FILE).write_bytes((saved / WEIGHTS_FILE).read_bytes())
    for settings, why in (
        (SETTINGS.model_copy(update={"width": 9}).model_dump(), "those of another network"),
        ({**SETTINGS.model_dump(), "depth": 2}, "of another version"),
        ({}, "of another version"),
    ):
        record = {"config": settings, "files": file_digests(saved)}
        (tmp_path / RECORD_FILE).write_bytes(record_bytes(record, ASSET))
        with pytest.raises(DamagedArtifactError, match=why):
            load_song_network(tmp_path)


def test_a_missing_network_is_named_before_tensorflow_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys, pathlib\n"
        "from kpop_assets.models.songs.song_files import load_song_network\n"
        "try: load_song_network(pathlib.Path(sys.argv[1]))\n"
        "except Exception as error: print(error)\n"
        "print('tensorflow' in sys.modules)\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    refusal, loaded = said.splitlines()
    assert f"materialize {ASSET} first" in refusal
    assert loaded == "False"
