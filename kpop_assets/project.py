"""Where the project's folder is, and the files that come with the program."""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_IN_CHECKOUT = (_PACKAGE.parent / "pyproject.toml").exists()

PROJECT_FOLDER = _PACKAGE.parent if _IN_CHECKOUT else Path.cwd()
"""What relative paths count from: the checkout, or where an installed program was started."""
_SHIPPED = PROJECT_FOLDER if _IN_CHECKOUT else _PACKAGE / "shipped"
PRESETS_FOLDER = _SHIPPED / "presets"
REFERENCE_FOLDER = _SHIPPED / "data" / "reference"


def project_file(name: str) -> Path:
    """Return the project's file of that name, or else the one that comes with the program."""
    path = PROJECT_FOLDER / name
    return path if path.exists() else _SHIPPED / name
