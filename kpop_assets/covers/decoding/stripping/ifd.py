"""The entries of an image file directory, which TIFF files and EXIF blocks are made of."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

ByteOrder = Literal["little", "big"]
TYPE_SIZES = {
    1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4,
    16: 8, 17: 8, 18: 8,
}  # fmt: skip
"""Bytes of a value by its type, as in TIFF 6.0 and BigTIFF."""
INTEGERS = (1, 3, 4, 6, 8, 9, 16, 17)
ORIENTATION = 0x0112


@dataclass(frozen=True)
class Entry:
    """One entry: its tag, type and number of values, the bytes of the values, and all its bytes.

    `values` is cut off where the file is.
    """

    tag: int
    kind: int
    count: int
    values: bytes
    raw: bytes


def entries(content: bytes, at: int, order: ByteOrder, *, is_big: bool = False) -> Iterator[Entry]:
    """Yield the entries of the directory at offset `at`, up to where the content ends."""
    counted, pointer = (8, 8) if is_big else (2, 4)
    length = 4 + 2 * pointer
    count = min(int.from_bytes(content[at : at + counted], order), 65_535)
    for number in range(count):
        start = at + counted + number * length
        raw = content[start : start + length]
        if len(raw) < length:
            return
        tag, kind = (int.from_bytes(raw[place : place + 2], order) for place in (0, 2))
        values = int.from_bytes(raw[4 : 4 + pointer], order)
        size = values * TYPE_SIZES.get(kind, 0)
        field = raw[4 + pointer :]
        offset = int.from_bytes(field, order)
        found = field[:size] if size <= pointer else content[offset : offset + size]
        yield Entry(tag, kind, values, found, raw)


def orientation_of(entry: Entry, order: ByteOrder) -> int | None:
    """Return the orientation that the entry holds, 1 to 8, or None."""
    size = TYPE_SIZES.get(entry.kind, 0)
    if entry.tag != ORIENTATION or entry.kind not in INTEGERS or len(entry.values) < size:
        return None
    value = int.from_bytes(entry.values[:size], order)
    return value if 1 <= value <= 8 else None
