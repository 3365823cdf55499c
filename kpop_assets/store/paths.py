"""Paths of the store: those of universal_pathlib, which reach any URL that fsspec knows.

They are loaded with the first store, since importing fsspec would make the definitions slower.
"""

from os import PathLike
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

    from upath import UPath
    from upath.implementations.local import PosixUPath as StorePath

    AnyPath = Path | UPath


def store_path(where: "str | PathLike[str] | UPath") -> "StorePath":
    """Return where a store lies; a folder of this machine is a path of pathlib, too."""
    from upath import UPath

    return cast("StorePath", UPath(where))
