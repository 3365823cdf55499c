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
from pathlib import Path
from typing import Any

import keras

from benchmarks.quality.marks import NOISE_SEED, Mark, Marks
from benchmarks.quality.pictures import covers_in
from benchmarks.quality.scores import SAMPLES, Scorer
from benchmarks.training.peers import matmul
from kpop_assets.errors import KpopAssetsError
from kpop_assets.judge.quality import Evaluation
from kpop_assets.models.sampling import sample_covers
from kpop_assets.models.settings import TrainingSettings
from kpop_assets.models.training import train
from kpop_assets.store.files import atomic_file
from kpop_assets.training.host import TrainingHost
from kpop_assets.training.trained_networks import read_networks, write_networks


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
    rows: list[dict[str, float]] = []

    def evaluation(sampler: keras.Model, mark: Mark) -> Evaluation:
        samples = sample_covers(sampler, plan.samples, NOISE_SEED)
        scores = scorer.scores(samples)
        rows.append(dataclasses.asdict(mark) | dataclasses.asdict(scores))
        mark.write_sheet(samples, plan.sheets)
        print(f"  {mark.minutes:g} min, step {mark.step}: KID mb {scores.kid_mb:.0f}", flush=True)
        return scores.evaluation()

    folder = Path(plan.checkpoints)
    shutil.rmtree(folder, ignore_errors=True)
    parent = os.getppid()
    marks = Marks(plan.minutes, evaluation)

    def ended() -> bool:
        if os.getppid() != parent:
            raise SystemExit("the benchmark was ended, so this run ends, too")
        return marks.done()

    failure = None
    try:
        start = read_networks(Path(plan.start)) if plan.start else None
        host = TrainingHost(on_step=marks.note_step, should_stop=ended)
        trained = train(covers, settings, folder, "quality benchmark", host, marks, start)
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
        "scoring_seconds": marks.watch.paused,
        "failure": failure,
        "marks": rows,
    }


def write_json(path: Path, content: object) -> None:
    """Write in one instant, so that a file that is there is whole."""
    with atomic_file(path) as file:
        file.write(json.dumps(content, indent=1).encode())


if __name__ == "__main__":
    plan = Plan(**json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
    write_json(Path(plan.result), run(plan))
