"""PNG without texts, animation and whatever else its pixels do not need."""

import re
import zlib
from dataclasses import dataclass

from kpop_assets.covers.decoding.stripping.stripped import Stripped
from kpop_assets.covers.unreadable import UnreadablePictureError

SIGNATURE, BIT_DEPTH = 8, 24
NEEDED = frozenset([b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"])
METADATA = frozenset([b"iCCP", b"eXIf", b"iTXt", b"tEXt", b"zTXt"])
MAX_PIECES = 100_000
"""Chunks that the pixels need; most writers make pieces of 8 kB and more."""
MAX_INFLATED = 2**23
"""Bytes that a compressed profile or text may become."""
XMP_KEYWORD = b"XML:com.adobe.xmp"
EXIF_KEYWORDS = (b"Raw profile type exif", b"Raw profile type APP1")
_SMALL = 12
"""Length of a chunk of metadata below which it says nothing that is looked for."""
_SMALL_METADATA = re.compile(
    rb"(?:\x00\x00\x00(?:"
    + b"|".join(
        rb"\x%02x(?!tRNS)[a-z][A-Za-z]{3}.{%d}" % (length, length + 4) for length in range(_SMALL)
    )
    + rb"))++",
    re.DOTALL,
)
_HEXADECIMAL = re.compile(rb"[0-9a-fA-F]*\Z")


@dataclass
class _Metadata:
    profile: bytes | None = None
    exif: bytes = b""
    xmp: bytes | None = None
    raw_exif: bytes | None = None


def stripped_png(content: bytes) -> Stripped:
    """Return the PNG with the chunks that its pixels need, and its profile, EXIF and XMP.

    One walk over the chunks, whatever their number. Of an animation the default picture stays. A
    chunk of metadata with a wrong checksum is passed over. Raises `UnreadablePictureError` for more
    than MAX_PIECES chunks of pixels.
    """
    kept = [content[:SIGNATURE]]
    metadata = _Metadata()
    at, end, pieces, needed_from = SIGNATURE, len(content), 0, SIGNATURE
    while at + 8 <= end:
        length = int.from_bytes(content[at : at + 4], "big")
        kind = content[at + 4 : at + 8]
        following = at + 12 + length
        if kind in NEEDED:
            pieces += 1
        else:
            if needed_from < at:
                kept.append(content[needed_from:at])
            small = _SMALL_METADATA.match(content, at) if length < _SMALL else None
            following = needed_from = small.end() if small else following
            if kind in METADATA and following <= end:
                body = content[at + 8 : following - 4]
                checksum = int.from_bytes(content[following - 4 : following], "big")
                if zlib.crc32(body, zlib.crc32(kind)) == checksum:
                    _take_note(metadata, kind, body)
        at = following
        if kind == b"IEND":
            break
    if pieces > MAX_PIECES:
        raise UnreadablePictureError(f"it is cut into {pieces:,} pieces")
    kept.append(content[needed_from:at])
    return Stripped(
        "PNG",
        b"".join(kept),
        profile=metadata.profile or b"",
        exif=(metadata.exif, metadata.raw_exif or b""),
        xmp=metadata.xmp or b"",
    )


def png_transparency(
    content: bytes, transparency: int | tuple[int, ...] | bytes
) -> int | tuple[int, ...] | bytes:
    """Return the transparent colour as Pillow has that colour's pixels.

    Pillow scales the levels of 2- and 4-bit grey up to 255 and those of 16-bit RGB down to it, but
    not the colour that the file calls transparent.
    """
    depth = content[BIT_DEPTH]
    if isinstance(transparency, int) and depth in (2, 4):
        return transparency * 255 // (2**depth - 1)
    if isinstance(transparency, tuple) and depth == 16:
        return tuple(level >> 8 for level in transparency)
    return transparency


def _take_note(metadata: _Metadata, kind: bytes, body: bytes) -> None:
    keyword, _, rest = body.partition(b"\0")
    match kind:
        case b"iCCP":
            if metadata.profile is None:
                metadata.profile = _inflated(rest[1:])
        case b"eXIf":
            metadata.exif = metadata.exif or body
        case b"iTXt" if keyword == XMP_KEYWORD:
            compressed = rest[:1] == b"\1"
            text = rest[2:].partition(b"\0")[2].partition(b"\0")[2]
            if metadata.xmp is None:
                metadata.xmp = _inflated(text) if compressed else text
        case b"zTXt" if keyword in EXIF_KEYWORDS and metadata.raw_exif is None:
            metadata.raw_exif = _from_hexadecimal(_inflated(rest[1:]))
        case b"tEXt" if keyword in EXIF_KEYWORDS and metadata.raw_exif is None:
            metadata.raw_exif = _from_hexadecimal(rest)


def _inflated(compressed: bytes) -> bytes:
    """The bytes, or none where they are damaged or become too many."""
    inflater = zlib.decompressobj()
    try:
        inflated = inflater.decompress(compressed, MAX_INFLATED)
    except zlib.error:
        return b""
    return inflated if inflater.eof else b""


def _from_hexadecimal(profile: bytes) -> bytes:
    """The block of ImageMagick's raw profile: a name and a length, each on a line, then digits."""
    digits = b"".join(profile.split(b"\n")[3:])
    is_whole = _HEXADECIMAL.match(digits) and len(digits) % 2 == 0
    return bytes.fromhex(digits.decode()) if is_whole else b""
