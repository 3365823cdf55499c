"""Paths of the store: those of universal_pathlib, for folders of this machine and for S3.

They are loaded with the first store, since importing fsspec would make the definitions slower.
"""

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard, cast

from kpop_assets.store.errors import NoObjectStoreError

if TYPE_CHECKING:
    from upath import UPath
    from upath.implementations.local import PosixUPath as StorePath

    AnyPath = Path | UPath

S3 = "s3://"


def store_path(where: "str | PathLike[str] | UPath") -> "StorePath":
    """Return where a store lies; a folder of this machine is a path of pathlib, too.

    Raises NoObjectStoreError for s3:// without s3fs.
    """
    from upath import UPath

    if not str(where).startswith(S3):
        return cast("StorePath", UPath(where))
    try:
        from kpop_assets.store.s3.files import S3Files
    except ModuleNotFoundError as error:
        raise NoObjectStoreError(str(where)) from error
    import fsspec

    from kpop_assets.store.s3.requests import storage_options

    fsspec.register_implementation("s3", S3Files, clobber=True)
    return cast("StorePath", UPath(where, **storage_options()))


def is_remote(path: "AnyPath") -> "TypeGuard[UPath]":
    """Return whether a path of the store lies in an object store."""
    return not isinstance(path, Path)
