"""What each recipe takes for a setting that is left empty; loaded without TensorFlow."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

GENERAL_COVER_SET = "general"
DEFAULT_RECIPE = "drifting"


@dataclass(frozen=True)
class RecipeDefaults:
    """The settings of a recipe, those of one cover set apart, and the largest size it makes."""

    settings: Mapping[str, float]
    of_set: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    largest_size: int = 256

    def for_cover_set(self, cover_set: str) -> dict[str, float]:
        """Return the settings for a cover set by field name."""
        return {**self.settings, **self.of_set.get(cover_set, {})}


RECIPE_DEFAULTS: Mapping[str, RecipeDefaults] = MappingProxyType(
    {
        "drifting": RecipeDefaults(
            {
                "steps": 400,
                "batch_size": 32,
                "noise_size": 128,
                "width": 64,
                "generator_learning_rate": 2e-3,
                "discriminator_learning_rate": 2e-3,
                "beta_1": 0.5,
                "label_noise": 0.0,
                "frame_every": 10,
                "evaluate_every": 100,
            }
        ),
        "dcgan": RecipeDefaults(
            {
                "steps": 8000,
                "batch_size": 16,
                "noise_size": 100,
                "width": 32,
                "generator_learning_rate": 2e-4,
                "discriminator_learning_rate": 2e-4,
                "beta_1": 0.5,
                "label_noise": 0.0,
                "frame_every": 100,
                "evaluate_every": 500,
            }
        ),
        "original": RecipeDefaults(
            {
                "steps": 10_000,
                "batch_size": 64,
                "noise_size": 100,
                "width": 64,
                "generator_learning_rate": 1.5e-4,
                "discriminator_learning_rate": 2e-4,
                "beta_1": 0.5,
                "label_noise": 0.2,
                "frame_every": 100,
                "evaluate_every": 500,
            },
            of_set={GENERAL_COVER_SET: {"batch_size": 32, "noise_size": 128}},
            largest_size=512,
        ),
    }
)


def empty_means(setting: str) -> str:
    """Return a sentence with each recipe's default of a setting, and those of single cover sets."""
    of_recipes = []
    for recipe, defaults in RECIPE_DEFAULTS.items():
        of_sets = [
            f", for the set {cover_set} {chosen[setting]:g}"
            for cover_set, chosen in defaults.of_set.items()
            if setting in chosen
        ]
        of_recipes.append(f"{defaults.settings[setting]:g} ({recipe}{''.join(of_sets)})")
    return f"Empty means {', '.join(of_recipes)}."
