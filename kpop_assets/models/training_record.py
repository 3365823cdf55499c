"""What the records of all trainings have in common, of covers or of songs."""

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import AfterValidator

from kpop_assets.store.errors import DamagedArtifactError, MissingArtifactError
from kpop_assets.store.folders import stored_folder
from kpop_assets.store.records import file_as_written

if TYPE_CHECKING:
    import keras

Curves = dict[str, list[float | None]]
FRAMES_FOLDER = "frames"
Record = TypeVar("Record", bound=Mapping[str, Any])


def _with_steps(curves: Curves) -> Curves:
    if "step" not in curves:
        raise ValueError("step is missing")
    return curves


CurvesByStep = Annotated[Curves, AfterValidator(_with_steps)]


def record_if_same(
    folder: Path,
    read: Callable[[Path], Record],
    asset: str,
    fingerprint: str,
    warn: Callable[[str], object],
) -> Record | None:
    """Return the record that `read` finds in a folder if it has that fingerprint.

    None, too, when there is no record, or when a file that it names is not as it was written.
    """
    folder = stored_folder(folder)
    try:
        record = read(folder)
        for name in record.get("files", {}):
            file_as_written(folder / name, folder, record.get("files"), asset)
    except MissingArtifactError:
        return None
    except DamagedArtifactError as error:
        warn(f"the training that is there counts as none: {error}")
        return None
    return record if record.get("fingerprint") == fingerprint else None


def weights_hash(network: "keras.Model") -> str:
    """Return the SHA-256 of all weights of a network."""
    weights = b"".join(value.tobytes() for value in network.get_weights())
    return hashlib.sha256(weights).hexdigest()
