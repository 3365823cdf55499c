"""The tunables of a training on songs, described for the person who sets them."""

import pkgutil
from typing import TYPE_CHECKING, Annotated

from pydantic import AfterValidator, Field, field_validator

from kpop_assets.models.songs.recipes import DEFAULT_SONG_RECIPE, SONG_RECIPES, empty_means
from kpop_assets.models.songs.song_recipe import SongRecipe
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
    from kpop_assets.models.songs.composer import Composer
    from kpop_assets.models.songs.windows import Songs
    from kpop_assets.training.step.learner import Learner


def _holds_an_onset(value: int) -> int:
    if value < 8:
        raise ValueError(f"expected a window of 8 or more tokens, got {value}; 128 is usual")
    return value


def _is_share(value: float) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"expected a number from 0 to 1, got {value}")
    return value


Window = Annotated[int, AfterValidator(_holds_an_onset)]


class SongSettings(RunSettings):
    """Tunables of a network of songs; what is left empty is the recipe's own choice.

    Raises pydantic.ValidationError with a message that says what was expected and what came.
    """

    recipe: str = Field(
        default=DEFAULT_SONG_RECIPE,
        description="How the network reads songs. "
        + " ".join(f"{name}: {recipe.description}." for name, recipe in SONG_RECIPES.items()),
    )
    steps: Count | None = Field(
        default=None, description=f"Number of training steps. {empty_means('steps')}"
    )
    batch_size: Count | None = Field(
        default=None, description=f"Windows in a batch. {empty_means('batch_size')}"
    )
    window: Window | None = Field(
        default=None,
        description="Tokens in a window, of which an onset has about six; for recipes that read "
        f"notes or chords, so many of these. {empty_means('window')}",
    )
    width: Count | None = Field(
        default=None,
        description="Units of each layer, an LSTM or a block of the transformer. "
        f"{empty_means('width')}",
    )
    layers: Count | None = Field(
        default=None,
        description=f"LSTM layers, or blocks of the transformer. {empty_means('layers')}",
    )
    learning_rate: LearningRate | None = Field(
        default=None,
        description="Adam learning rate, per step; for recipes that foretell tokens it falls "
        "with the square root of the number of steps, from the 150th on. "
        f"{empty_means('learning_rate')}",
    )
    dropout: Fraction | None = Field(
        default=None,
        description="Share of numbers left out between the layers while training, from 0 up to but "
        f"not including 1. {empty_means('dropout')}",
    )
    weight_decay: Fraction | None = Field(
        default=None,
        description="How much of each weight fades with a step, from 0 up to but not including 1. "
        f"{empty_means('weight_decay')}",
    )
    share_of_more: Annotated[float, AfterValidator(_is_share)] = Field(
        default=0.5,
        description="How much of what is learnt from is of the additional songs, those of "
        "KPOP_MORE_SONGS_DIR, if there are any.",
    )
    seed: Seed = Field(
        default=0,
        description="Seed of everything random: first weights, windows, keys and dropout. The same "
        "seed, settings and songs give the same network on the same machine.",
    )
    frame_every: Count | None = Field(
        default=None, description=f"Steps between two progress frames. {empty_means('frame_every')}"
    )
    checkpoint_every: Count = Field(
        default=100, description="Steps between two checkpoints: what a killed run loses at most."
    )
    evaluate_every: StepsOrNever | None = Field(
        default=None,
        description="Steps between two evaluations on songs held out; the network with the fewest "
        "bits an onset is the result. 0 never evaluates: the result is the last one, as for all "
        "recipes that foretell no tokens. "
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

    def filled(self) -> "FilledSongSettings":
        """Return the settings with empty fields filled by the recipe."""
        chosen = self.model_dump(exclude_none=True, include=set(SongSettings.model_fields))
        return FilledSongSettings(**{**SONG_RECIPES[self.recipe].settings, **chosen})


class FilledSongSettings(FilledRunSettings, SongSettings):
    """Settings without an empty field."""

    steps: Count
    batch_size: Count
    frame_every: Count
    evaluate_every: StepsOrNever
    window: Window
    width: Count
    layers: Count
    learning_rate: LearningRate
    dropout: Fraction
    weight_decay: Fraction

    @property
    def chosen(self) -> SongRecipe:
        """The recipe."""
        return SONG_RECIPES[self.recipe]

    def network(self) -> "Composer":
        """Return the untrained network, its weights made; loads TensorFlow."""
        network: Composer = pkgutil.resolve_name(self.chosen.network)(self)
        return network

    def learner(self, songs: "Songs") -> "Learner":
        """Return a learner of songs that has learnt nothing yet; loads TensorFlow."""
        learner: Learner = pkgutil.resolve_name(self.chosen.learner)(self, songs)
        return learner

    def short_name(self, fingerprint: str | None = None) -> str:
        """Return a name for folders: the recipe, and six digits of the fingerprint.

        Without one the digits are of what decides the numbers, but for how long the training is.
        """
        return f"{self.recipe}-{self.digits(fingerprint)}"
