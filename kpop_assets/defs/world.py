"""Which world the definitions are loaded for: the sites, or a folder of one's own pictures."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

import dagster as dg

from kpop_assets.settings import Settings

_CHOSEN: ContextVar[Settings | None] = ContextVar("settings", default=None)


def settings_in_use() -> Settings:
    """Return the settings that definitions are being loaded with; raises SettingsError."""
    return _CHOSEN.get() or Settings.from_environment()


@contextmanager
def loaded_with(settings: Settings) -> Iterator[None]:
    """Load the definitions of the block with these settings in place of the environment's."""
    token = _CHOSEN.set(settings)
    try:
        yield
    finally:
        _CHOSEN.reset(token)


def of_sites(
    *assets: dg.AssetsDefinition,
    checks: list[dg.AssetChecksDefinition] | None = None,
    schedules: list[dg.ScheduleDefinition] | None = None,
) -> dg.Definitions:
    """Return definitions that are there unless one's own pictures stand in for the sites."""
    if settings_in_use().covers_dir is not None:
        return dg.Definitions()
    return dg.Definitions(assets=assets, asset_checks=checks, schedules=schedules)
