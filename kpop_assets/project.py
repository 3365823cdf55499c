"""Where the project's folder is, and the small tables in it."""

from pathlib import Path

PROJECT_FOLDER = Path(__file__).resolve().parent.parent
REFERENCE_FOLDER = PROJECT_FOLDER / "data" / "reference"
