"""Trained generators as `.keras` files."""

import contextlib
import pathlib

import keras

from kpop_assets.models.errors import GeneratorFileError
from kpop_assets.store.files import replace_durably


def save_generator(generator: keras.Model, path: pathlib.Path) -> None:
    """Write the generator to `path`, a local `.keras` file, replacing it in one instant.

    Raises GeneratorFileError when the name does not end in .keras or the disk refuses.
    """
    if path.suffix != ".keras":
        raise GeneratorFileError(
            f"Expected a file name that ends in .keras, got {path.name}; rename it."
        )
    partial = path.with_name(f"{path.stem}.partial.keras")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        generator.save(partial)
        replace_durably(partial, path)
    except OSError as error:
        with contextlib.suppress(OSError):
            partial.unlink()
        raise GeneratorFileError(
            f"Expected to write a generator to {path}, got: {error}; "
            "check free space and permissions of the folder."
        ) from error


def load_generator(path: pathlib.Path) -> keras.Model:
    """Read a generator from `path`, a local `.keras` file, without running code stored in it.

    Raises GeneratorFileError when the file is missing, damaged or not a cover generator.
    """
    try:
        generator = keras.saving.load_model(path, compile=False, safe_mode=True)
    except Exception as error:
        raise GeneratorFileError(
            f"Expected a generator in the .keras format at {path}, got: {error}; "
            "train the generator again to replace the file."
        ) from error
    if not _makes_covers(generator):
        raise GeneratorFileError(
            f"Expected {path} to hold a model from noise (1, 1, Z) to square pictures (S, S, 3), "
            f"got {generator.name!r} from {getattr(generator, 'input_shape', None)} to "
            f"{getattr(generator, 'output_shape', None)}; train the generator again."
        )
    return generator


def _makes_covers(model: object) -> bool:
    match getattr(model, "input_shape", None), getattr(model, "output_shape", None):
        case (None, 1, 1, int()), (None, int(height), int(width), 3):
            return height == width
        case _:
            return False
