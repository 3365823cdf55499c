"""How a picture has to be turned to stand upright.

Of EXIF only the orientation is read, so that nothing else in it can do harm. Browsers take it from
EXIF alone; without one there, that of XMP is taken, as photo editors do.
"""

import re

from PIL import Image

from kpop_assets.covers.decoding.stripping.ifd import ByteOrder, entries, orientation_of
from kpop_assets.covers.decoding.stripping.stripped import Stripped

EXIF_PREFIX = b"Exif\0\0"
MAX_EXIF = 2**20
"""Bytes of an EXIF block that are looked at; the orientation stands at its beginning."""
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
SIDEWAYS = (5, 6, 7, 8)
"""The orientations that swap width and height."""
_ORIENTATION_IN_XMP = re.compile(rb"tiff:Orientation\s*(?:=\s*[\"']|>)\s*([1-8])\s*[\"'<]")


def orientation(picture: Stripped) -> int:
    """Return the orientation from 1, upright, to 8, as EXIF and TIFF count them.

    The container's own word comes first, then EXIF's, then XMP's; what is no number from 1 to 8 is
    passed over.
    """
    if picture.orientation != 1:
        return picture.orientation
    blocks = [orientation_in_exif(block) for block in picture.exif]
    return next(filter(None, blocks), None) or orientation_in_xmp(picture.xmp) or 1


def orientation_in_exif(exif: bytes) -> int | None:
    """Return the orientation of an EXIF block, with or without its prefix, or None.

    The type may be any integer, though the standard wants a SHORT. A block whose header names the
    wrong byte order is read in the other one.
    """
    block = exif[:MAX_EXIF]
    while block.startswith(EXIF_PREFIX):
        block = block[len(EXIF_PREFIX) :]
    orders: tuple[ByteOrder, ByteOrder] = ("little", "big")
    if block[:2] not in (b"II", b"MM"):
        return None
    for order in orders if block[:2] == b"II" else orders[::-1]:
        first = int.from_bytes(block[4:8], order)
        for entry in entries(block, first, order):
            if (found := orientation_of(entry, order)) is not None:
                return found
    return None


def orientation_in_xmp(xmp: bytes) -> int | None:
    """Return the orientation of an XMP packet, or None."""
    found = _ORIENTATION_IN_XMP.search(xmp)
    return int(found[1]) if found else None


def upright(image: Image.Image, orientation: int) -> Image.Image:
    """Return the picture turned as the orientation asks for."""
    turn = TURNS.get(orientation)
    return image if turn is None else image.transpose(turn)
