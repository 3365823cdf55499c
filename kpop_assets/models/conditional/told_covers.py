"""The covers of a training with what they are: what it learns from, shows and is judged by."""

import functools
import hashlib
import json
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.showing.grid import cover_grid
from kpop_assets.models.conditional.conditions import Choice, Conditions
from kpop_assets.models.conditional.learner import ConditionalLearner
from kpop_assets.models.conditional.sampling import sample_told, told_grid
from kpop_assets.models.cover_source import CoverSource
from kpop_assets.models.sampling import frame_layout
from kpop_assets.models.settings import FilledSettings


@dataclass(frozen=True)
class ToldCovers:
    """What each cover is: `places`, float64 (N, conditions), of the covers in their order.

    With `guidance` above 0 what sets covers of a kind apart grows stronger.
    """

    conditions: Conditions
    places: NDArray[np.float64]
    guidance: float = 0.0

    @functools.cached_property
    def digest(self) -> str:
        """A SHA-256 of all that it adds to a training."""
        described = json.dumps([self.conditions.described(), self.guidance]).encode()
        return hashlib.sha256(described + self.places.tobytes()).hexdigest()

    def learner(self, settings: FilledSettings, covers: CoverSource) -> ConditionalLearner:
        """Return an untrained learner of the covers; raises what its constructor does."""
        return ConditionalLearner(settings, covers, self.conditions, self.places, self.guidance)

    def frame(self, generator: keras.Model, seed: int) -> NDArray[np.uint8]:
        """Return a progress frame: a row for each kind of cover, from the same noise."""
        columns, _ = frame_layout(generator.output_shape[1])
        rows = self.conditions.shown()
        return cover_grid(told_grid(generator, self.conditions, rows, columns, seed), columns)

    def samples(self, generator: keras.Model, count: int, seed: int) -> NDArray[np.uint8]:
        """Return `count` generated covers that are told to be as the covers are, evenly chosen."""
        rows = np.arange(count) * len(self.places) // count
        return sample_told(generator, self.conditions, self.places[rows], seed)

    def groups(self, fewest: int) -> dict[str, NDArray[np.intp]]:
        """Return the rows of covers of each value of the first choice that has so many.

        Without a choice, or when none has so many, all are one group.
        """
        for column, field in enumerate(self.conditions.fields):
            if isinstance(field, Choice):
                rows = [np.flatnonzero(self.places[:, column] == at) for at in range(field.width)]
                named = zip(field.values, rows, strict=True)
                found = {name: of_value for name, of_value in named if len(of_value) >= fewest}
                return found or {"all": np.arange(len(self.places))}
        return {"all": np.arange(len(self.places))}
