"""Trained generators in the store: a folder each with model, record and progress frames.

Those of a cover set lie side by side; `current.json` beside them names the one that is current.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NotRequired

from pydantic import ConfigDict
from typing_extensions import TypedDict

from kpop_assets.errors import KpopAssetsError
from kpop_assets.models.training_record import (
    Curves,
    CurvesByStep,
    record_if_same,
    weights_hash,
)
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.files import atomic_file, local_file
from kpop_assets.store.folders import folders_in, mark_as_newest, named_folder, stored_folder
from kpop_assets.store.records import file_as_written, read_record, record_bytes

if TYPE_CHECKING:
    import keras


class Provenance(TypedDict):
    """What a generator was made from and with; the fields that are read back."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    covers: int
    weights_hash: str
    best_step: int
    finished_at: NotRequired[str]


class GeneratorRecord(TypedDict):
    """The record of a published training; the fields that are read back."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    sites: str
    config: dict[str, Any]
    provenance: Provenance
    losses: CurvesByStep
    evaluations: Curves
    cover_set: NotRequired[str]
    conditions: NotRequired[list[dict[str, Any]]]
    fingerprint: NotRequired[str]
    files: NotRequired[dict[str, str]]


class Current(TypedDict):
    """Which of the trained generators side by side is current; `sets_below` of the base alone."""

    name: str
    sets_below: NotRequired[int]


class UnknownGeneratorError(KpopAssetsError):
    """A cover set has no generator of that name."""


ALL_SETS = "all"
"""Where a generator lies that learns from the covers of all sets."""
CURRENT_FILE = "current.json"
MODEL_FILE = "generator.keras"
NETWORKS_FILE = "networks.npz"
RECORD_FILE = "generator.json"


def generator_folder(store: Store, cover_set: str, name: str | None = None) -> Path:
    """Return where the files of a generator of a set lie: the current one, or that of that name.

    Raises MissingArtifactError when there is none, DamagedArtifactError when it is not known which
    is current, UnknownGeneratorError.
    """
    beside = store.folder("cover_generator", cover_set)
    if name is None:
        return current_folder(beside)
    names = [folder.name for folder in trained_folders(beside)]
    if name not in names:
        raise UnknownGeneratorError(
            f"expected a generator of {cover_set}, got {name!r}; choose one of "
            f"{', '.join(names) or 'none: materialize cover_generator first'}"
        )
    return stored_folder(beside / name)


def trained_folders(beside: Path) -> list[Path]:
    """Return the folders of the generators in a folder of a set, the last current one first."""
    return [
        folder for folder in folders_in(beside) if (stored_folder(folder) / RECORD_FILE).exists()
    ]


def current_folder(beside: Path) -> Path:
    """Return where the files lie of the current one of the generators in a folder of a set.

    Raises MissingArtifactError and DamagedArtifactError.
    """
    folder = stored_folder(beside / current(beside)["name"])
    if not (folder / RECORD_FILE).exists():
        raise MissingArtifactError(folder / RECORD_FILE, trained_asset(folder))
    return folder


def current(beside: Path) -> Current:
    """Return what says which generator is current; raises what `current_folder` does."""
    return read_record(beside / CURRENT_FILE, _asset_of_set(beside), Current)


def make_current(folder: Path, **about: int) -> None:
    """Make the generator in the folder the current one of its set, in one instant.

    `about` are other fields of `Current`. Raises StoreWriteError.
    """
    folder = named_folder(folder)
    mark_as_newest(folder)
    with atomic_file(folder.parent / CURRENT_FILE) as file:
        file.write(record_bytes({"name": folder.name, **about}, trained_asset(folder)))


def training_record(folder: Path) -> GeneratorRecord:
    """Return the record of a published training: config, provenance and losses.

    Raises MissingArtifactError, and DamagedArtifactError when it is not as it was written or lies
    in the folder of another set.
    """
    asset, cover_set = trained_asset(folder), named_folder(folder).parent.name
    folder = stored_folder(folder)
    record = read_record(folder / RECORD_FILE, asset, GeneratorRecord)
    if record.get("cover_set", cover_set) != cover_set:
        why = f"it is of the set {record['cover_set']}"
        raise DamagedArtifactError(folder / RECORD_FILE, asset, why)
    return record


def same_training(
    folder: Path, fingerprint: str, warn: Callable[[str], object]
) -> GeneratorRecord | None:
    """Return the record in the folder if it has that fingerprint and all files are as written."""
    return record_if_same(folder, training_record, trained_asset(folder), fingerprint, warn)


def best_evaluation(record: Mapping[str, Any]) -> dict[str, float | None] | None:
    """Return the training's own evaluation of its best step, by measure; None without one."""
    evaluations, best = record["evaluations"], record["provenance"]["best_step"]
    steps = list(evaluations.get("step", ()))
    if best not in steps:
        return None
    return {name: values[steps.index(best)] for name, values in evaluations.items()}


def trained_asset(folder: Path) -> str:
    """Return the asset and cover set whose generator a folder of the store holds."""
    return _asset_of_set(named_folder(folder).parent)


def _asset_of_set(beside: Path) -> str:
    asset, cover_set = beside.parent.name, beside.name
    return asset if cover_set == ALL_SETS else f"{asset} [{cover_set}]"


def published_generator(folder: Path) -> "keras.Model":
    """Return the generator in a folder; it is the one that its record was written with.

    Raises MissingArtifactError, DamagedArtifactError when file or weights are others than those of
    the record, GeneratorFileError.
    """
    from kpop_assets.models.generator_files import load_generator

    asset, record = trained_asset(folder), training_record(folder)
    folder = stored_folder(folder)
    path = folder / MODEL_FILE
    content = file_as_written(path, folder, record.get("files"), asset)
    with local_file(path, content) as local:
        generator = load_generator(local)
    if weights_hash(generator) != record["provenance"]["weights_hash"]:
        raise DamagedArtifactError(path, asset, "its weights are not those that its record names")
    return generator
