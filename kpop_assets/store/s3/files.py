"""The files of S3, by s3fs: read whole in one request, with the troubles of a disk."""

import asyncio
import errno
from tempfile import SpooledTemporaryFile
from typing import IO, Any

from fsspec.asyn import FSTimeoutError, sync_wrapper
from s3fs import S3FileSystem

from kpop_assets.store.s3.asking_again import may_pass, pauses

IN_MEMORY = 64 * 2**20
"""Bytes of an opened object that are held in memory; a larger one is in a file of this machine."""
_PAUSES_S = (0.1, 0.5, 2.0, 5.0)
"""Before an object whose sending broke off is asked for again."""
_NOT_REPEATED = " (reached max retries: 0)"
"""What botocore says of a request that is repeated here."""


class S3Files(S3FileSystem):
    """S3 whose every trouble is an OSError; s3fs passes on those of the connection as they are."""

    retries = 1
    """Requests are sent again here, or by botocore if `asked_again_s` is 0."""

    def __init__(self, *given: Any, asked_again_s: float = 0.0, **named: Any) -> None:
        super().__init__(*given, **named)
        self._asked_again_s = asked_again_s
        self._given_up = False  # since then nothing was answered, and all ask once

    def _open(self, path: str, mode: str = "rb", **named: Any) -> Any:
        return self.fetched(path)[0] if mode == "rb" else super()._open(path, mode, **named)

    async def _fetched(self, path: str) -> tuple[IO[bytes], str]:
        """Return an object, whole as it was at one time, and its ETag; raises OSError."""
        bucket, key, _ = self.split_path(path)
        for pause in (*_PAUSES_S, None):
            file = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115  # whoever opens closes it
            answer = await self._call_s3("get_object", Bucket=bucket, Key=key)
            try:
                async for part in answer["Body"].iter_chunks(2**20):
                    file.write(part)
            except Exception as error:  # botocore and aiohttp raise many kinds
                if pause is None:
                    raise OSError(errno.EIO, f"its sending broke off: {error}") from error
                await asyncio.sleep(pause)
            else:
                file.seek(0)
                return file, answer["ETag"]
        raise AssertionError

    fetched = sync_wrapper(_fetched)

    async def _call_s3(self, method: str, *given: Any, **named: Any) -> Any:
        waits = pauses(self._asked_again_s)
        while True:
            try:
                answer = await super()._call_s3(method, *given, **named)
            except Exception as error:  # botocore and aiohttp raise many kinds
                is_trouble = may_pass(error)
                pause = next(waits, None) if is_trouble and not self._given_up else None
                if pause is None:
                    self._given_up = is_trouble
                    raise _of_a_disk(error) from _cause(error)
            else:
                self._given_up = False
                return answer
            await asyncio.sleep(pause)


def _of_a_disk(error: Exception) -> OSError:
    if isinstance(error, FSTimeoutError):
        return OSError(errno.ETIMEDOUT, "the object store does not answer")
    if isinstance(error, OSError):
        if error.strerror:
            error.strerror = error.strerror.replace(_NOT_REPEATED, "")
        return error
    return OSError(errno.EIO, f"the object store cannot be asked: {error}")


def _cause(error: Exception) -> BaseException | None:
    return error.__cause__ if isinstance(error, OSError) else error
