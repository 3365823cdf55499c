"""An S3 store: how it is opened, and objects written on condition.

What is read may be read again at once by others, so nothing is cached. Requests that fail are sent
again for a minute, or as AWS_RETRY_MODE and AWS_MAX_ATTEMPTS say, before an error comes out.
"""

import os
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from upath import UPath

ASKED_AGAIN_S = 60.0
"""From the first failure of a request until it is an error."""
_NOT_WRITTEN = ("PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey", "404", "412")


def storage_options() -> dict[str, Any]:
    """Return how an S3 store is opened; where and as whom, the AWS_ variables say."""
    options: dict[str, Any] = {"use_listings_cache": False}
    if "AWS_RETRY_MODE" in os.environ or "AWS_MAX_ATTEMPTS" in os.environ:
        return options
    never_by_botocore = {"retries": {"mode": "standard", "total_max_attempts": 1}}
    return {**options, "config_kwargs": never_by_botocore, "asked_again_s": ASKED_AGAIN_S}


def content_and_etag(path: "UPath") -> tuple[bytes, str] | None:
    """Return an object and the ETag of just that content, None when there is none.

    Raises OSError.
    """
    try:
        file, etag = path.fs.fetched(path.path)
    except FileNotFoundError:
        return None
    with file:
        return file.read(), etag


def put_if(path: "UPath", content: bytes, etag: str | None) -> bool:
    """Write an object if it still has that ETag, or is not there for None; say whether.

    It may have been written all the same when the answer was lost. Raises OSError.
    """
    condition = {"mode": "create"} if etag is None else {"IfMatch": etag}
    try:
        path.fs.pipe_file(path.path, content, **condition)
    except OSError as error:
        answer = getattr(error.__cause__, "response", {})
        if answer.get("Error", {}).get("Code") in _NOT_WRITTEN:
            return False
        raise
    return True
