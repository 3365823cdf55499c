"""AVIF without its EXIF block: how it is turned stands in properties of its own."""

import re

from kpop_assets.covers.decoding.stripping.stripped import Stripped

_ITEM_OF_EXIF = re.compile(rb"(infe[\x02\x03].{3}(?:.{4}|.{6}))Exif", re.DOTALL)


def stripped_avif(content: bytes) -> Stripped:
    """Return the AVIF with its EXIF item under a name that no reader looks for.

    Pillow would parse and rewrite the block while it opens the file.
    """
    return Stripped("AVIF", _ITEM_OF_EXIF.sub(rb"\1skip", content))
