"""Trained networks of songs as `.npz` files: weights, and the settings that say their shapes."""

import io
import json
import pathlib

import numpy as np

from kpop_assets.errors import KpopAssetsError
from kpop_assets.models.songs.network import SongNetwork, song_network
from kpop_assets.models.songs.settings import FilledSongSettings
from kpop_assets.store.files import atomic_file

_SETTINGS = "settings"


class SongNetworkFileError(KpopAssetsError):
    """A file of a network of songs could not be read or understood."""


def save_song_network(
    network: SongNetwork, settings: FilledSongSettings, path: pathlib.Path
) -> None:
    """Write a network to `path`, replacing it in one instant; raises StoreWriteError."""
    weights = {f"{place:03d}": one for place, one in enumerate(network.get_weights())}
    as_json = np.frombuffer(settings.model_dump_json().encode(), np.uint8)
    with atomic_file(path) as file:
        np.savez(file, allow_pickle=False, **{_SETTINGS: as_json}, **weights)


def load_song_network(path: pathlib.Path) -> tuple[SongNetwork, FilledSongSettings]:
    """Read a network and its settings, without running code stored in the file.

    Raises SongNetworkFileError when the file is missing, damaged or of other shapes.
    """
    try:
        with np.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as archive:
            arrays = dict(archive)
        settings = FilledSongSettings(**json.loads(arrays.pop(_SETTINGS).tobytes()))
        network = song_network(settings)
        network.set_weights([arrays[name] for name in sorted(arrays)])
    except Exception as error:  # zip archives raise many kinds on damaged data
        raise SongNetworkFileError(
            f"Expected a network of songs in {path}, got: {error}; train it again to replace the "
            "file."
        ) from error
    return network, settings
