"""Files in installed packages, such as weights: located, never imported."""

import importlib.util
from pathlib import Path


def packaged_file(package: str, file: str) -> Path | None:
    """Return where `file` of an installed package lies, or None without it."""
    spec = importlib.util.find_spec(package)
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, file)
        if path.is_file():
            return path
    return None
