"""The tunables of a training on songs, described for the person who sets them."""

import hashlib
import json
import math
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from kpop_assets.models.songs.recipes import DEFAULT_SONG_RECIPE, SONG_RECIPES, empty_means
from kpop_assets.training.cadence import Cadence

WITHOUT_EFFECT_ON_NUMBERS = frozenset(
    {"frame_every", "checkpoint_every", "checkpoint_seconds", "log_every", "log_seconds"}
)
"""Fields that decide what a training stores and reports, not what it learns."""


class SongSettings(BaseModel):
    """Tunables of a network of songs; what is left empty is the recipe's own choice.

    Raises pydantic.ValidationError with a message that says what was expected and what came.
    """

    model_config = ConfigDict(extra="forbid")

    recipe: str = Field(
        default=DEFAULT_SONG_RECIPE,
        description="How the network reads songs. "
        + " ".join(f"{name}: {recipe.description}." for name, recipe in SONG_RECIPES.items()),
    )
    steps: int | None = Field(
        default=None, description=f"Number of training steps. {empty_means('steps')}"
    )
    batch_size: int | None = Field(
        default=None, description=f"Windows in a batch. {empty_means('batch_size')}"
    )
    window: int | None = Field(
        default=None,
        description=f"Tokens in a window; an onset has about six. {empty_means('window')}",
    )
    width: int | None = Field(
        default=None, description=f"Units of each LSTM layer. {empty_means('width')}"
    )
    layers: int | None = Field(default=None, description=f"LSTM layers. {empty_means('layers')}")
    learning_rate: float | None = Field(
        default=None,
        description="Adam learning rate, per step; it falls with the square root of the number of "
        f"steps, from the 150th on. {empty_means('learning_rate')}",
    )
    dropout: float | None = Field(
        default=None,
        description="Share of numbers left out between the layers while training, from 0 up to but "
        f"not including 1. {empty_means('dropout')}",
    )
    weight_decay: float | None = Field(
        default=None,
        description="How much of each weight fades with a step, from 0 up to but not including 1. "
        f"{empty_means('weight_decay')}",
    )
    share_of_more: float = Field(
        default=0.5,
        description="How much of what is learnt from is of the additional songs, if there are any.",
    )
    seed: int = Field(
        default=0,
        description="Seed of everything random: first weights, windows, keys and dropout. The same "
        "seed, settings and songs give the same network on the same machine.",
    )
    frame_every: int | None = Field(
        default=None, description=f"Steps between two progress frames. {empty_means('frame_every')}"
    )
    checkpoint_every: int = Field(
        default=100, description="Steps between two checkpoints: what a killed run loses at most."
    )
    checkpoint_seconds: int = Field(
        default=600, description="Seconds after which a checkpoint is written in any case."
    )
    log_every: int = Field(
        default=20, description="Steps between two reports of losses, speed and time left."
    )
    log_seconds: int = Field(
        default=60, description="Seconds after which there is a report in any case."
    )
    evaluate_every: int | None = Field(
        default=None,
        description="Steps between two evaluations on songs held out; the network with the fewest "
        "bits an onset is the result. 0 never evaluates: the result is the last one. "
        f"{empty_means('evaluate_every')}",
    )

    @field_validator("recipe")
    @classmethod
    def _recipe_is_known(cls, value: str) -> str:
        if value not in SONG_RECIPES:
            raise ValueError(
                f"expected one of {', '.join(SONG_RECIPES)}, got {value!r}; choose one of them, "
                "or leave the field out"
            )
        return value

    @field_validator(
        *("steps", "batch_size", "width", "layers", "frame_every"),
        *("checkpoint_every", "checkpoint_seconds", "log_every", "log_seconds"),
    )
    @classmethod
    def _count_is_positive(cls, value: int | None) -> int | None:
        if value is not None and value < 1:
            raise ValueError(
                f"expected a whole number of 1 or more, got {value}; "
                "raise it, or leave the field out to take its default"
            )
        return value

    @field_validator("window")
    @classmethod
    def _window_holds_an_onset(cls, value: int | None) -> int | None:
        if value is not None and value < 8:
            raise ValueError(f"expected a window of 8 or more tokens, got {value}; 128 is usual")
        return value

    @field_validator("evaluate_every")
    @classmethod
    def _evaluations_are_possible(cls, value: int | None) -> int | None:
        if value is not None and value < 0:
            raise ValueError(f"expected 0 or more steps, got {value}; 0 never evaluates")
        return value

    @field_validator("learning_rate")
    @classmethod
    def _learning_rate_is_positive(cls, value: float | None) -> float | None:
        if value is not None and not (math.isfinite(value) and value > 0):
            raise ValueError(
                f"expected a finite learning rate above 0, got {value}; try values around 0.002"
            )
        return value

    @field_validator("dropout", "weight_decay")
    @classmethod
    def _fraction_is_below_one(cls, value: float | None) -> float | None:
        if value is not None and not 0 <= value < 1:
            raise ValueError(f"expected a number from 0 up to but not including 1, got {value}")
        return value

    @field_validator("share_of_more")
    @classmethod
    def _share_is_a_share(cls, value: float) -> float:
        if not 0 <= value <= 1:
            raise ValueError(f"expected a number from 0 to 1, got {value}")
        return value

    @field_validator("seed")
    @classmethod
    def _seed_fits(cls, value: int) -> int:
        if not 0 <= value < 2**31:
            raise ValueError(
                f"expected a whole number from 0 to {2**31 - 1}, got {value}; 0 is the default"
            )
        return value

    def filled(self) -> "FilledSongSettings":
        """Return the settings with empty fields filled by the recipe."""
        chosen = self.model_dump(exclude_none=True, include=set(SongSettings.model_fields))
        return FilledSongSettings(**{**SONG_RECIPES[self.recipe].settings, **chosen})


class FilledSongSettings(SongSettings):
    """Settings without an empty field."""

    steps: int
    batch_size: int
    window: int
    width: int
    layers: int
    learning_rate: float
    dropout: float
    weight_decay: float
    frame_every: int
    evaluate_every: int

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
        return self.model_dump(exclude={"steps", *WITHOUT_EFFECT_ON_NUMBERS})

    def short_name(self, fingerprint: str | None = None) -> str:
        """Return a name for folders: the recipe, and six digits of the fingerprint.

        Without one the digits are of what decides the numbers, but for how long the training is.
        """
        decides = json.dumps(self.deciding(), sort_keys=True).encode()
        return f"{self.recipe}-{(fingerprint or hashlib.sha256(decides).hexdigest())[:6]}"
