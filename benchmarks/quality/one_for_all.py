"""Whether one generator that is told the set is better than one for each, in the same minutes.

    python -m benchmarks.quality.one_for_all FOLDER --out OUT --minutes 5 10

FOLDER has covers and a covers.csv with their `file` and `artist_type`: boy and girl are in their
set and in popular, other types in popular alone, none in general. One generator of all covers
trains for the given minutes, and one for each set for a quarter of them. 480 samples of each set
are scored at each time as by quality/recipes.py, against the covers of the set. A classifier that
learned from real covers tells sets of samples apart, too. A column `year` is told as well, where
there is one. Time for scoring does not count.

OUT/scores.json has the numbers, OUT the sheets, which show what was learnt from the covers.
"""

import argparse
import dataclasses
import functools
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from benchmarks.quality.pictures import Pictures
from benchmarks.quality.recipes import RUN_SETTINGS
from benchmarks.quality.scores import SAMPLES, Scorer
from benchmarks.quality.single_run import NOISE_SEED, NOT_SCORED, Stopwatch, write_json
from kpop_assets.covers.decode import decoded_cover
from kpop_assets.covers.showing.grid import cover_grid, png_bytes
from kpop_assets.covers.square import squared
from kpop_assets.insight.contrast.obedience import told_apart
from kpop_assets.judge.judge import FEATURE_SIZE
from kpop_assets.judge.quality import Evaluation
from kpop_assets.models.conditional.conditions import conditions_of_columns
from kpop_assets.models.conditional.sampling import sample_told
from kpop_assets.models.conditional.told_covers import ToldCovers
from kpop_assets.models.sampling import sample_covers
from kpop_assets.models.settings import FilledSettings, TrainingSettings
from kpop_assets.models.training import Rule, train
from kpop_assets.pretrained.mobilenet_v2 import pooled_mobilenet_v2
from kpop_assets.pretrained.pooled_features import pooled_features
from kpop_assets.training.host import StepReport, TrainingHost

SETS = ("boy", "girl", "popular", "general")
KINDS = ("boy", "girl", "general")
SHEET = 48

Draw = Callable[[keras.Model], Pictures]


@dataclasses.dataclass(frozen=True)
class Covers:
    """All covers, uint8 (N, S, S, 3), and `told`, what each is; rows by the set they are in."""

    pictures: Pictures
    told: ToldCovers
    rows: dict[str, NDArray[np.intp]]


def covers_of(folder: Path, image_size: int) -> Covers:
    """Return the covers of a folder with covers.csv."""
    table = pd.read_csv(folder / "covers.csv", dtype=str, keep_default_na=False)
    kinds = table["artist_type"].replace("", "general")
    columns: dict[str, list[str | float | None]] = {"set": kinds.tolist()}
    if "year" in table:
        columns["year"] = [float(year) if year else None for year in table["year"]]
    conditions = conditions_of_columns(columns)
    files = [folder / name for name in table["file"]]
    pictures = [np.asarray(squared(decoded_cover(f.read_bytes()), image_size)) for f in files]
    rows = {name: np.flatnonzero(kinds == name) for name in KINDS}
    rows["popular"] = np.flatnonzero(kinds != "general")
    told = ToldCovers(conditions, conditions.places_of(columns, len(table)))
    return Covers(np.stack(pictures), told, {name: rows[name] for name in SETS})


class Marks:
    """Asked every few steps by the loop; scores samples of each set when the next mark passed."""

    def __init__(
        self, scorers: dict[str, Scorer], draws: dict[str, Draw], minutes: list[float], sheets: str
    ) -> None:
        self._scorers, self._draws, self._sheets = scorers, draws, sheets
        self._ahead = sorted(minutes)
        self._watch = Stopwatch()
        self._step = 0
        self.rows: list[dict[str, Any]] = []
        self.samples: dict[str, Pictures] = {}

    def __call__(self, sampler: keras.Model) -> Evaluation:
        """Score at a mark; the loop is told nothing by which it could choose a generator."""
        wall, cpu = self._watch.wall(), self._watch.cpu()
        if not self.done() and wall >= 60.0 * self._ahead[0]:
            minutes = self._ahead.pop(0)
            self.samples = {name: draw(sampler) for name, draw in self._draws.items()}
            for name, samples in self.samples.items():
                scores = dataclasses.asdict(self._scorers[name].scores(samples))
                about = {"minutes": minutes, "step": self._step, "set": name}
                self.rows.append({**about, **scores})
                sheet = png_bytes(cover_grid(samples[:SHEET], 8))
                Path(f"{self._sheets}-{name}-{minutes:g}min.png").write_bytes(sheet)
                print(
                    f"  {minutes:g} min, step {self._step}, {name}: KID mb {scores['kid_mb']:.0f}",
                    flush=True,
                )
            self._watch.skip_since(wall, cpu)
        return NOT_SCORED

    def note_step(self, report: StepReport) -> None:
        """Remember how far the training is."""
        self._step = report.step

    def done(self) -> bool:
        """Whether all marks have passed."""
        return not self._ahead


def main() -> None:
    """Train one for all and one for each set, and write what they score."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="covers and covers.csv")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--minutes", type=float, nargs="+", default=[5, 10])
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--image-size", type=int, default=64)
    asked = parser.parse_args()
    asked.out.mkdir(parents=True, exist_ok=True)
    covers = covers_of(asked.folder, asked.image_size)
    told = covers.told
    scorers = {name: Scorer(covers.pictures[rows]) for name, rows in covers.rows.items()}
    settings = TrainingSettings(
        **RUN_SETTINGS, recipe="drifting", seed=asked.seed, image_size=asked.image_size
    )

    def drawn(sampler: keras.Model, rows: NDArray[np.intp]) -> Pictures:
        places = told.places[rows[np.arange(SAMPLES) % len(rows)]]
        return sample_told(sampler, told.conditions, places, NOISE_SEED)

    def trained(name: str, rows: NDArray[np.intp], marks: Marks, rule: Rule) -> None:
        print(f"{name}: {len(rows)} covers", flush=True)
        folder = asked.out / "checkpoints"
        shutil.rmtree(folder, ignore_errors=True)
        host = TrainingHost(on_step=marks.note_step, should_stop=marks.done)
        train(covers.pictures[rows], settings, folder, name, host, marks, rule=rule)
        shutil.rmtree(folder)

    def marks_of(name: str, draws: dict[str, Draw], minutes: list[float]) -> Marks:
        return Marks(scorers, draws, minutes, str(asked.out / name))

    draws = {name: functools.partial(drawn, rows=rows) for name, rows in covers.rows.items()}
    of_all = marks_of("all", draws, asked.minutes)
    trained("one for all", np.arange(len(covers.pictures)), of_all, told.learner)
    alone: list[dict[str, Any]] = []
    for name, rows in covers.rows.items():
        draw = functools.partial(sample_covers, count=SAMPLES, seed=NOISE_SEED)
        marks = marks_of("alone", {name: draw}, [one / len(SETS) for one in asked.minutes])
        trained(name, rows, marks, FilledSettings.untrained)
        alone += marks.rows
    network = pooled_mobilenet_v2(FEATURE_SIZE)

    def seen(pictures: Pictures) -> NDArray[np.float32]:
        return np.asarray(pooled_features(network, pictures, FEATURE_SIZE))

    real = {name: seen(covers.pictures[covers.rows[name]]) for name in KINDS}
    pairs = told_apart(real, {name: seen(of_all.samples[name]) for name in KINDS})
    result = {
        "covers": {name: len(rows) for name, rows in covers.rows.items()},
        "one_for_all": of_all.rows,
        "alone": alone,
        "told_apart": [dataclasses.asdict(one) for one in pairs],
    }
    write_json(asked.out / "scores.json", result)


if __name__ == "__main__":
    main()
