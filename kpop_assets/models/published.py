"""Trained generators as the store holds them: model, record and progress frames of a cover set."""

import hashlib
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NotRequired

from pydantic import AfterValidator, ConfigDict
from typing_extensions import TypedDict

from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.files import restore_folder
from kpop_assets.store.records import file_as_written, read_record

if TYPE_CHECKING:
    import keras

Curves = dict[str, list[float | None]]


def _with_steps(curves: Curves) -> Curves:
    if "step" not in curves:
        raise ValueError("step is missing")
    return curves


class Provenance(TypedDict):
    """What a generator was made from and with; the fields that are read back."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    covers: int
    weights_hash: str
    best_step: int


class GeneratorRecord(TypedDict):
    """The record of a published training; the fields that are read back."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    sites: str
    config: dict[str, Any]
    provenance: Provenance
    losses: Annotated[Curves, AfterValidator(_with_steps)]
    evaluations: Curves
    cover_set: NotRequired[str]
    fingerprint: NotRequired[str]
    sets_below: NotRequired[int]
    files: NotRequired[dict[str, str]]


MODEL_FILE = "generator.keras"
NETWORKS_FILE = "networks.npz"
RECORD_FILE = "generator.json"
FRAMES_FOLDER = "frames"


def generator_folder(store: Store, cover_set: str) -> Path:
    """Return the folder of a trained generator: model, record and progress frames.

    Raises `MissingArtifactError` when there is none.
    """
    folder = store.folder("cover_generator", cover_set)
    restore_folder(folder)
    if not (folder / RECORD_FILE).exists():
        raise MissingArtifactError(folder / RECORD_FILE, f"cover_generator [{cover_set}]")
    return folder


def training_record(folder: Path) -> GeneratorRecord:
    """Return the record of a published training: config, provenance and losses.

    Raises MissingArtifactError, and DamagedArtifactError when it is not as it was written or lies
    in the folder of another set.
    """
    asset = trained_asset(folder)
    record = read_record(folder / RECORD_FILE, asset, GeneratorRecord)
    if record.get("cover_set", folder.name) != folder.name:
        why = f"it is of the set {record['cover_set']}"
        raise DamagedArtifactError(folder / RECORD_FILE, asset, why)
    return record


def trained_asset(folder: Path) -> str:
    """Return the asset and cover set whose generator a folder of the store holds."""
    asset, cover_set = folder.parent.name, folder.name
    return asset if asset == "base_generator" else f"{asset} [{cover_set}]"


def published_generator(folder: Path) -> "keras.Model":
    """Return the generator in a folder; it is the one that its record was written with.

    Raises MissingArtifactError, DamagedArtifactError when file or weights are others than those of
    the record, GeneratorFileError.
    """
    from kpop_assets.models.generator_files import load_generator

    asset, path = trained_asset(folder), folder / MODEL_FILE
    record = training_record(folder)
    file_as_written(path, folder, record.get("files"), asset)
    generator = load_generator(path)
    if weights_hash(generator) != record["provenance"]["weights_hash"]:
        raise DamagedArtifactError(path, asset, "its weights are not those that its record names")
    return generator


def weights_hash(generator: "keras.Model") -> str:
    """Return the SHA-256 of all weights of a generator."""
    weights = b"".join(value.tobytes() for value in generator.get_weights())
    return hashlib.sha256(weights).hexdigest()
