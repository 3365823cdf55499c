"""A lease: an object that says who works in a folder of an object store, and is renewed while so.

Nobody's clock is trusted. Who finds a lease watches it for as long as it holds: when it was not
renewed meanwhile its holder is gone. A holder on the same machine that was killed is known to be
gone at once, by a lock that the system frees.
"""

import hashlib
import json
import os
import tempfile
import threading
import time
import uuid
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from kpop_assets.store.files import atomic_file
from kpop_assets.store.s3.requests import content_and_etag, put_if

if TYPE_CHECKING:
    from upath import UPath

HOLDS_S = 30.0
RENEWED_S = 5.0


class Lease:
    """Who holds the lease of a folder. One object is one holder."""

    def __init__(self, folder: "UPath", holds_s: float = HOLDS_S, renewed_s: float = RENEWED_S):
        self._path = folder.with_name(f".{folder.name}.lease")
        self._holds_s, self._renewed_s = holds_s, renewed_s
        self._lock = _lock_of_this_machine(str(self._path))
        self._holder = uuid.uuid4().hex
        self._etag: str | None = None
        self._released = threading.Event()
        self._renewing = threading.Thread(target=self._renew, daemon=True)

    def acquired(self) -> bool:
        """Take the lease and renew it from now on; return False when somebody else holds it.

        That takes as long as until the other renews it, or until it ends. Raises OSError.
        """
        try:
            self._lock.acquire(blocking=False)
        except Timeout:
            return False
        try:
            taken = self._taken()
        except BaseException:
            self._lock.release()
            raise
        if taken:
            self._renewing.start()
        else:
            self._lock.release()
        return taken

    def release(self) -> None:
        """Give the lease up, unless somebody else has taken it."""
        self._released.set()
        self._renewing.join()
        with suppress(OSError):
            found = content_and_etag(self._path)
            if found and json.loads(found[0])["holder"] == self._holder:
                self._path.fs.rm_file(self._path.path)
        self._lock.release()

    def _taken(self) -> bool:
        watched, since = None, 0.0
        while True:
            found = content_and_etag(self._path)
            etag = found[1] if found else None
            if found and json.loads(found[0])["machine"] != _machine():
                if watched is None:
                    watched, since = etag, time.monotonic()
                if etag != watched:
                    return False
                if time.monotonic() - since < self._holds_s:
                    time.sleep(min(1.0, self._renewed_s / 2))
                    continue
            if self._written(etag):
                return True

    def _written(self, etag: str | None) -> bool:
        """Write the lease if it is still as it was; say whether it is now this holder's."""
        about = {"machine": _machine(), "holder": self._holder, "renewal": uuid.uuid4().hex}
        put_if(self._path, json.dumps(about).encode(), etag)
        found = content_and_etag(self._path)  # the answer to a write may have been lost
        if found is None or json.loads(found[0])["holder"] != self._holder:
            return False
        self._etag = found[1]
        return True

    def _renew(self) -> None:
        while not self._released.wait(self._renewed_s):
            with suppress(OSError):  # asked again in some seconds
                if not self._written(self._etag):
                    return


def _lock_of_this_machine(name: str) -> FileLock:
    where = f"{os.environ.get('AWS_ENDPOINT_URL', '')} {name}"
    return FileLock(_folder() / f"{hashlib.sha256(where.encode()).hexdigest()}.lock")


def _machine() -> str:
    """Return a name of all processes that see the locks of this machine."""
    path = _folder() / "machine"
    if not path.exists():
        with FileLock(_folder() / "machine.lock"):
            if not path.exists():
                with atomic_file(path) as file:
                    file.write(uuid.uuid4().hex.encode())
    return path.read_text()


def _folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"kpop_assets-leases-{os.getuid()}"
    folder.mkdir(exist_ok=True)
    return folder
