"""The tunables of a cover generator, described for the person who sets them."""

import pkgutil
from typing import TYPE_CHECKING, Annotated, ClassVar, Literal, Self

from pydantic import AfterValidator, Field, field_validator, model_validator

from kpop_assets.models.recipes import DEFAULT_RECIPE, RECIPES, empty_means
from kpop_assets.training.settings import (
    Count,
    FilledRunSettings,
    Fraction,
    LearningRate,
    RunSettings,
    Seed,
    StepsOrNever,
)

if TYPE_CHECKING:
    from kpop_assets.models.cover_source import CoverSource
    from kpop_assets.training.step.learner import Learner

IMAGE_SIZES = (32, 64, 128, 256, 512)


def _supported_size(value: int) -> int:
    if value not in IMAGE_SIZES:
        raise ValueError(
            f"expected a power of two from {IMAGE_SIZES[0]} to {IMAGE_SIZES[-1]} pixels, "
            f"got {value}; choose one of {', '.join(map(str, IMAGE_SIZES))}"
        )
    return value


def _enough_samples(value: int) -> int:
    if value < 2:
        raise ValueError(
            f"expected 2 or more samples, got {value}; 480 is what published figures used"
        )
    return value


class TrainingSettings(RunSettings):
    """Tunables of a cover generator; what is left empty is the recipe's own choice.

    Raises pydantic.ValidationError with a message that says what was expected and what came.
    """

    without_effect: ClassVar[frozenset[str]] = RunSettings.without_effect | {"covers_in_memory_mb"}

    recipe: str = Field(
        default=DEFAULT_RECIPE,
        description="How the generator learns. "
        + " ".join(f"{name}: {recipe.description}." for name, recipe in RECIPES.items()),
    )
    steps: Count | None = Field(
        default=None,
        description=f"Number of training steps. {empty_means('steps')}",
    )
    image_size: Annotated[int, AfterValidator(_supported_size)] = Field(
        default=128,
        description="Side of the generated covers in pixels: 32, 64, 128, 256 or, with the recipe "
        "original only, 512. The original used 64. Larger ones take longer a step.",
    )
    batch_size: Count | None = Field(
        default=None,
        description=f"Covers in a batch. {empty_means('batch_size')}",
    )
    noise_size: Count | None = Field(
        default=None,
        description="Length of the noise vector that a generated cover grows from. "
        f"{empty_means('noise_size')}",
    )
    width: Count | None = Field(
        default=None,
        description="How many channels the networks have. For dcgan and original: those of the "
        "layer next to the picture; each deeper layer has twice as many, up to eight times this. "
        "For drifting: a quarter of those at 4×4, fewer in each larger map. "
        f"{empty_means('width')}",
    )
    generator_learning_rate: LearningRate | None = Field(
        default=None,
        description="Adam learning rate of the generator, per step; that of drifting falls with "
        "the square root of the number of steps, from the 50th on. "
        f"{empty_means('generator_learning_rate')}",
    )
    discriminator_learning_rate: LearningRate | None = Field(
        default=None,
        description="Adam learning rate of the discriminator, per step; drifting has none. "
        f"{empty_means('discriminator_learning_rate')}",
    )
    beta_1: Fraction | None = Field(
        default=None,
        description="Decay of Adam's running mean of gradients, from 0 up to but not including 1. "
        f"{empty_means('beta_1')}",
    )
    label_noise: Fraction | None = Field(
        default=None,
        description="How far labels stray from certainty, from 0 up to but not including 1. "
        "original: real covers are labelled at random between 1 minus this and 1, generated ones "
        "between 0 and this; dcgan: real covers are labelled 1 minus this; drifting has no labels. "
        f"{empty_means('label_noise')}",
    )
    seed: Seed = Field(
        default=0,
        description="Seed of everything random: first weights, batches, noise and labels. The same "
        "seed, settings and covers give the same generator on the same machine.",
    )
    frame_every: Count | None = Field(
        default=None,
        description="Steps between two progress frames, the pictures of the training film. "
        f"{empty_means('frame_every')}",
    )
    evaluate_every: StepsOrNever | None = Field(
        default=None,
        description="Steps between two evaluations, each of which compares samples with the covers "
        "in about 5 s; the generator with the best of them is the result. 0 never evaluates: the "
        f"result is the last one. {empty_means('evaluate_every')}",
    )
    evaluation_samples: Annotated[int, AfterValidator(_enough_samples)] = Field(
        default=480,
        description="Covers generated for each evaluation; fewer are faster and less exact.",
    )
    covers_in_memory_mb: Count = Field(
        default=250,
        description="Megabytes that the covers of a set may take in memory; more are streamed from "
        "disk. A cover takes 0.012 at 64 px.",
    )
    mixed_precision: bool = Field(
        default=False,
        description="Compute the networks that are trained in bfloat16, their weights and all "
        "losses in float32. For GPUs: left off without one, and for the recipe original.",
    )
    convolutions: Literal["auto", "float32", "bfloat16"] = Field(
        default="auto",
        description="drifting: what the large convolutions of the generator compute in while it "
        "trains; all else is in float32. auto is bfloat16 on a CPU that multiplies it (AMX), where "
        "a step takes 0.7 of the time, and float32 elsewhere.",
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

    def for_cover_set(self, cover_set: str) -> "FilledSettings":
        """Return the settings with empty fields filled by the recipe for `cover_set`."""
        chosen = self.model_dump(exclude_none=True, include=set(TrainingSettings.model_fields))
        defaults = RECIPES[self.recipe].for_cover_set(cover_set)
        return FilledSettings(**{**defaults, **chosen})


class FilledSettings(FilledRunSettings, TrainingSettings):
    """Settings without an empty field."""

    steps: Count
    batch_size: Count
    frame_every: Count
    evaluate_every: StepsOrNever
    noise_size: Count
    width: Count
    generator_learning_rate: LearningRate
    discriminator_learning_rate: LearningRate
    beta_1: Fraction
    label_noise: Fraction

    def untrained(self, covers: "CoverSource") -> "Learner":
        """Return a learner of the covers that has learnt nothing yet; loads TensorFlow."""
        learner: Learner = pkgutil.resolve_name(RECIPES[self.recipe].learner)(self, covers)
        return learner

    def short_name(self, fingerprint: str | None = None) -> str:
        """Return a name for folders: recipe, size, and six digits of the fingerprint.

        Without one the digits are of what decides the numbers, but for how long the training is.
        """
        return f"{self.recipe}-{self.image_size}px-{self.digits(fingerprint)}"
