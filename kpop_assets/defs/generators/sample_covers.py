"""Sample covers of each cover set."""

import io
import math
from pathlib import Path
from typing import NotRequired

import dagster as dg
import numpy as np
from numpy.typing import NDArray
from PIL import Image
from pydantic import ConfigDict, Field
from typing_extensions import TypedDict

from kpop_assets.covers.decode import stored_jpeg
from kpop_assets.covers.showing.enlarged import enlarged_for_sheet, enlarged_grid
from kpop_assets.covers.showing.film import gif_film, mp4_film, webp_film
from kpop_assets.covers.showing.grid import cover_grid, png_bytes
from kpop_assets.covers.showing.markdown import picture_markdown
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.partitions import COVER_SET_PARTITIONS
from kpop_assets.defs.previews import sheet_previews
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.unchanged import unless_unchanged
from kpop_assets.models.published import generator_folder, published_generator, training_record
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets.store.folders import atomic_folder, stored_folder
from kpop_assets.store.records import (
    file_as_written,
    file_digests,
    listed_files,
    read_record,
    record_bytes,
)

RECORD_FILE = "samples.json"
INTERPOLATION_FILE, INTERPOLATION_MP4_FILE = "interpolation.gif", "interpolation.mp4"
INTERPOLATION_MS = 100
FRAMES_SHOWN = 30
"""So many frames of the interpolation the UI shows; the GIF has them all."""


class SampleConfig(dg.Config):
    """Which covers are drawn from the trained generator."""

    covers: int = Field(64, ge=1, le=1024, description="How many covers.")
    seed: int = Field(
        0, ge=0, lt=2**31, description="Seed of the noise vectors: the same seed, the same covers."
    )
    truncation: float = Field(
        1.0,
        gt=0,
        le=1,
        description="The noise vectors are multiplied by this. 1 leaves them as they are; with "
        "less, covers are more alike. 0.7 is a good first try.",
    )
    interpolation_frames: int = Field(
        60,
        ge=0,
        le=600,
        description="Frames of the film in which covers turn into one another. 0 makes none.",
    )


class SamplesRecord(TypedDict):
    """What a set's sample covers were drawn from; the fields that are read back."""

    __pydantic_config__ = ConfigDict(extra="allow")  # type: ignore[misc]
    seed: int
    truncation: float
    weights_hash: str
    files: NotRequired[dict[str, str]]


@dg.asset(
    group_name="training",
    kinds={"tensorflow", "image"},
    code_version="3",
    partitions_def=COVER_SET_PARTITIONS,
    deps=["cover_generator"],
    automation_condition=WHEN_CONTENT_CHANGED,
)
@unless_unchanged()
def sample_covers(
    context: dg.AssetExecutionContext, config: SampleConfig, store: StoreResource
) -> dg.MaterializeResult:
    """Covers drawn from the trained generator, from a seed: single JPEGs, a sheet and a film.

    In the film, a GIF without end and an MP4 of one round, covers turn into one another.
    """
    from kpop_assets.models.sampling import interpolation_frames
    from kpop_assets.models.sampling import sample_covers as drawn_covers

    cover_set = context.partition_key
    source = generator_folder(store.open(), cover_set)
    trained = training_record(source)
    sites = trained["sites"]
    record = {
        "seed": config.seed,
        "truncation": config.truncation,
        "weights_hash": trained["provenance"]["weights_hash"],
    }
    generator = published_generator(source)
    pictures = drawn_covers(generator, config.covers, config.seed, truncation=config.truncation)
    shown = enlarged_for_sheet(pictures)
    sheet = cover_grid(shown, math.ceil(math.sqrt(len(pictures))))
    side = pictures.shape[1]
    frames = (
        [
            enlarged_grid(grid, side)
            for grid in interpolation_frames(
                generator, config.interpolation_frames, config.seed, config.truncation
            )
        ]
        if config.interpolation_frames
        else []
    )
    comment = f"kpop_assets generated cover, trained on {cover_set} covers ({sites})"
    folder = store.open().folder("sample_covers", cover_set)
    with atomic_folder(folder) as temporary:
        for index, picture in enumerate(pictures):
            (temporary / f"{index:03d}.jpg").write_bytes(
                stored_jpeg(Image.fromarray(picture), comment)
            )
        (temporary / "sheet.png").write_bytes(png_bytes(sheet))
        if frames:
            film = gif_film(frames, INTERPOLATION_MS, INTERPOLATION_MS)
            (temporary / INTERPOLATION_FILE).write_bytes(film)
            mp4 = mp4_film(frames, INTERPOLATION_MS, INTERPOLATION_MS)
            (temporary / INTERPOLATION_MP4_FILE).write_bytes(mp4)
        record = {**record, "files": file_digests(temporary)}
        (temporary / RECORD_FILE).write_bytes(record_bytes(record, _asset(cover_set)))
    folder = stored_folder(folder)
    context.log.info(
        f"{len(pictures)} covers from seed {config.seed}, truncation {config.truncation}"
    )
    return dg.MaterializeResult(
        metadata={
            **sheet_previews(shown, f"{cover_set} samples"),
            "covers": len(pictures),
            "seed": config.seed,
            "truncation": config.truncation,
            **_film_metadata(frames, folder, f"{cover_set} interpolation"),
            "folder": dg.MetadataValue.path(str(folder)),
            "sheet_file": dg.MetadataValue.path(str(folder / "sheet.png")),
            "sites": sites,
        },
    )


def sample_files(store: Store, cover_set: str) -> list[Path]:
    """Return the JPEGs of the sample covers of a set, in order: those that its record names.

    Raises MissingArtifactError and DamagedArtifactError.
    """
    folder = _files_folder(store, cover_set)
    files = _record(folder, cover_set).get("files")
    return listed_files(folder, "*.jpg", files, _asset(cover_set))


def samples_record(store: Store, cover_set: str) -> SamplesRecord:
    """Return what a set's sample covers were drawn from: seed, truncation and weights_hash.

    Raises MissingArtifactError and DamagedArtifactError.
    """
    return _record(_files_folder(store, cover_set), cover_set)


def sample_picture(store: Store, cover_set: str, path: Path) -> Image.Image:
    """Return the sample cover in a file as RGB; it is the one that was written with the record.

    Raises MissingArtifactError and DamagedArtifactError.
    """
    content = sample_file(store, cover_set, path.name)
    try:
        return Image.open(io.BytesIO(content), formats=("JPEG",)).convert("RGB")
    except Exception as error:  # Pillow's readers raise many kinds on damaged data
        raise DamagedArtifactError(path, _asset(cover_set), error) from error


def sample_file(store: Store, cover_set: str, name: str) -> bytes:
    """Return a file of a set's samples as it was written with their record.

    Raises MissingArtifactError and DamagedArtifactError.
    """
    folder = _files_folder(store, cover_set)
    files = _record(folder, cover_set).get("files")
    return file_as_written(folder / name, folder, files, _asset(cover_set))


def _files_folder(store: Store, cover_set: str) -> Path:
    return stored_folder(store.folder("sample_covers", cover_set))


def _record(folder: Path, cover_set: str) -> SamplesRecord:
    return read_record(folder / RECORD_FILE, _asset(cover_set), SamplesRecord)


def _asset(cover_set: str) -> str:
    return f"sample_covers [{cover_set}]"


def _film_metadata(
    frames: list[NDArray[np.uint8]], folder: Path, title: str
) -> dict[str, dg.MetadataValue]:
    """Return the film as the UI shows it, and where its files lie; nothing without frames."""
    if not frames:
        return {}
    shown = frames[:: -(-len(frames) // FRAMES_SHOWN)]
    shown_ms = INTERPOLATION_MS * len(frames) // len(shown)
    film = webp_film(shown, len(shown), frame_ms=shown_ms, last_frame_ms=shown_ms)
    return {
        "interpolation": dg.MetadataValue.md(picture_markdown(film, "image/webp", title)),
        "interpolation_file": dg.MetadataValue.path(str(folder / INTERPOLATION_FILE)),
        "interpolation_mp4_file": dg.MetadataValue.path(str(folder / INTERPOLATION_MP4_FILE)),
    }
