"""The films of a set on the page: its training, and a walk between its samples."""

import io
from pathlib import Path

from PIL import Image, ImageSequence

from kpop_assets.covers.showing.addresses import picture_address
from kpop_assets.defs.generators.sample_covers import INTERPOLATION_FILE, sample_file
from kpop_assets.defs.previews import evenly
from kpop_assets.defs.training.progress_frames import progress_frames
from kpop_assets.insight.gallery.content import Film
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError

FRAMES, FRAMES_OF_MANY = 30, 16
"""Frames of a film where one set is shown or two, and where more are: the page stays small."""
FRAME_PIXELS = 400


def most_frames(sets: int) -> int:
    """Return how many frames a film may have where so many sets are shown."""
    return FRAMES if sets <= 2 else FRAMES_OF_MANY


def training_film(folder: Path, most: int) -> Film:
    """Return up to `most` frames of the training of the generator in a folder."""
    frames = progress_frames(
        folder, lambda paths: [paths[index] for index in evenly(len(paths), most)]
    )
    return Film(
        [picture_address(frame, FRAME_PIXELS) for frame in frames.values()],
        [f"step {step:,}" for step in frames],
    )


def walk_film(store: Store, cover_set: str, most: int) -> Film:
    """Return up to `most` frames of the walk; raises MissingArtifactError, DamagedArtifactError."""
    content = sample_file(store, cover_set, INTERPOLATION_FILE)
    try:
        with Image.open(io.BytesIO(content), formats=("GIF",)) as film:
            frames = [frame.convert("RGB") for frame in ImageSequence.Iterator(film)]
    except Exception as error:  # Pillow's readers raise many kinds on damaged data
        path = store.folder("sample_covers", cover_set) / INTERPOLATION_FILE
        raise DamagedArtifactError(path, f"sample_covers [{cover_set}]", error) from error
    chosen = evenly(len(frames), most)
    captions = [f"{index / len(frames):.0%} of the way" for index in chosen]
    return Film([picture_address(frames[index], FRAME_PIXELS) for index in chosen], captions)
