"""The tunables of a training run, described for the person who sets them."""

import math
from typing import Self

from pydantic import BaseModel, Field, field_validator

GENERAL_COVER_SET = "general"
IMAGE_SIZES = (32, 64, 128, 256, 512)


class TrainingSettings(BaseModel):
    """Tunables of a cover generator; the defaults are those of the original project.

    Raises pydantic.ValidationError with a message that says what was expected and what came.
    """

    steps: int = Field(
        default=10_000,
        description="Number of training steps; each trains the discriminator on one batch of real "
        "and one of generated covers, then the generator. The original ran 10 000. On two CPU "
        "cores a step takes about 0.16 s at 64 px, width 64 and batches of 16.",
    )
    image_size: int = Field(
        default=64,
        description="Side of the generated covers in pixels: 32, 64, 128, 256 or 512. The original "
        "used 64. Larger ones take longer a step.",
    )
    batch_size: int | None = Field(
        default=None,
        description="Covers in a batch. Empty means what the original used for the cover set: "
        "32 for general, 64 for the others.",
    )
    noise_size: int | None = Field(
        default=None,
        description="Length of the noise vector that a generated cover grows from. Empty means "
        "what the original used for the cover set: 128 for general, 100 for the others.",
    )
    width: int = Field(
        default=64,
        description="Channels of the network layer next to the picture; each deeper layer has "
        "twice as many, up to eight times this. The original used 64; 32 takes about 40 % of "
        "the time.",
    )
    generator_learning_rate: float = Field(
        default=1.5e-4,
        description="Adam learning rate of the generator, per step. The original used 0.00015.",
    )
    discriminator_learning_rate: float = Field(
        default=2e-4,
        description="Adam learning rate of the discriminator, per step. The original used 0.0002.",
    )
    beta_1: float = Field(
        default=0.5,
        description="Decay of Adam's running mean of gradients for both networks, from 0 up to but "
        "not including 1. The original used 0.5.",
    )
    label_noise: float = Field(
        default=0.2,
        description="How far labels stray from certainty: real covers are labelled between "
        "1 minus this and 1, generated ones between 0 and this. 0 turns it off; it must stay "
        "below 1. The original used 0.2.",
    )
    seed: int = Field(
        default=0,
        description="Seed of everything random: first weights, batches, noise and labels. The same "
        "seed, settings and covers give the same generator on the same machine.",
    )
    frame_every: int = Field(
        default=100,
        description="Steps between two progress frames, the pictures of the training film.",
    )
    checkpoint_every: int = Field(
        default=200,
        description="Steps between two checkpoints: what a killed run loses at most.",
    )
    log_every: int = Field(
        default=20,
        description="Steps between two reports of losses, speed and time left.",
    )
    observe_every: int = Field(
        default=200,
        description="Steps between two observations of the running training in the asset catalog; "
        "each comes with the next report.",
    )

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
        "log_every",
        "observe_every",
    )
    @classmethod
    def _count_is_positive(cls, value: int | None) -> int | None:
        if value is not None and value < 1:
            raise ValueError(
                f"expected a whole number of 1 or more, got {value}; "
                "raise it, or leave the field out to take its default"
            )
        return value

    @field_validator("generator_learning_rate", "discriminator_learning_rate")
    @classmethod
    def _learning_rate_is_positive(cls, value: float) -> float:
        if not (math.isfinite(value) and value > 0):
            raise ValueError(
                f"expected a finite learning rate above 0, got {value}; "
                "values around 0.0002 are usual"
            )
        return value

    @field_validator("beta_1", "label_noise")
    @classmethod
    def _fraction_is_below_one(cls, value: float) -> float:
        if not 0 <= value < 1:
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

    def for_cover_set(self, cover_set: str) -> Self:
        """Return a copy whose empty fields hold what the original used for `cover_set`."""
        general = cover_set == GENERAL_COVER_SET
        return self.model_copy(
            update={
                "batch_size": self.batch_size or (32 if general else 64),
                "noise_size": self.noise_size or (128 if general else 100),
            }
        )
