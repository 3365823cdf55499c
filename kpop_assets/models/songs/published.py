"""The trained network of songs in the store: a folder with weights, record, frames and film."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ConfigDict
from typing_extensions import TypedDict

from kpop_assets.models.songs.recipes import SONG_RECIPES
from kpop_assets.models.songs.song_recipe import SongRecipe
from kpop_assets.models.training_record import Curves, CurvesByStep, record_if_same, weights_hash
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets.store.folders import stored_folder
from kpop_assets.store.records import file_as_written, read_record

if TYPE_CHECKING:
    from kpop_assets.models.songs.composer import Composer

ASSET = "song_model"
ALL_SONGS = "all"
NETWORK_FILE, RECORD_FILE, FILM_FILE = "network.npz", "song_model.json", "training.mp4"


class SongProvenance(TypedDict):
    """What a network of songs was made from and with; the fields that are read back."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    songs: int
    weights_hash: str
    best_step: int
    finished_at: str


class SongModelRecord(TypedDict):
    """The record of a trained network of songs; the fields that are read back.

    `to_beat` is what the songs held out cost an n-gram model, in bits an onset; None without any.
    """

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    sites: str
    config: dict[str, Any]
    provenance: SongProvenance
    losses: CurvesByStep
    evaluations: Curves
    to_beat: float | None
    fingerprint: str
    files: dict[str, str]


def song_model_folder(store: Store) -> Path:
    """Return where the files of the trained network of songs lie."""
    return stored_folder(store.folder(ASSET, ALL_SONGS))


def song_model_record(store: Store) -> SongModelRecord:
    """Return the record of the network; raises MissingArtifactError and DamagedArtifactError."""
    return _record(song_model_folder(store))


def _record(folder: Path) -> SongModelRecord:
    return read_record(folder / RECORD_FILE, ASSET, SongModelRecord)


def song_recipe(store: Store) -> SongRecipe:
    """Return the recipe of the network; raises as `song_model_record` does."""
    recipe = str(song_model_record(store)["config"].get("recipe"))
    if recipe not in SONG_RECIPES:
        path = song_model_folder(store) / RECORD_FILE
        raise DamagedArtifactError(path, ASSET, f"there is no recipe {recipe!r}")
    return SONG_RECIPES[recipe]


def same_song_training(
    store: Store, fingerprint: str, warn: Callable[[str], object]
) -> SongModelRecord | None:
    """Return the record of the network if it has that fingerprint and all files are as written."""
    return record_if_same(store.folder(ASSET, ALL_SONGS), _record, ASSET, fingerprint, warn)


def write_song_network(path: Path, network: "Composer") -> None:
    """Write the weights of a network, in their order, as an .npz file; raises OSError."""
    import numpy as np

    weights = {f"{place:03d}": array for place, array in enumerate(network.get_weights())}
    np.savez(path, allow_pickle=False, **weights)


def trained_song_network(store: Store) -> "Composer":
    """Return the network of the store; it is the one that its record was written with.

    TensorFlow is loaded once the files are known to be there.
    Raises MissingArtifactError, and DamagedArtifactError when file or weights are others than those
    of the record.
    """
    import io

    import numpy as np

    folder = song_model_folder(store)
    record = _record(folder)
    path = folder / NETWORK_FILE
    content = file_as_written(path, folder, record["files"], ASSET)

    from kpop_assets.models.songs.settings import FilledSongSettings

    try:
        network = FilledSongSettings.model_validate(record["config"]).network()
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            network.set_weights([archive[name] for name in sorted(archive)])
    except Exception as error:  # zip archives, Keras and pydantic raise many kinds
        raise DamagedArtifactError(path, ASSET, error) from error
    if weights_hash(network) != record["provenance"]["weights_hash"]:
        raise DamagedArtifactError(path, ASSET, "its weights are not those that its record names")
    return network
