"""The progress frames of a published training, read back."""

import io
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from PIL import Image

from kpop_assets.models.published import trained_asset, training_record
from kpop_assets.models.training_record import FRAMES_FOLDER
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets.store.records import file_as_written, listed_files


def progress_frames(
    folder: Path, chosen: Callable[[Sequence[Path]], Sequence[Path]] = lambda paths: paths
) -> dict[int, Image.Image]:
    """Return the frames of a published training by step, all or those chosen of their paths.

    Raises MissingArtifactError when there is none, DamagedArtifactError when one is not as it was
    written.
    """
    asset, files = trained_asset(folder), training_record(folder).get("files")
    paths = chosen(listed_files(folder, f"{FRAMES_FOLDER}/*.png", files, asset))
    contents = {path: file_as_written(path, folder, files, asset) for path in paths}
    return opened_frames(contents, asset)


def opened_frames(contents: Mapping[Path, bytes], asset: str) -> dict[int, Image.Image]:
    """Return PNG files as RGB by the step that is their name; raises DamagedArtifactError."""
    frames = {}
    for path, content in contents.items():
        try:
            picture = Image.open(io.BytesIO(content), formats=("PNG",)).convert("RGB")
            frames[int(path.stem)] = picture
        except Exception as error:  # Pillow's readers raise many kinds on damaged data
            raise DamagedArtifactError(path, asset, error) from error
    return frames
