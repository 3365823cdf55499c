"""An S3 store: its troubles as those of a disk, and writes on condition.

What is read may be read again at once by others, so nothing is cached. Requests that fail are sent
again for about a minute, as AWS_RETRY_MODE and AWS_MAX_ATTEMPTS say, before an error comes out.
"""

import errno
import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upath import UPath

_ATTEMPTS = 9
_REREADS = 5


def storage_options() -> dict[str, Any]:
    """Return how an S3 store is opened; where and as whom, the AWS_ variables say."""
    retries: dict[str, Any] = {}
    if "AWS_RETRY_MODE" not in os.environ:
        retries["mode"] = "standard"
    if "AWS_MAX_ATTEMPTS" not in os.environ:
        retries["total_max_attempts"] = _ATTEMPTS
    return {"use_listings_cache": False, "config_kwargs": {"retries": retries}}


def content_and_etag(path: "UPath") -> tuple[bytes, str] | None:
    """Return an object and the ETag of just that content, None when there is none.

    Raises OSError.
    """
    for _ in range(_REREADS):
        try:
            with path.open("rb") as file:
                return file.read(), file.details["ETag"]  # type: ignore[attr-defined]
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno != errno.EBUSY:  # s3fs: written between the two requests
                raise
    raise OSError(errno.EBUSY, f"{path} is written all the time")


def put_if(path: "UPath", content: bytes, etag: str | None) -> bool:
    """Write an object if it still has that ETag, or is not there for None; say whether.

    Raises OSError.
    """
    condition = {"mode": "create"} if etag is None else {"IfMatch": etag}
    try:
        path.fs.pipe_file(path.path, content, **condition)
    except FileExistsError:
        return False
    except OSError as error:
        if error.errno in (errno.EINVAL, errno.ENOENT) and etag is not None:
            return False
        raise
    return True
