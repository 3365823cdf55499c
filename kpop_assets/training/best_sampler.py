"""The sampler with the best evaluation so far, and the curve of evaluations."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import keras
import numpy as np


class Evaluation(Protocol):
    """What a judge says of a sampler; the lower the score, the better."""

    @property
    def score(self) -> float:
        """What samplers are compared by."""
        ...

    def numbers(self) -> dict[str, float]:
        """Return the score and what it is made of, by name."""
        ...

    def warning(self) -> str | None:
        """Return what a person should know of it, if anything."""
        ...


Judge = Callable[[keras.Model], Evaluation]


class BestSampler:
    """Keeps the numbers of all evaluations and the weights of the best."""

    def __init__(self, judge: Judge | None) -> None:
        self._judge = judge
        self.evaluations: list[dict[str, float]] = []
        self.weights: list[np.ndarray] = []

    @property
    def judges(self) -> bool:
        """Whether there is a judge."""
        return self._judge is not None

    def evaluate(
        self, step: int, sampler: keras.Model, warn: Callable[[str], None]
    ) -> Mapping[str, float]:
        """Ask the judge and keep the sampler if it is the best yet; return its numbers."""
        assert self._judge is not None
        evaluation = self._judge(sampler)
        if not self.evaluations or _rank(evaluation.score) < _rank(self._best()["score"]):
            self.weights = sampler.get_weights()
        numbers = evaluation.numbers()
        self.evaluations.append({"step": step, **numbers})
        if warning := evaluation.warning():
            warn(f"Step {step}: {warning}")
        return numbers

    def restore(self, sampler: keras.Model) -> int | None:
        """Give the sampler the best weights and return their step, or None when there are none."""
        if not self.evaluations:
            return None
        sampler.set_weights(self.weights)
        return int(self._best()["step"])

    def take_over(
        self, evaluations: Sequence[Mapping[str, float]], weights: Sequence[np.ndarray]
    ) -> None:
        """Resume from the evaluations and weights of a checkpoint."""
        self.evaluations = [dict(row) for row in evaluations]
        self.weights = list(weights)

    def _best(self) -> dict[str, float]:
        return min(self.evaluations, key=lambda row: _rank(row["score"]))


def _rank(score: float) -> float:
    """Return the score to compare by: what is no number is worse than any."""
    return math.inf if math.isnan(score) else score
