"""Where every artifact lies: tables, folders of cover sets, pictures by their content."""

import hashlib
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from kpop_assets.store.errors import StoredPictureError
from kpop_assets.store.files import atomic_file, removed_if_old
from kpop_assets.store.paths import is_remote, store_path

if TYPE_CHECKING:
    from upath import UPath

    from kpop_assets.store.paths import StorePath

LOCKS = "locks"
"""The folder of what runs keep for themselves while they make an asset."""


class Store:
    """The place under which every artifact lies, by asset and cover set."""

    def __init__(self, root: "str | PathLike[str] | UPath") -> None:
        self.root = store_path(root)

    def __reduce__(self) -> tuple[type["Store"], tuple[str]]:
        """Go to another process as where it lies, to be opened there."""
        return type(self), (str(self.root),)

    def table(self, asset: str) -> "StorePath":
        """Return where the table of an unpartitioned asset lies."""
        return self.root / f"{asset}.parquet"

    def chart_year(self, sites: str, year: int) -> "StorePath":
        """Return where the chart's answer for a year lies, by the world that it comes from."""
        return self.root / "chart_years" / sites / f"{year}.json"

    def gallery(self) -> "StorePath":
        """Return where the page that people look at lies."""
        return self.root / "gallery.html"

    def folder(self, asset: str, cover_set: str) -> Path:
        """Return where the files of an asset's cover set lie."""
        return self.root / asset / cover_set

    def lock(self, asset: str, cover_set: str | None = None) -> "StorePath":
        """Return the folder that a run has for itself while it makes an asset, or a set of it."""
        return self.root / LOCKS / (f"{asset}.{cover_set}" if cover_set else asset)

    def picture(self, name: str) -> "StorePath":
        """Return where the picture with that content hash lies."""
        return self.root / "pictures" / name[:2] / f"{name}.jpg"

    def add_picture(self, content: bytes) -> str:
        """Store JPEG bytes once, under the SHA-256 of their content, and return it.

        A file there that holds something else, damaged since, is replaced.
        """
        name = hashlib.sha256(content).hexdigest()
        if not self.holds_picture(name):
            with atomic_file(self.picture(name)) as file:
                file.write(content)
        return name

    def picture_content(self, name: str) -> bytes:
        """Return the bytes of the picture with that content hash, compared with it.

        Raises `StoredPictureError` when it is gone, unreadable or another one.
        """
        path = self.picture(name)
        try:
            content = path.read_bytes()
        except FileNotFoundError as error:
            raise StoredPictureError(path, "it is no longer in the store") from error
        except OSError as error:
            why = f"it cannot be read ({error.strerror or error})"
            raise StoredPictureError(path, why) from error
        if hashlib.sha256(content).hexdigest() != name:
            raise StoredPictureError(path, "its content is not the one that was stored")
        return content

    def holds_picture(self, name: str) -> bool:
        """Return whether the picture with that content hash is there as it was stored."""
        try:
            self.picture_content(name)
        except StoredPictureError:
            return False
        return True

    def remove_leftover_pictures(self) -> int:
        """Remove the temporary pictures of runs killed long ago, and return how many they were.

        An object store has none.
        """
        if is_remote(self.root):
            return 0
        temporary = (self.root / "pictures").glob("*/.*.tmp")
        return sum(removed_if_old(path) for path in temporary)
