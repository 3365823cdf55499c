"""Prints where the results of a cover set lie: `python -m kpop_assets.results popular`."""

import sys

from dotenv import load_dotenv

from kpop_assets.project import PROJECT_FOLDER
from kpop_assets.settings import Settings
from kpop_assets.store.artifacts import Store
from kpop_assets.terminal import say


def results_text(store: Store, cover_set: str) -> str:
    """Return the paths of films, loss figure and samples of a cover set, a line each."""
    film = store.folder("training_gif", cover_set)
    samples = store.folder("sample_covers", cover_set)
    files = {
        "training film": film / "training.mp4",
        "as GIF": film / "training.gif",
        "loss figure": film / "losses.png",
        "sample sheet": samples / "sheet.png",
        "interpolation": samples / "interpolation.mp4",
        "single samples": samples,
        "generator": store.folder("cover_generator", cover_set) / "generator.keras",
    }
    found = [f"{name:>14}  {path}" for name, path in files.items() if path.exists()]
    return "\n".join(found) or f"nothing of the set {cover_set!r} in {store.root} yet"


if __name__ == "__main__":
    load_dotenv(PROJECT_FOLDER / ".env", override=True)
    say(results_text(Store(Settings.from_environment().store), (*sys.argv[1:], "popular")[0]))
