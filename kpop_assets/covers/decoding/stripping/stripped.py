"""A received picture without its metadata."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Stripped:
    """The bytes that the pixels need, and apart from them what says how the pixels are meant.

    `profile` is the embedded ICC profile, `exif` holds EXIF blocks and `xmp` an XMP packet, each as
    received and empty without one; `orientation` is what the container itself says, 1 to 8.
    """

    format: str
    content: bytes
    profile: bytes = b""
    exif: tuple[bytes, ...] = ()
    xmp: bytes = b""
    orientation: int = 1
