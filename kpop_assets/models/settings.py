"""The tunables of a training run, described for the person who sets them."""

import hashlib
import json
import math
import pkgutil
from typing import TYPE_CHECKING, Any, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from kpop_assets.models.recipes import DEFAULT_RECIPE, RECIPES, empty_means
from kpop_assets.training.cadence import Cadence

if TYPE_CHECKING:
    from kpop_assets.models.cover_source import CoverSource
    from kpop_assets.training.step.learner import Learner

IMAGE_SIZES = (32, 64, 128, 256, 512)
WITHOUT_EFFECT_ON_NUMBERS = frozenset(
    {
        *("frame_every", "checkpoint_every", "checkpoint_seconds", "log_every", "log_seconds"),
        *("observe_every", "covers_in_memory_mb"),
    }
)
"""Fields that decide what a training stores and reports, not what it learns."""


class TrainingSettings(BaseModel):
    """Tunables of a cover generator; what is left empty is the recipe's own choice.

    Raises pydantic.ValidationError with a message that says what was expected and what came.
    """

    model_config = ConfigDict(extra="forbid")

    recipe: str = Field(
        default=DEFAULT_RECIPE,
        description="How the generator learns. "
        + " ".join(f"{name}: {recipe.description}." for name, recipe in RECIPES.items()),
    )
    steps: int | None = Field(
        default=None,
        description=f"Number of training steps. {empty_means('steps')}",
    )
    image_size: int = Field(
        default=128,
        description="Side of the generated covers in pixels: 32, 64, 128, 256 or, with the recipe "
        "original only, 512. The original used 64. Larger ones take longer a step.",
    )
    batch_size: int | None = Field(
        default=None,
        description=f"Covers in a batch. {empty_means('batch_size')}",
    )
    noise_size: int | None = Field(
        default=None,
        description="Length of the noise vector that a generated cover grows from. "
        f"{empty_means('noise_size')}",
    )
    width: int | None = Field(
        default=None,
        description="How many channels the networks have. For dcgan and original: those of the "
        "layer next to the picture; each deeper layer has twice as many, up to eight times this. "
        "For drifting: a quarter of those at 4×4, fewer in each larger map. "
        f"{empty_means('width')}",
    )
    generator_learning_rate: float | None = Field(
        default=None,
        description="Adam learning rate of the generator, per step; that of drifting falls with "
        "the square root of the number of steps, from the 50th on. "
        f"{empty_means('generator_learning_rate')}",
    )
    discriminator_learning_rate: float | None = Field(
        default=None,
        description="Adam learning rate of the discriminator, per step; drifting has none. "
        f"{empty_means('discriminator_learning_rate')}",
    )
    beta_1: float | None = Field(
        default=None,
        description="Decay of Adam's running mean of gradients, from 0 up to but not including 1. "
        f"{empty_means('beta_1')}",
    )
    label_noise: float | None = Field(
        default=None,
        description="How far labels stray from certainty, from 0 up to but not including 1. "
        "original: real covers are labelled at random between 1 minus this and 1, generated ones "
        "between 0 and this; dcgan: real covers are labelled 1 minus this; drifting has no labels. "
        f"{empty_means('label_noise')}",
    )
    seed: int = Field(
        default=0,
        description="Seed of everything random: first weights, batches, noise and labels. The same "
        "seed, settings and covers give the same generator on the same machine.",
    )
    frame_every: int | None = Field(
        default=None,
        description="Steps between two progress frames, the pictures of the training film. "
        f"{empty_means('frame_every')}",
    )
    checkpoint_every: int = Field(
        default=200,
        description="Steps between two checkpoints: what a killed run loses at most.",
    )
    checkpoint_seconds: int = Field(
        default=600,
        description="Seconds after which a checkpoint is written in any case, for steps that are "
        "long. A run that goes back after a loss that is not finite may go back to it.",
    )
    log_every: int = Field(
        default=20,
        description="Steps between two reports of losses, speed and time left.",
    )
    log_seconds: int = Field(
        default=60, description="Seconds after which there is a report in any case."
    )
    evaluate_every: int | None = Field(
        default=None,
        description="Steps between two evaluations, each of which compares samples with the covers "
        "in about 5 s; the generator with the best of them is the result. 0 never evaluates: the "
        f"result is the last one. {empty_means('evaluate_every')}",
    )
    evaluation_samples: int = Field(
        default=480,
        description="Covers generated for each evaluation; fewer are faster and less exact.",
    )
    covers_in_memory_mb: int = Field(
        default=250,
        description="Megabytes that the covers of a set may take in memory; more are streamed from "
        "disk. A cover takes 0.012 at 64 px.",
    )
    observe_every: int = Field(
        default=200,
        description="Steps between two observations of the running training in the asset catalog; "
        "each comes with the next report.",
    )

    mixed_precision: bool = Field(
        default=False,
        description="Compute the networks that are trained in bfloat16, their weights and all "
        "losses in float32. For GPUs: left off without one, and for the recipe original.",
    )
    xla: bool = Field(
        default=False,
        description="Compile each step with XLA, which draws other random numbers. For one GPU: "
        "left off without one, with several, when covers are streamed from disk, and for the "
        "recipe drifting at 32 pixels.",
    )

    @field_validator("recipe")
    @classmethod
    def _recipe_is_known(cls, value: str) -> str:
        if value not in RECIPES:
            raise ValueError(
                f"expected one of {', '.join(RECIPES)}, got {value!r}; choose one of them, "
                "or leave the field out"
            )
        return value

    @model_validator(mode="after")
    def _recipe_makes_the_size(self) -> Self:
        largest = RECIPES[self.recipe].largest_size
        if self.image_size > largest:
            raise ValueError(
                f"expected an image_size of up to {largest} for the recipe {self.recipe}, got "
                f"{self.image_size}; choose a smaller one, or the recipe original"
            )
        return self

    @field_validator("image_size")
    @classmethod
    def _image_size_is_supported(cls, value: int) -> int:
        if value not in IMAGE_SIZES:
            raise ValueError(
                f"expected a power of two from {IMAGE_SIZES[0]} to {IMAGE_SIZES[-1]} pixels, "
                f"got {value}; choose one of {', '.join(map(str, IMAGE_SIZES))}"
            )
        return value

    @field_validator(
        "steps",
        "batch_size",
        "noise_size",
        "width",
        "frame_every",
        "checkpoint_every",
        "checkpoint_seconds",
        "log_every",
        "log_seconds",
        "observe_every",
        "covers_in_memory_mb",
    )
    @classmethod
    def _count_is_positive(cls, value: int | None) -> int | None:
        if value is not None and value < 1:
            raise ValueError(
                f"expected a whole number of 1 or more, got {value}; "
                "raise it, or leave the field out to take its default"
            )
        return value

    @field_validator("evaluate_every")
    @classmethod
    def _evaluations_are_possible(cls, value: int | None) -> int | None:
        if value is not None and value < 0:
            raise ValueError(f"expected 0 or more steps, got {value}; 0 never evaluates")
        return value

    @field_validator("evaluation_samples")
    @classmethod
    def _samples_are_enough(cls, value: int) -> int:
        if value < 2:
            raise ValueError(
                f"expected 2 or more samples, got {value}; 480 is what published figures used"
            )
        return value

    @field_validator("generator_learning_rate", "discriminator_learning_rate")
    @classmethod
    def _learning_rate_is_positive(cls, value: float | None) -> float | None:
        if value is not None and not (math.isfinite(value) and value > 0):
            raise ValueError(
                f"expected a finite learning rate above 0, got {value}; try values around 0.0002"
            )
        return value

    @field_validator("beta_1", "label_noise")
    @classmethod
    def _fraction_is_below_one(cls, value: float | None) -> float | None:
        if value is not None and not 0 <= value < 1:
            raise ValueError(
                f"expected a number from 0 up to but not including 1, got {value}; "
                "the original used 0.5 for beta_1 and 0.2 for label_noise"
            )
        return value

    @field_validator("seed")
    @classmethod
    def _seed_fits(cls, value: int) -> int:
        if not 0 <= value < 2**31:
            raise ValueError(
                f"expected a whole number from 0 to {2**31 - 1}, got {value}; 0 is the default"
            )
        return value

    def for_cover_set(self, cover_set: str) -> "FilledSettings":
        """Return the settings with empty fields filled by the recipe for `cover_set`."""
        chosen = self.model_dump(exclude_none=True, include=set(TrainingSettings.model_fields))
        defaults = RECIPES[self.recipe].for_cover_set(cover_set)
        return FilledSettings(**{**defaults, **chosen})


class FilledSettings(TrainingSettings):
    """Settings without an empty field."""

    steps: int
    batch_size: int
    noise_size: int
    width: int
    generator_learning_rate: float
    discriminator_learning_rate: float
    beta_1: float
    label_noise: float
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

    def untrained(self, covers: "CoverSource") -> "Learner":
        """Return a learner of the covers that has learnt nothing yet; loads TensorFlow."""
        learner: Learner = pkgutil.resolve_name(RECIPES[self.recipe].learner)(self, covers)
        return learner

    def short_name(self, fingerprint: str | None = None) -> str:
        """Return a name for folders: recipe, size, and six digits of the fingerprint.

        Without one the digits are of what decides the numbers, but for how long the training is.
        """
        decides = json.dumps(self.deciding(), sort_keys=True).encode()
        digits = (fingerprint or hashlib.sha256(decides).hexdigest())[:6]
        return f"{self.recipe}-{self.image_size}px-{digits}"

    def deciding(self) -> dict[str, Any]:
        """Return the settings that decide the numbers of a training, but for how long it is."""
        return self.model_dump(exclude={"steps", *WITHOUT_EFFECT_ON_NUMBERS})
