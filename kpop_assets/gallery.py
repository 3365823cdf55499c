"""Opens the gallery page: `python -m kpop_assets.gallery`."""

import sys
import webbrowser

from dotenv import load_dotenv

from kpop_assets.defs.insight.gallery_page import gallery_path
from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import MissingArtifactError
from kpop_assets.terminal import say


def main(store: Store) -> None:
    """Open the page in a browser and print where it is, or exit with what is missing."""
    path = gallery_path(store)
    if not path.exists():
        sys.exit(str(MissingArtifactError(path, "gallery_page")))
    webbrowser.open(path.resolve().as_uri())
    say(str(path))


if __name__ == "__main__":
    load_dotenv(PROJECT_FOLDER / ".env", override=True)
    main(Store(Settings.from_environment().store))
