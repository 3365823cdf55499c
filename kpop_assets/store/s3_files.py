"""The files of S3, by s3fs."""

import errno
from typing import Any

from fsspec.asyn import FSTimeoutError
from s3fs import S3FileSystem


class S3Files(S3FileSystem):
    """S3 whose every trouble is an OSError; s3fs passes on those of the connection as they are."""

    async def _call_s3(self, method: str, *given: Any, **named: Any) -> Any:
        try:
            return await super()._call_s3(method, *given, **named)
        except OSError as error:
            if isinstance(error, FSTimeoutError):
                raise OSError(errno.ETIMEDOUT, "the object store does not answer") from error
            raise
        except Exception as error:  # botocore and aiohttp raise many kinds
            raise OSError(errno.EIO, f"the object store cannot be asked: {error}") from error
