"""GIF without comments and applications' blocks."""

import re

from kpop_assets.covers.decoding.stripping.stripped import Stripped

SCREEN = 13
EXTENSION, GRAPHIC_CONTROL = 0x21, 0xF9
_SMALL_EXTENSIONS = re.compile(
    rb"(?:![^\xf9](?:"
    + b"|".join(rb"\x%02x.{%d}" % (length, length) for length in range(1, 12))
    + rb")*+\x00)++",
    re.DOTALL,
)


def stripped_gif(content: bytes) -> Stripped:
    """Return the GIF without the extensions before its first picture that no pixel needs."""
    if len(content) < SCREEN:
        return Stripped("GIF", content)
    has_palette, bits = content[10] & 0x80, (content[10] & 7) + 1
    at = SCREEN + (3 << bits if has_palette else 0)
    kept = [content[:at]]
    while content[at : at + 1] == bytes([EXTENSION]):
        small = _SMALL_EXTENSIONS.match(content, at)
        following = small.end() if small else _after_blocks(content, at + 2)
        if content[at + 1 : at + 2] == bytes([GRAPHIC_CONTROL]):
            kept = [kept[0], content[at:following]]
        at = following
    return Stripped("GIF", b"".join([*kept, content[at:]]))


def _after_blocks(content: bytes, at: int) -> int:
    """The place after blocks that each begin with their length, the last with 0."""
    end = len(content)
    while at < end and (length := content[at]):
        at += length + 1
    return at + 1
