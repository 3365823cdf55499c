"""The judge of a generator that is told what covers are to be: each kind against its own covers."""

from collections.abc import Mapping
from dataclasses import dataclass

import keras
import numpy as np

from kpop_assets.judge.judge import MOST_COVERS, SAMPLES, CoverJudge
from kpop_assets.judge.quality import Evaluation
from kpop_assets.models.conditional.sampling import sample_told
from kpop_assets.models.conditional.told_covers import ToldCovers
from kpop_assets.models.cover_source import CoverSource, spread_rows

FEWEST_COVERS = 10
"""Covers of a kind below which measures against them say little."""
SHOWN = ("kid", "coverage", "used", "copies", "diversity", "swd")
"""Measures of each kind that an evaluation tells."""


@dataclass(frozen=True)
class ConditionalEvaluation:
    """What a judge says of covers of each kind, by its name; the lower the score, the better."""

    kinds: Mapping[str, Evaluation]

    @property
    def score(self) -> float:
        """The mean of the kinds' scores: a kind of few covers counts as much as one of many."""
        return float(np.mean([one.score for one in self.kinds.values()]))

    def warning(self) -> str | None:
        """Return what a person should know of some kinds, if anything."""
        warnings = [
            f"{kind}: {text}" for kind, one in self.kinds.items() if (text := one.warning())
        ]
        return " ".join(warnings) or None

    def numbers(self) -> dict[str, float]:
        """Return the score, and measures of each kind by name, such as kid_girl."""
        found = {"score": self.score}
        for kind, one in self.kinds.items():
            numbers = one.numbers()
            found |= {f"{name}_{kind}": numbers[name] for name in SHOWN}
        return found


class ConditionalJudge:
    """Scores generators by samples of each kind, from fixed noise.

    Kinds are the values of the first choice that have ten covers or more. Samples of a kind are
    told to be as its covers are.
    """

    def __init__(
        self, covers: CoverSource, told: ToldCovers, samples: int = SAMPLES, seed: int = 0
    ) -> None:
        """Share `samples` by the kinds; raises what CoverJudge does."""
        groups = told.groups(FEWEST_COVERS)
        self._conditions = told.conditions
        self._seed = seed
        self._places = {}
        self._judges = {}
        each = max(2, samples // len(groups))
        for kind, rows in groups.items():
            chosen = rows[spread_rows(len(rows), MOST_COVERS)]
            self._judges[kind] = CoverJudge(covers.pictures(chosen), each, seed)
            self._places[kind] = told.places[rows[np.arange(each) % len(rows)]]

    def __call__(self, sampler: keras.Model) -> ConditionalEvaluation:
        """Return the evaluation of a generator."""
        return ConditionalEvaluation(
            {
                kind: judge.evaluation(
                    sample_told(sampler, self._conditions, self._places[kind], self._seed)
                )
                for kind, judge in self._judges.items()
            }
        )
