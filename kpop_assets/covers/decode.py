"""Hostile bytes to a clean RGB picture, and back to bytes fit to be stored.

Received bytes are only looked at in processes of their own (`decoding/`), which are limited in
memory and time.
"""

from dataclasses import dataclass

from PIL import Image

from kpop_assets.covers.decoding.pool import pool
from kpop_assets.covers.decoding.reencoded import HASHED_BYTES, HASHED_SIDE, stored_jpeg
from kpop_assets.covers.unreadable import FORMATS, MAX_PIXELS, MAX_SIDE, UnreadablePictureError

__all__ = [
    "FORMATS",
    "MAX_PIXELS",
    "MAX_SIDE",
    "CleanPicture",
    "UnreadablePictureError",
    "clean_picture",
    "decoded_cover",
    "picture_size",
    "stored_jpeg",
]


@dataclass(frozen=True)
class CleanPicture:
    """A received picture encoded anew: JPEG bytes, and its size in pixels.

    `small_grey` is what its perceptual hash is made of: 32x32 pixels, mode L.
    """

    jpeg: bytes
    width: int
    height: int
    small_grey: Image.Image


def decoded_cover(content: bytes) -> Image.Image:
    """Return the picture as RGB in sRGB's colours, upright, without metadata.

    Of an animation the first frame; an embedded profile is converted (relative colorimetric with
    black point compensation), a broken one passed over; more than 8 bits are scaled by the range
    of their format; transparency lies on white. Raises `UnreadablePictureError` with a reason for
    everything else, also when memory or processor time run out.
    """
    answer = pool().ask("pixels", content)
    return Image.frombytes("RGB", answer.size, bytes(answer.body))


def clean_picture(content: bytes, comment: str) -> CleanPicture:
    """Return the picture of `decoded_cover` encoded by `stored_jpeg`; raises as that.

    No pixel of it comes into this process.
    """
    answer = pool().ask("stored", content, comment)
    jpeg, grey = answer.body[:-HASHED_BYTES], answer.body[-HASHED_BYTES:]
    small = Image.frombytes("L", (HASHED_SIDE, HASHED_SIDE), bytes(grey))
    return CleanPicture(bytes(jpeg), *answer.size, small)


def picture_size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels, when upright, from the header; raises as `decoded_cover`.

    Damage beyond the header is not noticed.
    """
    return pool().ask("size", content).size
