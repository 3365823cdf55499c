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
from numpy.typing import NDArray

from benchmarks.quality.marks import NOISE_SEED, NOT_SCORED, Mark, Marks
from benchmarks.quality.pictures import Pictures
from benchmarks.quality.recipes import RUN_SETTINGS
from benchmarks.quality.scores import SAMPLES, Scorer
from benchmarks.quality.single_run import write_json
from kpop_assets.covers.decode import decoded_cover
from kpop_assets.covers.folder import CoversFolder
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
from kpop_assets.training.host import TrainingHost

SETS = ("boy", "girl", "popular", "general")
KINDS = ("boy", "girl", "general")

Draw = Callable[[keras.Model], Pictures]


@dataclasses.dataclass(frozen=True)
class Covers:
    """All covers, uint8 (N, S, S, 3), and `told`, what each is; rows by the set they are in."""

    pictures: Pictures
    told: ToldCovers
    rows: dict[str, NDArray[np.intp]]


def covers_of(folder: CoversFolder, image_size: int) -> Covers:
    """Return the covers of a folder with covers.csv."""
    listed = folder.listing().covers
    kinds = np.array([one.artist_type or "general" for one in listed])
    columns = {"set": kinds.tolist(), "year": [one.year for one in listed]}
    conditions = conditions_of_columns(columns)
    decoded = [decoded_cover(folder.content(one)) for one in listed]
    pictures = [np.asarray(squared(one, image_size)) for one in decoded]
    rows = {name: np.flatnonzero(kinds == name) for name in KINDS}
    rows["popular"] = np.flatnonzero(kinds != "general")
    told = ToldCovers(conditions, conditions.places_of(columns, len(listed)))
    return Covers(np.stack(pictures), told, {name: rows[name] for name in SETS})


@dataclasses.dataclass
class SetScores:
    """Scores samples of some sets at each mark; keeps the scores and the last samples."""

    scorers: dict[str, Scorer]
    draws: dict[str, Draw]
    sheets: str
    rows: list[dict[str, Any]] = dataclasses.field(default_factory=list)
    samples: dict[str, Pictures] = dataclasses.field(default_factory=dict)

    def __call__(self, sampler: keras.Model, mark: Mark) -> Evaluation:
        """Score; the loop is told nothing by which it could choose a generator."""
        self.samples = {name: draw(sampler) for name, draw in self.draws.items()}
        for name, samples in self.samples.items():
            scores = dataclasses.asdict(self.scorers[name].scores(samples))
            self.rows.append({**dataclasses.asdict(mark), "set": name, **scores})
            mark.write_sheet(samples, f"{self.sheets}-{name}")
            told = f"{mark.minutes:g} min, step {mark.step}, {name}"
            print(f"  {told}: KID mb {scores['kid_mb']:.0f}", flush=True)
        return NOT_SCORED


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
    covers = covers_of(CoversFolder(asked.folder), asked.image_size)
    told = covers.told
    scorers = {name: Scorer(covers.pictures[rows]) for name, rows in covers.rows.items()}
    settings = TrainingSettings(
        **RUN_SETTINGS, recipe="drifting", seed=asked.seed, image_size=asked.image_size
    )

    def drawn(sampler: keras.Model, rows: NDArray[np.intp]) -> Pictures:
        places = told.places[rows[np.arange(SAMPLES) % len(rows)]]
        return sample_told(sampler, told.conditions, places, NOISE_SEED)

    def trained(
        name: str, rows: NDArray[np.intp], scores: SetScores, minutes: list[float], rule: Rule
    ) -> None:
        print(f"{name}: {len(rows)} covers", flush=True)
        folder = asked.out / "checkpoints"
        shutil.rmtree(folder, ignore_errors=True)
        marks = Marks(minutes, scores)
        host = TrainingHost(on_step=marks.note_step, should_stop=marks.done)
        train(covers.pictures[rows], settings, folder, name, host, marks, rule=rule)
        shutil.rmtree(folder)

    draws = {name: functools.partial(drawn, rows=rows) for name, rows in covers.rows.items()}
    of_all = SetScores(scorers, draws, str(asked.out / "all"))
    everything = np.arange(len(covers.pictures))
    trained("one for all", everything, of_all, asked.minutes, told.learner)
    alone: list[dict[str, Any]] = []
    for name, rows in covers.rows.items():
        draw = functools.partial(sample_covers, count=SAMPLES, seed=NOISE_SEED)
        scores = SetScores(scorers, {name: draw}, str(asked.out / "alone"))
        minutes = [one / len(SETS) for one in asked.minutes]
        trained(name, rows, scores, minutes, FilledSettings.untrained)
        alone += scores.rows
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
