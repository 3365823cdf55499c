"""Where Dagster's history of a store lies: in the store, with the settings of dagster.yaml."""

from pathlib import Path

from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file

NAME = "dagster"
SETTINGS = Path(__file__).with_name("dagster.yaml")


def dagster_home(store: Store) -> Path:
    """Return the folder for DAGSTER_HOME, ready for use; raises StoreWriteError."""
    home = store.root / NAME
    there, settings = home / SETTINGS.name, SETTINGS.read_bytes()
    if not there.exists() or there.read_bytes() != settings:
        with atomic_file(there) as file:
            file.write(settings)
    return home
