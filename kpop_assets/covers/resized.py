"""Covers at training size in a raw file, headed by what they were made from and their own hash.

The file is a header of HEADER_BYTES and then the pixels of all covers, uint8 RGB, row by row, so
that cover i begins at HEADER_BYTES + i * size * size * 3.
"""

import hashlib
import struct
from dataclasses import dataclass
from typing import BinaryIO

from kpop_assets.covers.tensors import CoverTensorsError, resized_covers

_MAGIC = b"covers-1"
_HEADER = struct.Struct("<8sIQ32s32s")
_BLOCK = 2**20
HEADER_BYTES = _HEADER.size


@dataclass(frozen=True)
class ResizedHeader:
    """What a file of resized covers holds.

    `image_size` is in pixels, `tensors` the SHA-256 of the tensor file that the covers were read
    from, `pixels` the SHA-256 of all pixels in order.
    """

    image_size: int
    count: int
    tensors: str
    pixels: str


def write_resized(tensors: BinaryIO, image_size: int, target: BinaryIO) -> ResizedHeader:
    """Write the covers of a tensor file to `target` at `image_size` pixels (Lanczos), one by one.

    A target that was not written to its end has no valid header. Raises `CoverTensorsError` when
    `tensors` is no tensor file.
    """
    target.write(bytes(HEADER_BYTES))
    pixels, count = hashlib.sha256(), 0
    for cover in resized_covers(tensors, image_size):
        content = cover.tobytes()
        pixels.update(content)
        target.write(content)
        count += 1
    try:
        digest = file_digest(tensors)
    except OSError as error:
        raise CoverTensorsError(
            f"expected to read cover tensors, but {error}; check the disk, or materialize "
            "cover_tensors again"
        ) from error
    target.seek(0)
    target.write(_HEADER.pack(_MAGIC, image_size, count, bytes.fromhex(digest), pixels.digest()))
    return ResizedHeader(image_size, count, digest, pixels.hexdigest())


def read_header(file: BinaryIO) -> ResizedHeader | None:
    """Return the header of a file of resized covers, or None when the file is torn or altered.

    Reads the whole file, to compare its pixels with their hash.
    """
    file.seek(0)
    packed = file.read(HEADER_BYTES)
    if len(packed) < HEADER_BYTES:
        return None
    magic, image_size, count, tensors, pixels = _HEADER.unpack(packed)
    whole = _digest_of_rest(file) == pixels
    expected_bytes = HEADER_BYTES + count * image_size * image_size * 3
    if magic != _MAGIC or not whole or file.tell() != expected_bytes:
        return None
    return ResizedHeader(image_size, count, tensors.hex(), pixels.hex())


def file_digest(file: BinaryIO) -> str:
    """Return the SHA-256 of a whole file."""
    file.seek(0)
    return _digest_of_rest(file).hex()


def _digest_of_rest(file: BinaryIO) -> bytes:
    digest = hashlib.sha256()
    while block := file.read(_BLOCK):
        digest.update(block)
    return digest.digest()
