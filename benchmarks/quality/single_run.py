"""One training of the quality benchmark, in a process of its own: reads a plan, writes a result.

    python -m benchmarks.quality.single_run PLAN.json

benchmarks/quality/recipes.py writes the plan, a JSON object with the fields of Plan.
"""

import dataclasses
import hashlib
import json
import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import keras

from benchmarks.quality.pictures import covers_in
from benchmarks.quality.scores import SAMPLES, Scorer
from benchmarks.training.peers import matmul
from kpop_assets.covers.showing.grid import cover_grid, png_bytes
from kpop_assets.errors import KpopAssetsError
from kpop_assets.judge.quality import Evaluation, Quality
from kpop_assets.judge.texture import Texture
from kpop_assets.models.sampling import sample_covers
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.models.training import train
from kpop_assets.store.files import atomic_file
from kpop_assets.training.host import StepReport, TrainingHost
from kpop_assets.training.trained_networks import read_networks, write_networks

SHEET_COLUMNS, SHEET_ROWS = 8, 6
NOISE_SEED = 20_000
NOT_SCORED = Evaluation(
    Quality(*[float("inf")] * len(dataclasses.fields(Quality))),
    Texture({64: float("inf")}, 0.0, 0.0, 0.0),
)


@dataclasses.dataclass(frozen=True)
class Plan:
    """A run: `variant` names the recipe and what differs from its defaults, `minutes` the marks.

    `settings` go to TrainingSettings. The result goes to `result`, sheets to names that begin with
    `sheets`, checkpoints into `checkpoints`, which is emptied before and removed after. The
    networks begin as those in the file `start` and end in the file `networks`, if given.
    """

    cover_set: str
    variant: str
    seed: int
    covers: str
    settings: dict[str, Any]
    minutes: list[float]
    result: str
    sheets: str
    checkpoints: str
    samples: int = SAMPLES
    start: str | None = None
    networks: str | None = None

    def identity(self) -> dict[str, Any]:
        """Return what a result must agree in to stand for this run."""
        fields = ("cover_set", "variant", "seed", "settings", "minutes", "samples")
        identity = {name: getattr(self, name) for name in fields}
        if self.start:
            identity["start"] = hashlib.sha256(Path(self.start).read_bytes()).hexdigest()
        return identity


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


class MarkJudge:
    """Asked every few steps by the loop; scores the sampler when the next mark has passed."""

    def __init__(self, plan: Plan, scorer: Scorer, watch: Stopwatch) -> None:
        self._plan, self._scorer, self._watch = plan, scorer, watch
        self._ahead = list(plan.minutes)
        self.marks: list[dict[str, float]] = []
        self._parent = os.getppid()
        self.step = 0

    def note_step(self, report: StepReport) -> None:
        """Remember how far the training is."""
        self.step = report.step

    def __call__(self, sampler: keras.Model) -> Evaluation:
        """Return the evaluation at a mark, NOT_SCORED between two."""
        wall, cpu = self._watch.wall(), self._watch.cpu()
        passed = [minutes for minutes in self._ahead if wall >= 60.0 * minutes]
        if not passed:
            return NOT_SCORED
        self._ahead = self._ahead[len(passed) :]
        samples = sample_covers(sampler, self._plan.samples, NOISE_SEED)
        scores = self._scorer.scores(samples)
        row = {"step": self.step, "wall_seconds": wall, "cpu_seconds": cpu}
        row |= dataclasses.asdict(scores)
        self.marks += [{"minutes": minutes, **row} for minutes in passed]
        grid = cover_grid(samples[: SHEET_COLUMNS * SHEET_ROWS], SHEET_COLUMNS)
        Path(f"{self._plan.sheets}-{passed[-1]:g}min.png").write_bytes(png_bytes(grid))
        print(f"  {passed[-1]:g} min, step {self.step}: KID mb {scores.kid_mb:.0f}", flush=True)
        self._watch.skip_since(wall, cpu)
        return Evaluation(
            Quality(
                kid=scores.kid_mb,
                coverage=scores.coverage_mb,
                used=scores.used_mb,
                copies=scores.copies,
                nearest_ratio=scores.nearest_ratio_mb,
                diversity=scores.diversity_mb,
            ),
            Texture(scores.swd_levels, scores.fineness, scores.peak, scores.repeats),
        )

    def done(self) -> bool:
        """Whether all marks are scored; raises SystemExit once the benchmark itself has ended."""
        if os.getppid() != self._parent:
            raise SystemExit("the benchmark was ended, so this run ends, too")
        return not self._ahead


def run(plan: Plan) -> dict[str, Any]:
    """Train until the last mark is scored; return the result.

    The clock starts with the training, so building the networks and their graph counts, and stands
    still while samples are made and scored. A training that ends in a named error has the marks
    until then, and the error.
    """
    settings = TrainingSettings(**plan.settings).for_cover_set(plan.cover_set)
    covers = covers_in(Path(plan.covers), settings.image_size)
    scorer = Scorer(covers)
    peak = matmul.peak_gflops()
    folder = Path(plan.checkpoints)
    shutil.rmtree(folder, ignore_errors=True)
    watch = Stopwatch()
    judge = MarkJudge(plan, scorer, watch)
    host = TrainingHost(on_step=judge.note_step, should_stop=judge.done)
    failure = None
    try:
        start = read_networks(Path(plan.start)) if plan.start else None
        trained = train(covers, settings, folder, "quality benchmark", host, judge, start)
        if plan.networks:
            write_networks(Path(plan.networks), trained.networks)
    except KpopAssetsError as error:
        failure = str(error)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return {
        **plan.identity(),
        "covers": len(covers),
        "cores": len(os.sched_getaffinity(0)),
        "float32_peak_gflops": round(peak),
        "scoring_seconds": watch.paused,
        "failure": failure,
        "marks": judge.marks,
    }


def write_json(path: Path, content: object) -> None:
    """Write in one instant, so that a file that is there is whole."""
    with atomic_file(path) as file:
        file.write(json.dumps(content, indent=1).encode())


if __name__ == "__main__":
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    write_json(Path(plan.result), run(plan))
