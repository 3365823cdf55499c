"""The recipes by name: each is a folder of this one, with a RECIPE in its recipe.py."""

import importlib
import pkgutil
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

from kpop_assets.models.recipe import Recipe

DEFAULT_RECIPE = "drifting"


def _found() -> dict[str, Recipe]:
    names = [one.name for one in pkgutil.iter_modules([str(Path(__file__).parent)]) if one.ispkg]
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
