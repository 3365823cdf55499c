"""WebP's size and metadata, read without its decoder, which allots the whole canvas at once."""

from kpop_assets.covers.decoding.stripping.stripped import Stripped
from kpop_assets.covers.unreadable import UnreadablePictureError

HEADER, CHUNK_HEADER = 12, 8
METADATA = frozenset([b"ICCP", b"EXIF", b"XMP "])


def webp_size(content: bytes) -> tuple[int, int]:
    """Return width and height of the canvas in pixels; raises `UnreadablePictureError`."""
    kind, body = content[HEADER : HEADER + 4], content[HEADER + CHUNK_HEADER :][:10]
    if len(body) == 10:
        if kind == b"VP8X":
            return _little(body[4:7]) + 1, _little(body[7:10]) + 1
        if kind == b"VP8L" and body[0] == 0x2F:
            bits = _little(body[1:5])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        if kind == b"VP8 " and body[3:6] == b"\x9d\x01\x2a":
            return _little(body[6:8]) & 0x3FFF, _little(body[8:10]) & 0x3FFF
    raise UnreadablePictureError("its header cannot be read (no size in a WebP)")


def stripped_webp(content: bytes) -> Stripped:
    """Return the WebP as it is, since its decoder passes over metadata, and what that tells."""
    told: dict[bytes, bytes] = {}
    at = HEADER
    while at + CHUNK_HEADER <= len(content):
        kind, length = content[at : at + 4], _little(content[at + 4 : at + CHUNK_HEADER])
        if kind in METADATA:
            told.setdefault(kind, content[at + CHUNK_HEADER : at + CHUNK_HEADER + length])
        at += CHUNK_HEADER + length + length % 2
    return Stripped(
        "WEBP",
        content,
        profile=told.get(b"ICCP", b""),
        exif=(told.get(b"EXIF", b""),),
        xmp=told.get(b"XMP ", b""),
    )


def _little(number: bytes) -> int:
    return int.from_bytes(number, "little")
