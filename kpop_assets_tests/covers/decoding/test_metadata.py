"""Nothing in a picture's metadata costs the picture; only how it is turned is read."""

import io
import struct
import zlib

import pytest
from PIL import Image

from kpop_assets.covers.decode import UnreadablePictureError, decoded_cover, picture_size
from kpop_assets_tests.covers.decoding.test_colour import chunk
from kpop_assets_tests.covers.decoding.test_decode import encoded, two_halves

UPRIGHT, TURNED = (40, 20), (20, 40)
SHORT, LONG, RATIONAL = 3, 4, 5
NAMESPACE = b"http://ns.adobe.com/xap/1.0/\0"


def exif(order: str, *entries: tuple[int, int, int, bytes], start: int = 8) -> bytes:
    """An EXIF block of raw entries: tag, type, count and the four bytes of the value."""
    mark = b"II\x2a\0" if order == "<" else b"MM\0\x2a"
    body = b"".join(struct.pack(f"{order}HHI", *entry[:3]) + entry[3] for entry in entries)
    count = struct.pack(f"{order}H", len(entries))
    return b"Exif\0\0" + mark + struct.pack(f"{order}I", start) + count + body + bytes(4)


def turned(order: str = "<", kind: int = SHORT, value: int = 6) -> tuple[int, int, int, bytes]:
    packed = struct.pack(f"{order}{'H' if kind == SHORT else 'I'}", value)
    return 0x0112, kind, 1, packed.ljust(4, b"\0")


def segment(marker: int, body: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(body) + 2) + body


def jpeg(*segments: bytes) -> bytes:
    content = encoded(two_halves(), "JPEG", quality=95)
    return content[:2] + b"".join(segments) + content[2:]


def png(*chunks: bytes) -> bytes:
    content = encoded(two_halves(), "PNG")
    return content[:33] + b"".join(chunks) + content[33:]


def xmp(orientation: bytes) -> bytes:
    return b'<x:xmpmeta><rdf:Description tiff:Orientation="' + orientation + b'"/></x:xmpmeta>'


def test_a_turned_picture_stands_upright_whatever_else_its_exif_says() -> None:
    absurd = [
        (0x011A, RATIONAL, 1, struct.pack("<I", 0xFFFFFFF0)),
        (0x011B, RATIONAL, 0xFFFFFFFF, struct.pack("<I", 8)),
        (0x0128, 2, 4, b"\xff\xff\xff\xff"),
        (0x8769, SHORT, 1, b"\1\0\0\0"),
        (0x9999, 77, 0xFFFFFFFF, b"\xff\xff\xff\xff"),
    ]
    content = jpeg(segment(0xE1, exif("<", *absurd, turned())))
    assert decoded_cover(content).size == picture_size(content) == TURNED


@pytest.mark.parametrize(
    "block",
    [
        exif(">", turned(">")),
        exif("<", turned("<", LONG)),
        exif("<", turned())[:-4],
        exif("<", turned(), turned(value=3))[:32],
        b"Exif\0\0" + exif("<", turned()),
        b"Exif\0\0MM\0\x2a" + exif("<", turned())[10:],
    ],
    ids=[
        "big end first",
        "four bytes",
        "cut off",
        "cut off in the next entry",
        "headed twice",
        "other byte order than said",
    ],
)
def test_the_orientation_is_found_in_a_block_that_is_not_to_the_letter(block: bytes) -> None:
    assert decoded_cover(jpeg(segment(0xE1, block))).size == TURNED


@pytest.mark.parametrize(
    "block",
    [
        exif("<", turned(value=0)),
        exif("<", turned(value=9)),
        exif("<", (0x0112, RATIONAL, 1, b"\x08\0\0\0")),
        exif("<", (0x0112, SHORT, 0, b"\6\0\0\0")),
        exif("<", turned(), start=0xFFFFFFFF),
        b"Exif\0\0",
        b"Exif\0\0II\x2a",
    ],
    ids=["0", "9", "a fraction", "no value", "beyond the end", "empty", "three bytes"],
)
def test_what_is_no_orientation_leaves_the_picture_as_it_is(block: bytes) -> None:
    assert decoded_cover(jpeg(segment(0xE1, block))).size == UPRIGHT


def test_of_two_exif_blocks_the_first_that_has_an_orientation_counts() -> None:
    broken = segment(0xE1, b"Exif\0\0II\x2a\0\xff\xff")
    good, other = (segment(0xE1, exif("<", turned(value=value))) for value in (6, 3))
    assert decoded_cover(jpeg(broken, good, other)).size == TURNED


@pytest.mark.parametrize(
    ("orientation", "size"), [(b"6", TURNED), (b"9", UPRIGHT), (b"words", UPRIGHT)]
)
def test_without_one_in_exif_the_orientation_of_xmp_counts(
    orientation: bytes, size: tuple[int, int]
) -> None:
    packet = xmp(orientation)
    assert decoded_cover(jpeg(segment(0xE1, NAMESPACE + packet))).size == size
    keyword = b"XML:com.adobe.xmp\0\0\0\0\0"
    assert decoded_cover(png(chunk(b"iTXt", keyword + packet))).size == size
    assert decoded_cover(encoded(two_halves(), "WEBP", xmp=packet)).size == size


def test_exif_and_xmp_turn_a_picture_once() -> None:
    both = segment(0xE1, exif("<", turned())), segment(0xE1, NAMESPACE + xmp(b"6"))
    assert decoded_cover(jpeg(*both)).size == TURNED


@pytest.mark.parametrize("file_format", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_pictures_of_other_formats_stand_upright_too(file_format: str) -> None:
    turn = Image.Exif()
    turn[0x0112] = 6
    content = encoded(two_halves(), file_format, exif=turn.tobytes())
    assert decoded_cover(content).size == picture_size(content) == TURNED


def test_absurd_tags_cost_no_tiff() -> None:
    content = bytearray(encoded(two_halves(), "TIFF", dpi=(72, 72)))
    for tag, kind, count, value in (
        (282, 2, 4, b"abc\0"),
        (283, RATIONAL, 0xFFFFFFFF, b"\xff" * 4),
    ):
        at = content.index(struct.pack("<H", tag), 8)
        content[at : at + 12] = struct.pack("<HHI", tag, kind, count) + value
    assert decoded_cover(bytes(content)).size == UPRIGHT


FLOODS = {
    "empty comments": jpeg(b"\xff\xfe\0\2" * 1_000_000),
    "comments without a length": jpeg(b"\xff\xfe\0\0" * 1_000_000),
    "applications": jpeg(segment(0xE1, b"") * 1_000_000),
    "parts of a profile": jpeg(segment(0xE2, b"ICC_PROFILE\0\1\1xx") * 200_000),
    "fill bytes": jpeg(b"\xff" * 5_000_000),
    "zeros between segments": jpeg(b"\xff\0" * 2_000_000),
    "large comments": jpeg(segment(0xFE, bytes(65_000)) * 100),
    "texts": png(chunk(b"tEXt", b"") * 300_000),
    "texts that inflate": png(chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(90_000_000)))),
    "profiles that inflate": png(chunk(b"iCCP", b"k\0\0" + zlib.compress(bytes(90_000_000))) * 50),
    "text with a wrong checksum": png(chunk(b"tEXt", b"k\0words")[:-4] + b"1234"),
}


@pytest.mark.parametrize("content", FLOODS.values(), ids=FLOODS)
def test_a_flood_of_metadata_costs_no_picture(content: bytes) -> None:
    cover = decoded_cover(content)
    assert cover.size == UPRIGHT
    assert cover.getpixel((2, 10))[0] > 200


def test_a_gif_with_megabytes_of_comments_is_read() -> None:
    content = encoded(two_halves(), "GIF")
    palette = 13 + (3 << ((content[10] & 7) + 1))
    for blocks in (b"\xff" + bytes(255), b"\1c"):
        comment = b"!\xfe" + blocks * (6_000_000 // len(blocks)) + b"\0"
        cover = decoded_cover(content[:palette] + comment + content[palette:])
        assert cover.getpixel((2, 10)) == (255, 0, 0)


def test_hundreds_of_thousands_of_pieces_of_pixels_are_refused() -> None:
    with pytest.raises(UnreadablePictureError, match="cut into 200,003 pieces"):
        decoded_cover(png(chunk(b"IDAT", b"") * 200_000))


def test_a_photo_of_several_pictures_is_its_first() -> None:
    buffer = io.BytesIO()
    first, second = two_halves(), Image.new("RGB", (8, 8), "green")
    first.save(buffer, "MPO", save_all=True, append_images=[second])
    assert decoded_cover(buffer.getvalue()).size == UPRIGHT
