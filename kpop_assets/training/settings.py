"""The tunables that all trainings have, whatever they learn."""

import hashlib
import json
import math
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from kpop_assets.training.cadence import Cadence


def _positive(value: int) -> int:
    if value < 1:
        raise ValueError(
            f"expected a whole number of 1 or more, got {value}; "
            "raise it, or leave the field out to take its default"
        )
    return value


def _possible_evaluations(value: int) -> int:
    if value < 0:
        raise ValueError(f"expected 0 or more steps, got {value}; 0 never evaluates")
    return value


def _positive_rate(value: float) -> float:
    if not (math.isfinite(value) and value > 0):
        raise ValueError(
            f"expected a finite learning rate above 0, got {value}; try values around 0.001"
        )
    return value


def _below_one(value: float) -> float:
    if not 0 <= value < 1:
        raise ValueError(
            f"expected a number from 0 up to but not including 1, got {value}; "
            "change it, or leave the field out to take its default"
        )
    return value


def _possible_seed(value: int) -> int:
    if not 0 <= value < 2**31:
        raise ValueError(
            f"expected a whole number from 0 to {2**31 - 1}, got {value}; 0 is the default"
        )
    return value


Count = Annotated[int, AfterValidator(_positive)]
Fraction = Annotated[float, AfterValidator(_below_one)]
LearningRate = Annotated[float, AfterValidator(_positive_rate)]
StepsOrNever = Annotated[int, AfterValidator(_possible_evaluations)]
Seed = Annotated[int, AfterValidator(_possible_seed)]


class RunSettings(BaseModel):
    """Tunables of a training; what is left empty is the recipe's own choice.

    Raises pydantic.ValidationError with a message that says what was expected and what came.
    """

    model_config = ConfigDict(extra="forbid")

    without_effect: ClassVar[frozenset[str]] = frozenset(
        {
            *("frame_every", "checkpoint_every", "checkpoint_seconds"),
            *("log_every", "log_seconds", "observe_every"),
        }
    )
    """Fields that decide what a training stores and reports, not what it learns."""

    recipe: str
    steps: Count | None = None
    batch_size: Count | None = None
    seed: Seed = 0
    frame_every: Count | None = None
    checkpoint_every: Count = Field(
        default=200,
        description="Steps between two checkpoints: what a killed run loses at most.",
    )
    checkpoint_seconds: Count = Field(
        default=600,
        description="Seconds after which a checkpoint is written in any case, for steps that are "
        "long. A run that goes back after a loss that is not finite may go back to it.",
    )
    log_every: Count = Field(
        default=20,
        description="Steps between two reports of losses, speed and time left.",
    )
    log_seconds: Count = Field(
        default=60, description="Seconds after which there is a report in any case."
    )
    observe_every: Count = Field(
        default=200,
        description="Steps between two observations of the running training in the asset catalog; "
        "each comes with the next report.",
    )
    evaluate_every: StepsOrNever | None = None


class FilledRunSettings(RunSettings):
    """Settings without an empty field."""

    steps: Count
    batch_size: Count
    frame_every: Count
    evaluate_every: StepsOrNever

    def cadence(self) -> Cadence:
        """Return how often the training does what."""
        return Cadence(
            self.steps,
            self.log_every,
            self.log_seconds,
            self.frame_every,
            self.evaluate_every,
            self.checkpoint_every,
            self.checkpoint_seconds,
        )

    def deciding(self) -> dict[str, Any]:
        """Return the settings that decide the numbers of a training, but for how long it is."""
        return self.model_dump(mode="json", exclude={"steps", *self.without_effect})

    def digits(self, fingerprint: str | None) -> str:
        """Return six digits of the fingerprint; without one, of what decides the numbers."""
        decides = json.dumps(self.deciding(), sort_keys=True).encode()
        return (fingerprint or hashlib.sha256(decides).hexdigest())[:6]
