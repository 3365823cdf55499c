"""The entry point: everything that defs/ defines."""

import importlib
import pkgutil
from types import ModuleType

import dagster as dg

from kpop_assets import defs as defs_room
from kpop_assets.defs.world import loaded_with
from kpop_assets.settings import Settings
from kpop_assets.terminal import escape_log_records


def definitions(settings: Settings) -> dg.Definitions:
    """Return the lineage from the sites, or from one's own pictures when `covers_dir` is set.

    A module of defs/ contributes what its function `definitions` returns, or its assets and checks.
    """
    modules = _modules()
    plain = [module for module in modules if not hasattr(module, "definitions")]
    with loaded_with(settings):
        chosen = [module.definitions() for module in modules if module not in plain]
    found = dg.Definitions(
        assets=dg.load_assets_from_modules(plain),
        asset_checks=dg.load_asset_checks_from_modules(plain),
    )
    return dg.Definitions.merge(found, *chosen)


def _modules() -> list[ModuleType]:
    """Return the modules of defs/ and of the folders in it; folders deeper are their helpers.

    Dagster's load_from_defs_folder would take a second more.
    """
    top = _listed(defs_room.__name__)
    deeper = [one for room in top if room.ispkg for one in _listed(room.name)]
    return [importlib.import_module(one.name) for one in (*top, *deeper) if not one.ispkg]


def _listed(room: str) -> list[pkgutil.ModuleInfo]:
    paths = importlib.import_module(room).__path__
    return list(pkgutil.iter_modules(paths, f"{room}."))


escape_log_records()
defs = definitions(Settings.from_environment())
