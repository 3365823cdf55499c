"""Libraries that pages have in them, as their makers built them; README.md says which."""

from importlib.resources import files


def vendored_script(name: str) -> str:
    """Return the text of a library by the name of its file."""
    return files(__package__).joinpath(name).read_text("utf-8")
