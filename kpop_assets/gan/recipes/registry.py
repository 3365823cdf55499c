"""The recipes by name."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from kpop_assets.gan.cover_source import CoverSource
from kpop_assets.gan.recipes.dcgan import DcganPlayers
from kpop_assets.gan.recipes.drifting import DriftingPlayers
from kpop_assets.gan.recipes.original import OriginalPlayers
from kpop_assets.gan.recipes.players import Players
from kpop_assets.gan.settings import FilledSettings

RECIPES: Mapping[str, Callable[[FilledSettings, CoverSource], Players]] = MappingProxyType(
    {"drifting": DriftingPlayers, "dcgan": DcganPlayers, "original": OriginalPlayers}
)
