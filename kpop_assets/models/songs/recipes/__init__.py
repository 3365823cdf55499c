"""The recipes of songs by name: each is a module of this folder, with its RECIPE."""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from kpop_assets.models.songs.song_recipe import SongRecipe

DEFAULT_SONG_RECIPE = "lstm"


def _found() -> dict[str, SongRecipe]:
    names = [one.name for one in pkgutil.iter_modules(__path__)]
    names.sort(key=lambda name: (name != DEFAULT_SONG_RECIPE, name))
    return {name: importlib.import_module(f"{__name__}.{name}").RECIPE for name in names}


SONG_RECIPES: Mapping[str, SongRecipe] = MappingProxyType(_found())


def empty_means(setting: str) -> str:
    """Return a sentence with each recipe's default of a setting."""
    of_recipes = [f"{one.settings[setting]:g} ({name})" for name, one in SONG_RECIPES.items()]
    return f"Empty means {', '.join(of_recipes)}."
