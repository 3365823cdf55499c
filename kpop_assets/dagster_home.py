"""Where Dagster's history of a store lies: in the store, with the settings of dagster.yaml.

Dagster needs a folder of this machine: that of a store on S3 lies in the project.
"""

from pathlib import Path

from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file
from kpop_assets.store.paths import is_remote

NAME = "dagster"
SETTINGS = Path(__file__).with_name("dagster.yaml")


def dagster_home(store: Store) -> Path:
    """Return the folder for DAGSTER_HOME, ready for use; raises StoreWriteError."""
    home = PROJECT_FOLDER / "data" / NAME if is_remote(store.root) else store.root / NAME
    there, settings = home / SETTINGS.name, SETTINGS.read_bytes()
    if not there.exists() or there.read_bytes() != settings:
        with atomic_file(there) as file:
            file.write(settings)
    return home
