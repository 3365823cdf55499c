"""The recipes of covers by name: each folder here with a recipe.py, which has its RECIPE."""

import importlib
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from kpop_assets.models.recipe import Recipe

DEFAULT_RECIPE = "drifting"


def _found() -> dict[str, Recipe]:
    names = [path.parent.name for path in Path(__file__).parent.glob("*/recipe.py")]
    names.sort(key=lambda name: (name != DEFAULT_RECIPE, name))
    return {name: importlib.import_module(f"{__package__}.{name}.recipe").RECIPE for name in names}


RECIPES: Mapping[str, Recipe] = MappingProxyType(_found())


def empty_means(setting: str) -> str:
    """Return a sentence with each recipe's default of a setting, and those of single cover sets."""
    of_recipes = []
    for name, recipe in RECIPES.items():
        of_sets = [
            f", for the set {cover_set} {chosen[setting]:g}"
            for cover_set, chosen in recipe.of_set.items()
            if setting in chosen
        ]
        of_recipes.append(f"{recipe.settings[setting]:g} ({name}{''.join(of_sets)})")
    return f"Empty means {', '.join(of_recipes)}."
