"""Trained networks of songs as files: the weights, and the settings that make the network."""

import hashlib
import io
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from pydantic import ValidationError
from typing_extensions import TypedDict

from kpop_assets.models.songs.settings import FilledSongSettings
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets.store.files import atomic_file, restore_folder
from kpop_assets.store.records import file_as_written, read_record, record_bytes

if TYPE_CHECKING:
    from kpop_assets.models.songs.network import SongNetwork

ASSET = "song_model"
WEIGHTS_FILE, RECORD_FILE = "network.npz", "song_model.json"


class _NetworkRecord(TypedDict):
    """The settings of a network, and the SHA-256 of the file of its weights; it may say more."""

    config: dict[str, Any]
    files: dict[str, str]


def save_song_network(network: "SongNetwork", settings: FilledSongSettings, folder: Path) -> None:
    """Write the network that `song_network` made of these settings into a folder, trained or not.

    `load_song_network` gives it back. The same weights give the same bytes. Raises StoreWriteError.
    """
    buffer = io.BytesIO()
    weights = {f"{place:03d}": weight.numpy() for place, weight in enumerate(network.weights)}
    np.savez(buffer, allow_pickle=False, **weights)
    content = buffer.getvalue()
    files = {WEIGHTS_FILE: hashlib.sha256(content).hexdigest()}
    record = {"config": settings.model_dump(), "files": files}
    for name, written in ((WEIGHTS_FILE, content), (RECORD_FILE, record_bytes(record, ASSET))):
        with atomic_file(folder / name) as file:
            file.write(written)


def load_song_network(folder: Path) -> "SongNetwork":
    """Return the network that `save_song_network` wrote, its weights those of its record.

    TensorFlow is loaded once the files are known to be there. Raises MissingArtifactError, and
    DamagedArtifactError where a file is not as it was written or is of another version.
    """
    restore_folder(folder)
    record = read_record(folder / RECORD_FILE, ASSET, _NetworkRecord)
    path = folder / WEIGHTS_FILE
    content = file_as_written(path, folder, record["files"], ASSET)
    try:
        settings = FilledSongSettings(**record["config"])
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            weights = [archive[name] for name in sorted(archive.files)]
    except (ValidationError, ValueError, OSError, KeyError) as error:
        raise DamagedArtifactError(path, ASSET, "it is of another version") from error
    from kpop_assets.models.songs.network import song_network

    network = song_network(settings)
    if [weight.shape for weight in weights] != [tuple(one.shape) for one in network.weights]:
        raise DamagedArtifactError(path, ASSET, "its weights are those of another network")
    network.set_weights(weights)
    return network
