"""The minutes at which a training is scored, by a watch that stands still meanwhile."""

import dataclasses
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import keras

from benchmarks.quality.pictures import Pictures
from kpop_assets.covers.showing.grid import cover_grid, png_bytes
from kpop_assets.judge.quality import Evaluation, Quality
from kpop_assets.judge.texture import Texture
from kpop_assets.training.host import StepReport

SHEET_COLUMNS, SHEET_ROWS = 8, 6
NOISE_SEED = 20_000
NOT_SCORED = Evaluation(
    Quality(*[float("inf")] * len(dataclasses.fields(Quality))),
    Texture({64: float("inf")}, 0.0, 0.0, 0.0),
)


@dataclasses.dataclass(frozen=True)
class Mark:
    """Where a training stood when a mark had passed."""

    minutes: float
    step: int
    wall_seconds: float
    cpu_seconds: float

    def write_sheet(self, samples: Pictures, name: str) -> None:
        """Write the first of the samples to NAME-MINUTESmin.png."""
        sheet = cover_grid(samples[: SHEET_COLUMNS * SHEET_ROWS], SHEET_COLUMNS)
        Path(f"{name}-{self.minutes:g}min.png").write_bytes(png_bytes(sheet))


class Stopwatch:
    """Wall and CPU seconds since it was made, without those spent in pauses."""

    def __init__(self) -> None:
        self._wall, self._cpu = time.monotonic(), time.process_time()
        self.paused = 0.0

    def wall(self) -> float:
        """Return the wall seconds so far."""
        return time.monotonic() - self._wall

    def cpu(self) -> float:
        """Return the CPU seconds so far, of all threads."""
        return time.process_time() - self._cpu

    def skip_since(self, wall: float, cpu: float) -> None:
        """Take out what passed since the watch showed `wall` and `cpu`."""
        pause = self.wall() - wall
        self._wall += pause
        self._cpu += self.cpu() - cpu
        self.paused += pause


class Marks:
    """Asked every few steps by the loop; has the sampler scored when the next mark has passed."""

    def __init__(
        self,
        minutes: Sequence[float],
        score: Callable[[keras.Model, Mark], Evaluation],
    ) -> None:
        """Start the watch. `score` returns what the best generator is chosen by."""
        self._ahead = sorted(minutes)
        self._score = score
        self._step = 0
        self.watch = Stopwatch()

    def __call__(self, sampler: keras.Model) -> Evaluation:
        """Return the evaluation at a mark, NOT_SCORED between two."""
        wall, cpu = self.watch.wall(), self.watch.cpu()
        if self.done() or wall < 60.0 * self._ahead[0]:
            return NOT_SCORED
        mark = Mark(self._ahead.pop(0), self._step, wall, cpu)
        evaluation = self._score(sampler, mark)
        self.watch.skip_since(wall, cpu)
        return evaluation

    def done(self) -> bool:
        """Whether all marks are scored."""
        return not self._ahead

    def note_step(self, report: StepReport) -> None:
        """Remember how far the training is."""
        self._step = report.step
