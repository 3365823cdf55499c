import io
import re
import struct
import zlib

import numpy as np
import pytest
from PIL import Image

from kpop_assets.covers.decode import UnreadablePictureError, decoded_cover, stored_jpeg


def encoded(image: Image.Image, file_format: str, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, file_format, **options)
    return buffer.getvalue()


def two_halves(width: int = 40, height: int = 20) -> Image.Image:
    """Left red, right blue."""
    image = Image.new("RGB", (width, height), "red")
    image.paste("blue", (width // 2, 0, width, height))
    return image


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
def test_a_picture_of_each_format_becomes_rgb(file_format: str) -> None:
    cover = decoded_cover(encoded(two_halves(), file_format))
    assert cover.mode == "RGB"
    assert cover.size == (40, 20)
    assert cover.getpixel((2, 10))[0] > 200 > 100 > cover.getpixel((37, 10))[0]


def test_a_cmyk_picture_is_converted() -> None:
    cover = decoded_cover(encoded(two_halves().convert("CMYK"), "JPEG"))
    assert cover.mode == "RGB"
    assert cover.getpixel((2, 10))[0] > 200


def test_sixteen_bit_grey_is_scaled_to_eight_bits() -> None:
    levels = np.linspace(0, 65535, 256, dtype=np.uint16).reshape(16, 16)
    cover = np.asarray(decoded_cover(encoded(Image.fromarray(levels), "PNG")))
    assert cover.min() == 0
    assert cover.max() == 255
    assert abs(int(cover[8, 0, 0]) - 128) <= 1


def test_of_an_animation_the_first_frame_is_taken() -> None:
    frames = [Image.new("RGB", (8, 8), "red"), Image.new("RGB", (8, 8), "blue")]
    film = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    assert decoded_cover(film).getpixel((4, 4)) == (255, 0, 0)


def test_a_palette_picture_with_transparency_lies_on_white() -> None:
    image = Image.new("RGBA", (8, 8), (0, 0, 0, 0))
    image.paste((255, 0, 0, 255), (0, 0, 4, 8))
    cover = decoded_cover(encoded(image.quantize(4), "PNG"))
    assert cover.getpixel((1, 1)) == (255, 0, 0)
    assert cover.getpixel((6, 6)) == (255, 255, 255)


def test_an_exif_rotated_picture_stands_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be shown turned by 90 degrees clockwise
    cover = decoded_cover(encoded(two_halves(), "JPEG", exif=exif, quality=95))
    assert cover.size == (20, 40)
    assert cover.getpixel((10, 2))[0] > 200
    assert cover.getpixel((10, 37))[2] > 200


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "empty"),
        (b"<html>not found</html>", "starts with"),
        (b"just a text file named .jpg", "starts with"),
        (encoded(two_halves(400, 400), "JPEG")[:1500], "cannot be decoded"),
        (encoded(two_halves(), "PNG")[:40], "no such picture|cannot be"),
        (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\n", "starts with"),
    ],
    ids=["empty", "html", "text", "truncated jpeg", "truncated png", "format not allowed"],
)
def test_what_is_no_picture_is_refused_with_a_reason(content: bytes, reason: str) -> None:
    with pytest.raises(UnreadablePictureError, match=reason):
        decoded_cover(content)


def png_header(width: int, height: int) -> bytes:
    body = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    header = struct.pack(">I", 13) + body + struct.pack(">I", zlib.crc32(body))
    data = zlib.compress(b"\0" * 1000)
    chunk = b"IDAT" + data
    idat = struct.pack(">I", len(data)) + chunk + struct.pack(">I", zlib.crc32(chunk))
    return b"\x89PNG\r\n\x1a\n" + header + idat


@pytest.mark.parametrize("side", [7000, 50_000])
def test_a_decompression_bomb_is_refused_before_it_is_decoded(side: int) -> None:
    with pytest.raises(UnreadablePictureError, match="pixels"):
        decoded_cover(png_header(side, side))


def test_a_side_longer_than_a_jpeg_can_have_is_refused() -> None:
    longest = Image.new("L", (65_500, 3))
    assert stored_jpeg(decoded_cover(encoded(longest, "PNG")), "")
    with pytest.raises(UnreadablePictureError, match="65501x3 pixels"):
        decoded_cover(encoded(Image.new("L", (65_501, 3)), "PNG"))


def test_a_stored_picture_carries_the_comment_and_nothing_else_of_the_original() -> None:
    exif = Image.Exif()
    exif[0x010E] = "private words"
    received = encoded(two_halves(), "JPEG", exif=exif) + b"trailing bytes"
    stored = stored_jpeg(decoded_cover(received), "kpop_assets sample")
    assert b"private" not in stored
    assert b"trailing" not in stored
    assert Image.open(io.BytesIO(stored)).info["comment"] == b"kpop_assets sample"


def test_a_progressive_jpeg_with_thousands_of_scans_is_refused_before_it_is_decoded() -> None:
    buffer = io.BytesIO()
    Image.effect_noise((64, 64), 40).save(buffer, "JPEG", progressive=True)
    jpeg = buffer.getvalue()
    assert decoded_cover(jpeg).size == (64, 64)
    last_scan = jpeg[jpeg.rindex(b"\xff\xda") : -2]
    with pytest.raises(UnreadablePictureError, match=r"it has 3,\d+ scans"):
        decoded_cover(jpeg[:-2] + last_scan * 3000 + jpeg[-2:])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "it is HEIC, .*heif-convert"),
        (b"\0\0\0\x18ftypmif1\0\0\0\0mif1heix", "it is HEIC, .*heif-convert"),
        (b"\0\0\0\x14ftyphevc\0\0\0\0hevc", "it is HEIC, .*heif-convert"),
        (b"\xff\x0a" + bytes(40), "it is JPEG XL, .*djxl"),
        (b"\0\0\0\x0cJXL \r\n\x87\n" + bytes(40), "it is JPEG XL, .*djxl"),
        (b"8BPS\0\1" + bytes(40), "Photoshop"),
        (b"%PDF-1.7", "PDF"),
        (b"\0\0\0\x0cjP  \r\n\x87\n", "JPEG 2000"),
        (b"\0\0\0\x18ftypisom\0\0\0\0mp42isom", "film"),
    ],
)
def test_a_known_format_that_is_not_read_is_named_with_a_way_to_convert_it(
    content: bytes, words: str
) -> None:
    with pytest.raises(UnreadablePictureError) as refused:
        decoded_cover(content)
    assert re.search(words, refused.value.reason)


def test_an_avif_is_read_whatever_its_brands_come_first() -> None:
    content = encoded(two_halves(), "AVIF")
    assert content[8:12] == b"avif"
    renamed = content[:8] + b"mif1" + content[12:]
    assert decoded_cover(renamed).size == (40, 20)
