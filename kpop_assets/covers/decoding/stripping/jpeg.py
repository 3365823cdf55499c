"""JPEG without comments, thumbnails and whatever else its pixels do not need."""

import re

from kpop_assets.covers.decoding.stripping.stripped import Stripped
from kpop_assets.covers.unreadable import UnreadablePictureError

MAX_SCANS = 200
"""A progressive JPEG has about 10; each one makes the decoder go through the whole picture."""
MAX_TABLES = 2000
"""Segments that the pixels need; a JPEG has about 10, a progressive one about 50."""
EXIF = b"Exif\0\0"
XMP = b"http://ns.adobe.com/xap/1.0/\0"
ICC = b"ICC_PROFILE\0"
MAX_EXIF_BLOCKS = 8
START_OF_IMAGE, END_OF_IMAGE, START_OF_SCAN = 0xD8, 0xD9, 0xDA
APPLICATION_1, APPLICATION_2 = 0xE1, 0xE2
COLOUR_CODING = {0xE0: b"JFIF\0", 0xEE: b"Adobe"}
"""The segments that tell YCbCr from RGB; the first of each is kept."""
METADATA = frozenset([*range(0xE0, 0xF0), 0xFE])
WITHOUT_LENGTH = frozenset([0x01, *range(0xD0, 0xD8), START_OF_IMAGE])
_SMALL = 12
"""Length of a segment of metadata below which it says nothing that is looked for."""
_SMALL_METADATA = re.compile(
    rb"(?:\xff[\xe0-\xef\xfe]\x00(?:"
    + b"|".join(rb"\x%02x.{%d}" % (length, max(0, length - 2)) for length in range(_SMALL))
    + rb"))++",
    re.DOTALL,
)
_AFTER_SCAN = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_NEXT_MARKER = re.compile(rb"\xff[^\x00\xff]")


def stripped_jpeg(content: bytes) -> Stripped:
    """Return the JPEG with the segments that its pixels need, and its profile, EXIF and XMP.

    One walk over the segments, whatever their number. What follows the first picture, as in a
    multi-picture file of a phone, is left out. A segment that is cut off ends the walk. Raises
    `UnreadablePictureError` for more than MAX_SCANS scans or MAX_TABLES tables.
    """
    kept = [content[:2]]
    exif: list[bytes] = []
    xmp = b""
    profile: dict[int, bytes] = {}
    coding: dict[int, bytes] = {}
    profile_parts = scans = 0
    at, end = 2, len(content)
    while at + 4 <= end:
        marker = content[at + 1]
        if content[at] != 0xFF or marker in (0x00, 0xFF):
            found = _NEXT_MARKER.search(content, at)
            if found is None:
                break
            at = found.start()
            continue
        if marker == END_OF_IMAGE:
            break
        if marker in WITHOUT_LENGTH:
            at += 2
            continue
        body, following = at + 4, at + 2 + max(2, (content[at + 2] << 8) | content[at + 3])
        if following > end:
            break
        if marker in METADATA and following - at < _SMALL + 2:
            small = _SMALL_METADATA.match(content, at)
            at = small.end() if small else following
            continue
        if marker not in METADATA:
            scans += marker == START_OF_SCAN
            if scans > MAX_SCANS:
                more = content.count(bytes([0xFF, START_OF_SCAN]), following)
                raise UnreadablePictureError(f"it has {scans + more:,} scans")
            if len(kept) > MAX_TABLES:
                raise UnreadablePictureError(f"it has more than {MAX_TABLES:,} tables")
            if marker == START_OF_SCAN:
                after = _AFTER_SCAN.search(content, following)
                following = after.start() if after else end
            kept.append(content[at:following])
        elif marker == APPLICATION_1:
            if len(exif) < MAX_EXIF_BLOCKS and content.startswith(EXIF, body):
                exif.append(content[body:following])
            elif not xmp and content.startswith(XMP, body):
                xmp = content[body + len(XMP) : following]
        elif marker == APPLICATION_2 and content.startswith(ICC, body):
            part = content[body + len(ICC) : following]
            if len(part) > 2:
                profile_parts = part[1]
                profile[part[0]] = part[2:]
        elif content.startswith(COLOUR_CODING.get(marker, b"no name"), body):
            coding.setdefault(marker, content[at:following])
        at = following
    if at < end and content[at : at + 2] == bytes([0xFF, END_OF_IMAGE]):
        kept.append(bytes([0xFF, END_OF_IMAGE]))
    whole = list(range(1, profile_parts + 1)) == sorted(profile)
    return Stripped(
        "JPEG",
        b"".join([kept[0], *coding.values(), *kept[1:]]),
        profile=b"".join(profile[part] for part in sorted(profile)) if whole else b"",
        exif=tuple(exif),
        xmp=xmp,
    )
