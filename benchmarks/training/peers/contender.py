"""What the benchmark asks of each contender; loaded with TensorFlow or PyTorch or neither."""

import math
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Turn:
    """A number of steps: wall and processor seconds of one step, and the last loss."""

    seconds: float
    processor_seconds: float
    loss: float

    def __post_init__(self) -> None:
        if not math.isfinite(self.loss):
            raise ValueError(f"expected a finite loss after a turn, got {self.loss}")

    def as_dict(self) -> dict[str, float]:
        """Return the fields by name."""
        return asdict(self)


@dataclass(frozen=True)
class Task:
    """What to train on: a batch size, a folder of JPEGs, and the same pictures at 64 px.

    `small` is a file of uint8 (N, 64, 64, 3) without a header.
    """

    batch: int
    jpegs: Path
    small: Path


@dataclass(frozen=True)
class Contender:
    """A way to train: `turn` takes so many steps; `flops` are counted for one whole step."""

    turn: Callable[[int], Turn]
    flops: float


class Stopwatch:
    """Wall and processor time since it was made."""

    def __init__(self) -> None:
        self._wall, self._processor = time.perf_counter(), time.process_time()

    def turn(self, steps: int, loss: float) -> Turn:
        """Return the time of each of `steps` steps."""
        wall = time.perf_counter() - self._wall
        processor = time.process_time() - self._processor
        return Turn(wall / steps, processor / steps, loss)


def looped(step: Callable[[], Any], loss: Callable[[Any], float]) -> Callable[[int], Turn]:
    """Return a turn that calls `step` again and again.

    `loss` turns what the last step returned into a number, and by that waits until it is done.
    One step before is not timed, so that each turn begins with its memory warm.
    """

    def turn(steps: int) -> Turn:
        loss(step())
        stopwatch = Stopwatch()
        for _ in range(steps):
            returned = step()
        return stopwatch.turn(steps, loss(returned))

    return turn
