import numpy as np
import pytest

from kpop_assets.models.songs.network import song_network
from kpop_assets.models.songs.network_files import (
    SongNetworkFileError,
    load_song_network,
    save_song_network,
)
from kpop_assets.models.songs.recipes import SONG_RECIPES
from kpop_assets_tests.models.songs.small_songs import SMALL


@pytest.mark.parametrize("recipe", SONG_RECIPES)
def test_a_network_comes_back_with_its_settings(tmp_path, recipe):
    settings = SMALL.model_copy(update={"recipe": recipe, "seed": 3}).filled()
    network = song_network(settings)
    save_song_network(network, settings, tmp_path / "network.npz")
    loaded, of_loaded = load_song_network(tmp_path / "network.npz")
    assert of_loaded == settings
    for one, other in zip(network.get_weights(), loaded.get_weights(), strict=True):
        np.testing.assert_array_equal(one, other)


@pytest.mark.parametrize("spoil", [lambda _: b"", lambda content: content[:-99], None])
def test_a_file_that_is_missing_or_damaged_is_refused_by_name(tmp_path, spoil):
    path = tmp_path / "network.npz"
    if spoil:
        save_song_network(song_network(SMALL.filled()), SMALL.filled(), path)
        path.write_bytes(spoil(path.read_bytes()))
    with pytest.raises(SongNetworkFileError, match=r"network\.npz"):
        load_song_network(path)


def test_weights_of_other_shapes_are_refused(tmp_path):
    settings = SMALL.filled()
    wider = settings.model_copy(update={"width": 9})
    save_song_network(song_network(settings), wider, tmp_path / "network.npz")
    with pytest.raises(SongNetworkFileError, match="train it again"):
        load_song_network(tmp_path / "network.npz")
