"""Reading a file of a person's folder: a regular one of a bounded size, and nothing else."""

import os
import stat
from pathlib import Path

from kpop_assets.errors import KpopAssetsError

KINDS = {
    stat.S_IFDIR: "a folder",
    stat.S_IFIFO: "a named pipe",
    stat.S_IFCHR: "a device",
    stat.S_IFBLK: "a device",
    stat.S_IFSOCK: "a socket",
}


class UnusableFileError(KpopAssetsError):
    """The file cannot be read as a whole; `reason` says why in a few words."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"expected a regular file that can be read at {path}, but {reason}")
        self.reason = reason


def read_regular_file(path: Path, most_bytes: int) -> bytes:
    """Return the content of a regular file of at most `most_bytes`; links are followed.

    A named pipe, a device or a socket is never opened, so nothing waits or has no end. Raises
    `UnusableFileError`.
    """
    try:
        _require_regular(path, path.stat(), most_bytes)
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
        with open(descriptor, "rb") as file:
            _require_regular(path, os.fstat(descriptor), most_bytes)
            content = file.read(most_bytes + 1) or b""
    except OSError as error:
        raise UnusableFileError(path, error.strerror or str(error)) from error
    except ValueError as error:  # a name with a zero byte, or one that no encoding has
        raise UnusableFileError(path, str(error)) from error
    if len(content) > most_bytes:
        raise UnusableFileError(path, _too_large(most_bytes))
    return content


def _require_regular(path: Path, status: os.stat_result, most_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        kind = KINDS.get(stat.S_IFMT(status.st_mode), "something else")
        raise UnusableFileError(path, f"it is {kind}, no regular file")
    if status.st_size > most_bytes:
        raise UnusableFileError(path, _too_large(most_bytes))


def _too_large(most_bytes: int) -> str:
    return f"it has more than {most_bytes:,} bytes"
