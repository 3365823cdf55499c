"""Checkpoints of a training run: written whole, verified before they are read, the last two stay.

A checkpoint is an .npz archive without pickled objects. Its archive comment is the SHA-256 of every
byte before the comment, so a torn or altered file is known before anything in it is parsed.
"""

import io
import json
import pathlib
import re
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from kpop_assets.store.errors import StoreWriteError
from kpop_assets.store.files import atomic_file
from kpop_assets.training.checkpoint_seal import DIGEST_CHARACTERS, is_sealed, seal_of
from kpop_assets.training.errors import CheckpointReadError, CheckpointWriteError

MOST_CHECKPOINTS = 2
_NAME = re.compile(r"checkpoint-(\d+)\.npz")


@dataclass(frozen=True)
class Checkpoint:
    """The state of a run after `step` steps.

    `variables` are the arrays of the networks and optimizers by name; `losses` is float32
    (step, losses of the recipe); `fingerprint` names the training it belongs to; `attempt` counts
    how often it went back after a loss that was not finite. `evaluations` are the numbers of each
    evaluation so far, and `best` the weights of the sampler with the best of them, none before the
    first.
    """

    step: int
    seed: int
    fingerprint: str
    losses: np.ndarray
    variables: Mapping[str, np.ndarray]
    attempt: int = 0
    evaluations: Sequence[Mapping[str, float]] = ()
    best: Sequence[np.ndarray] = ()


def checkpoint_path(folder: pathlib.Path, step: int) -> pathlib.Path:
    """Return where the checkpoint of `step` lies."""
    return folder / f"checkpoint-{step}.npz"


def write_checkpoint(folder: pathlib.Path, checkpoint: Checkpoint) -> None:
    """Write the checkpoint in one instant and remove all but it and the one before.

    What killed runs left unfinished is removed first. One run at a time may write to a folder.
    Raises CheckpointWriteError when the disk refuses; the checkpoints that were there before then
    still are.
    """
    path = checkpoint_path(folder, checkpoint.step)
    try:
        for unfinished in folder.glob(".checkpoint-*.tmp"):
            unfinished.unlink()
        with atomic_file(path) as file:
            file.write(_sealed_archive(checkpoint))
        before = [step for step in checkpoint_steps(folder) if step < checkpoint.step]
        staying = {checkpoint.step, *before[-(MOST_CHECKPOINTS - 1) :]}
        for step in set(checkpoint_steps(folder)) - staying:
            checkpoint_path(folder, step).unlink()
    except (OSError, StoreWriteError) as error:
        reason = error.reason if isinstance(error, StoreWriteError) else error
        raise CheckpointWriteError(
            f"Expected to write the checkpoint of step {checkpoint.step} to {path}, got: {reason}; "
            "free some disk space or check the folder's permissions, then run again: training "
            "goes on from the checkpoint before."
        ) from error


def latest_checkpoint(
    folder: pathlib.Path, fingerprint: str, last_step: int, warn: Callable[[str], None]
) -> Checkpoint | None:
    """Return the newest intact checkpoint of this training at or before `last_step`, or None.

    Every later one is removed with a warning: it is damaged, of another training, or past
    `last_step`. So what is left never lies ahead of the frames that the host keeps.
    Raises CheckpointReadError when the disk refuses.
    """
    try:
        for step in reversed(checkpoint_steps(folder)):
            path = checkpoint_path(folder, step)
            if step > last_step:
                warn(f"Checkpoint {path} is of a longer training; it is removed.")
            elif (checkpoint := _unsealed(path.read_bytes())) is None or checkpoint.step != step:
                warn(f"Checkpoint {path} is damaged; it is removed and the one before is used.")
            elif checkpoint.fingerprint != fingerprint:
                warn(f"Checkpoint {path} belongs to other covers or settings; it is removed.")
            else:
                return checkpoint
            path.unlink()
    except OSError as error:
        raise CheckpointReadError(
            f"Expected to read the checkpoints in {folder}, got: {error}; "
            "check the folder's permissions, or remove it to train from the start."
        ) from error
    return None


def checkpoint_steps(folder: pathlib.Path) -> list[int]:
    """Return the steps of the checkpoints in `folder`, ascending; none when there is no folder."""
    if not folder.exists():
        return []
    matches = (_NAME.fullmatch(path.name) for path in folder.iterdir())
    return sorted(int(match[1]) for match in matches if match)


def _sealed_archive(checkpoint: Checkpoint) -> bytearray:
    buffer = io.BytesIO()
    np.savez(
        buffer,
        allow_pickle=False,
        step=np.int64(checkpoint.step),
        seed=np.int64(checkpoint.seed),
        fingerprint=np.array(checkpoint.fingerprint),
        losses=checkpoint.losses,
        attempt=np.int64(checkpoint.attempt),
        evaluations=np.array(json.dumps([dict(row) for row in checkpoint.evaluations])),
        **{f"best/{index:03d}": value for index, value in enumerate(checkpoint.best)},
        **{f"variables/{name}": value for name, value in checkpoint.variables.items()},
    )
    with zipfile.ZipFile(buffer, "a") as archive:
        archive.comment = b"0" * DIGEST_CHARACTERS
    sealed = bytearray(buffer.getbuffer())
    sealed[-DIGEST_CHARACTERS:] = seal_of(memoryview(sealed)[:-DIGEST_CHARACTERS])
    return sealed


def _unsealed(data: bytes) -> Checkpoint | None:
    """Return the checkpoint in the bytes of a file, or None when they are not as written."""
    if not is_sealed(data):
        return None
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
            return Checkpoint(
                step=int(arrays["step"]),
                seed=int(arrays["seed"]),
                fingerprint=str(arrays["fingerprint"]),
                losses=arrays["losses"],
                variables={
                    key.removeprefix("variables/"): arrays[key]
                    for key in arrays.files
                    if key.startswith("variables/")
                },
                attempt=int(arrays["attempt"]),
                evaluations=json.loads(str(arrays["evaluations"])),
                best=[arrays[key] for key in sorted(arrays.files) if key.startswith("best/")],
            )
    except (ValueError, KeyError, zipfile.BadZipFile):
        return None
