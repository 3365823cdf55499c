"""TIFF without tags that its pixels do not need."""

from PIL import Image, TiffImagePlugin

from kpop_assets.covers.decoding.stripping.ifd import ByteOrder, entries, orientation_of
from kpop_assets.covers.decoding.stripping.jpeg import MAX_SCANS
from kpop_assets.covers.decoding.stripping.stripped import Stripped
from kpop_assets.covers.unreadable import UnreadablePictureError

NEEDED = frozenset(
    [
        *(256, 257, 258, 259, 262, 266, 273, 277, 278, 279, 284, 292, 293, 317, 320, 322, 323),
        *(324, 325, 332, 338, 339, 347, 512, 513, 514, 515, 517, 518, 519, 520, 521),
        *(529, 530, 531, 532),
    ]
)
"""Size, samples, compression, palette, strips, tiles and JPEG tables, as in TIFF 6.0."""
COMPRESSION, STRIPS, TILES, XMP, ICC_PROFILE = 259, 273, 324, 700, 34675
JPEG_COMPRESSIONS = (6, 7)
SAMPLE_FORMAT, UNSIGNED, SIGNED = 339, 1, 2


def stripped_tiff(content: bytes) -> Stripped:
    """Return the TIFF with a directory of its first picture's needed tags, and what else it tells.

    The received bytes stay where they are, since tags point to them; the new directory is put at
    their end. Raises `UnreadablePictureError` for more than MAX_SCANS scans a strip.
    """
    order: ByteOrder = "little" if content.startswith(b"II") else "big"
    is_big = int.from_bytes(content[2:4], order) == 43
    counted, pointer, header = (8, 8, 16) if is_big else (2, 4, 8)
    first = int.from_bytes(content[header - pointer : header], order)
    kept: dict[int, bytes] = {}
    told = {XMP: b"", ICC_PROFILE: b""}
    orientation, strips, compression = 1, 1, 1
    for entry in entries(content, first, order, is_big=is_big):
        if entry.tag in NEEDED:
            kept.setdefault(entry.tag, entry.raw)
        if entry.tag in told:
            told[entry.tag] = entry.values
        if entry.tag in (STRIPS, TILES):
            strips = entry.count
        if entry.tag == COMPRESSION:
            compression = int.from_bytes(entry.values[:2], order)
        orientation = orientation_of(entry, order) or orientation
    scans = content.count(b"\xff\xda") if compression in JPEG_COMPRESSIONS else 0
    if scans > MAX_SCANS * max(1, strips):
        raise UnreadablePictureError(f"it has {scans:,} scans")
    padding = bytes(-len(content) % 8)
    start = (len(content) + len(padding)).to_bytes(pointer, order)
    directory = [len(kept).to_bytes(counted, order), *kept.values(), bytes(pointer)]
    return Stripped(
        "TIFF",
        b"".join([content[: header - pointer], start, content[header:], padding, *directory]),
        profile=told[ICC_PROFILE],
        xmp=told[XMP],
        orientation=orientation,
    )


class PlainTiffImage(TiffImagePlugin.TiffImageFile):
    """A TIFF that Pillow does not look for metadata in after decoding."""

    def load_end(self) -> None:
        """Do nothing."""


def tiff_tag(image: Image.Image, tag: int, otherwise: int) -> int:
    """Return the first value of a TIFF's tag, or what it means to have none."""
    if not isinstance(image, TiffImagePlugin.TiffImageFile):
        return otherwise
    value = image.tag_v2.get(tag, otherwise)
    return int(value[0] if isinstance(value, tuple) else value)


def holds_signed(image: Image.Image) -> bool:
    """Whether the levels of the picture are signed integers."""
    return tiff_tag(image, SAMPLE_FORMAT, UNSIGNED) == SIGNED
