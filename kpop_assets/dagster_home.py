"""Where Dagster's history of a store lies: in the store, with the settings of dagster.yaml.

Dagster needs a folder of this machine: that of a store on S3 lies in the project.
"""

from pathlib import Path

from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import atomic_file
from kpop_assets.store.paths import is_remote
from kpop_assets.store.waiting import use_in_turn

NAME = "dagster"
SETTINGS = Path(__file__).with_name("dagster.yaml")
LAST_MADE = Path("schedules") / "schedules.db"


def dagster_home(store: Store) -> Path:
    """Return the folder for DAGSTER_HOME, ready for runs at once; raises StoreWriteError.

    Dagster (1.13) makes its SQLite databases in the first process, and fails in a second one that
    starts at the same time: they are made here, by one process.
    """
    home = usual_home(store)
    there, settings = home / SETTINGS.name, SETTINGS.read_bytes()
    if not there.exists() or there.read_bytes() != settings:
        with atomic_file(there) as file:
            file.write(settings)
    if not (home / LAST_MADE).exists():
        with use_in_turn(home, "the making of Dagster's history", lambda *_: None):
            if not (home / LAST_MADE).exists():
                from dagster import DagsterInstance

                DagsterInstance.from_config(str(home)).dispose()
    return home


def usual_home(store: Store) -> Path:
    """Return where Dagster's history of a store lies unless DAGSTER_HOME says otherwise."""
    return PROJECT_FOLDER / "data" / NAME if is_remote(store.root) else store.root / NAME
