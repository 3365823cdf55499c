"""What one does with generators outside of the pipeline: open, draw, film, train, measure."""

import functools
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.covers.decode import UnreadablePictureError, decoded_cover
from kpop_assets.covers.resize import lanczos
from kpop_assets.covers.sets import COVER_SETS, UnknownCoverSetError
from kpop_assets.covers.showing.enlarged import enlarged_grid
from kpop_assets.covers.showing.film import gif_film, mp4_film, webp_film
from kpop_assets.covers.square import squared
from kpop_assets.errors import KpopAssetsError
from kpop_assets.models.conditional.conditions import Conditions, conditions_of_record
from kpop_assets.models.published import (
    ALL_SETS,
    CURRENT_FILE,
    MODEL_FILE,
    current_folder,
    generator_folder,
    published_generator,
    training_record,
)
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import Store

if TYPE_CHECKING:
    import keras

Pictures = NDArray[np.uint8] | Iterable[Image.Image] | str | Path
"""Pictures as an array, uint8 (N, S, S, 3), as Pillow's, or as a folder of picture files."""

WALK_FRAME_MS = 100
MOST_FILE_BYTES = 50_000_000
FILMS: Mapping[str, Callable[..., bytes]] = {
    ".mp4": mp4_film,
    ".gif": gif_film,
    ".webp": functools.partial(webp_film, most_frames=sys.maxsize),
}

logger = logging.getLogger(__name__)


class PicturesError(KpopAssetsError):
    """There are no pictures where some were expected."""


class FilmFormatError(KpopAssetsError):
    """A film was asked for in a format that is not made."""


@dataclass(frozen=True)
class DrawnCover:
    """A generated cover: its pixels, uint8 (S, S, 3), and the seed and index that make it again."""

    pixels: NDArray[np.uint8]
    seed: int
    index: int

    @property
    def picture(self) -> Image.Image:
        """The cover as a picture of Pillow's."""
        return Image.fromarray(self.pixels)


class Generator:
    """A trained cover generator, as `load` and `train` give it."""

    def __init__(self, model: "keras.Model") -> None:
        self.model = model

    @property
    def image_size(self) -> int:
        """Side of its covers in pixels."""
        return int(self.model.output_shape[1])

    def draw(
        self, count: int = 16, seed: int = 0, size: int | None = None, truncation: float = 1.0
    ) -> list[DrawnCover]:
        """Return `count` covers from the noise of `seed`; cover i does not depend on `count`.

        `size` is their side in pixels (Lanczos), that of the generator unless given. Less
        `truncation` than 1 makes them more alike. Raises SamplingError.
        """
        from kpop_assets.models.sampling import sample_covers

        drawn = sample_covers(self.model, count, seed, truncation=truncation)
        return [DrawnCover(_sized(one, size), seed, index) for index, one in enumerate(drawn)]

    def film(
        self,
        path: str | Path,
        frames: int = 60,
        seed: int = 0,
        scale: int | None = None,
        truncation: float = 1.0,
    ) -> Path:
        """Write a film without end in which covers turn into one another; return its path.

        The ending of `path` says how: .mp4, .gif or .webp. Covers are enlarged `scale` times, or so
        often that the film has 512 pixels. Raises SamplingError and FilmFormatError.
        """
        from kpop_assets.models.sampling import interpolation_frames

        grids = interpolation_frames(self.model, frames, seed, truncation)
        return self._write_film(path, grids, scale)

    def _write_film(
        self, path: str | Path, grids: Iterable[NDArray[np.uint8]], scale: int | None
    ) -> Path:
        path = Path(path)
        if path.suffix not in FILMS:
            raise FilmFormatError(
                f"expected a file that ends in {', '.join(FILMS)}, got {path.name}; rename it"
            )
        shown = [enlarged_grid(grid, self.image_size, scale) for grid in grids]
        film = FILMS[path.suffix]
        path.write_bytes(film(shown, frame_ms=WALK_FRAME_MS, last_frame_ms=WALK_FRAME_MS))
        return path

    def save(self, path: str | Path) -> Path:
        """Write the generator to a `.keras` file, which `load` reads; raises GeneratorFileError."""
        from kpop_assets.models.generator_files import save_generator

        save_generator(self.model, Path(path))
        return Path(path)


class ConditionalGenerator(Generator):
    """The generator of all covers that is told what a cover is to be, as `load_conditional` gives.

    What it is told goes by the names of its `conditions`; what is left out is left open.
    """

    def __init__(self, model: "keras.Model", conditions: Conditions) -> None:
        super().__init__(model)
        self.conditions = conditions

    def draw(
        self,
        count: int = 16,
        seed: int = 0,
        size: int | None = None,
        truncation: float = 1.0,
        **told: str | float,
    ) -> list[DrawnCover]:
        """Return `count` covers that are told to be so, such as set="girl", year=2012.

        Cover i of one seed grows from the same noise, whatever it is told. Raises ConditionError
        and SamplingError.
        """
        from kpop_assets.models.conditional.sampling import sample_told

        places = np.repeat(self.conditions.places(told)[np.newaxis], count, axis=0)
        drawn = sample_told(self.model, self.conditions, places, seed, truncation)
        return [DrawnCover(_sized(one, size), seed, index) for index, one in enumerate(drawn)]

    def walk(
        self,
        path: str | Path,
        stops: Sequence[Mapping[str, str | float]],
        frames: int = 60,
        seed: int = 0,
        scale: int | None = None,
    ) -> Path:
        """Write a film of covers from fixed noise that are told one stop after the other.

        Such as [{"year": 2010}, {"year": 2020}]. Raises ConditionError, SamplingError and
        FilmFormatError.
        """
        from kpop_assets.models.conditional.sampling import condition_frames

        places = [self.conditions.places(stop) for stop in stops]
        grids = condition_frames(self.model, self.conditions, places, frames, seed)
        return self._write_film(path, grids, scale)


def load_conditional(
    generator: str | Path | None = None, store: str | Path | None = None
) -> ConditionalGenerator:
    """Return the generator that is told what a cover is to be: the current one of the store.

    Or the one named `generator` there, or in that folder. Raises MissingArtifactError,
    DamagedArtifactError, GeneratorFileError and ConditionError.
    """
    root = store if store is not None else Settings.from_environment().store
    beside = Store(root).folder("conditional_generator", ALL_SETS)
    folder = current_folder(beside) if generator is None else beside / generator
    conditions = conditions_of_record(training_record(folder).get("conditions", []))
    return ConditionalGenerator(published_generator(folder), conditions)


def load(
    which: str | Path, generator: str | None = None, store: str | Path | None = None
) -> Generator:
    """Return the generator of a cover set of the store, or the one in a file or a folder.

    `which` is boy, girl, popular or general, a `.keras` file, or a folder that has one. Of a set it
    is the current one, or the one named `generator`, as `kpop where` lists them. `store` is the
    folder of artifacts or its address, that of the settings unless given. Raises
    UnknownCoverSetError, UnknownGeneratorError, MissingArtifactError, DamagedArtifactError and
    GeneratorFileError.
    """
    path = Path(which)
    if path.suffix == ".keras":
        from kpop_assets.models.generator_files import load_generator

        return Generator(load_generator(path))
    if (path / MODEL_FILE).exists():
        return Generator(published_generator(path))
    if (path / CURRENT_FILE).exists():
        return Generator(published_generator(current_folder(path)))
    if which not in COVER_SETS:
        raise UnknownCoverSetError(
            f"expected one of {', '.join(COVER_SETS)}, a .keras file or the folder of a "
            f"generator, got {str(which)!r}"
        )
    root = store if store is not None else Settings.from_environment().store
    return Generator(published_generator(generator_folder(Store(root), str(which), generator)))


def train(
    pictures: Pictures,
    recipe: str | None = None,
    steps: int | None = None,
    checkpoints: str | Path | None = None,
    **settings: Any,
) -> Generator:
    """Train a generator on pictures, squared by their centre, and return it.

    `settings` are those of a training, by name: image_size, batch_size, seed and so on. With a
    folder for `checkpoints` a training that was broken off goes on when it is called again with the
    same pictures and settings. Raises PicturesError, pydantic.ValidationError and what
    models/training.py does.
    """
    from kpop_assets.judge.judge import CoverJudge
    from kpop_assets.models.cover_source import InMemoryCovers
    from kpop_assets.models.settings import TrainingSettings
    from kpop_assets.models.training import train as train_generator
    from kpop_assets.training.host import TrainingHost

    named = {"recipe": recipe, "steps": steps, **settings}
    chosen = TrainingSettings(**{key: value for key, value in named.items() if value is not None})
    covers = InMemoryCovers(square_pictures(pictures, chosen.image_size))
    judge = CoverJudge(covers, chosen.evaluation_samples) if chosen.evaluate_every != 0 else None
    host = TrainingHost(on_step=lambda report: logger.info("%s", report))
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(checkpoints or temporary)
        made = train_generator(covers, chosen, folder, covers.fingerprint, host, judge)
    return Generator(made.generator)


def measure(samples: Pictures, covers: Pictures, size: int = 64) -> dict[str, float]:
    """Return how near samples come to covers: the measures of docs/measures.md, by name.

    Both are brought to `size` pixels, a multiple of 16. Raises PicturesError and QualityError.
    """
    from kpop_assets.judge.judge import CoverJudge

    judge = CoverJudge(square_pictures(covers, size))
    return judge.evaluation(square_pictures(samples, size)).numbers()


def square_pictures(pictures: Pictures, size: int) -> NDArray[np.uint8]:
    """Return pictures as uint8 (N, size, size, 3), cropped to their centre square.

    Files of a folder that are no pictures are passed over with a warning. Raises PicturesError when
    there is no picture.
    """
    found = [np.asarray(squared(one, size)) for one in _opened(pictures)]
    if not found:
        raise PicturesError(f"expected at least one picture, got none from {pictures!r:.100}")
    return np.stack(found)


def _opened(pictures: Pictures) -> Iterable[Image.Image]:
    if isinstance(pictures, np.ndarray):
        return (Image.fromarray(one) for one in pictures)
    if isinstance(pictures, str | Path):
        return _in_folder(Path(pictures))
    return (one.convert("RGB") for one in pictures)


def _in_folder(folder: Path) -> Iterable[Image.Image]:
    from kpop_assets.user_files.regular_files import UnusableFileError, read_regular_file

    if not folder.is_dir():
        raise PicturesError(f"expected a folder of pictures, but there is none at {folder}")
    for path in sorted(folder.iterdir()):
        try:
            yield decoded_cover(read_regular_file(path, MOST_FILE_BYTES))
        except (UnreadablePictureError, UnusableFileError) as error:
            logger.warning("%s is passed over: %s", path.name, error.reason)


def _sized(pixels: NDArray[np.uint8], size: int | None) -> NDArray[np.uint8]:
    if size is None or size == len(pixels):
        return pixels
    return np.asarray(lanczos(Image.fromarray(pixels), (size, size)))
