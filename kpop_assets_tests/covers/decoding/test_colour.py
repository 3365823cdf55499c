"""Colours: embedded profiles, transparency over them, and levels of more than 8 bits."""

import io
import struct
import zlib

import numpy as np
import pytest
from PIL import Image, ImageCms

from kpop_assets.covers.decode import decoded_cover
from kpop_assets_tests.covers.decoding.profiles import (
    ADOBE_GAMMA,
    ADOBE_RGB,
    adobe_rgb,
    cmyk_profile,
    grey_profile,
    rgb_profile,
)
from kpop_assets_tests.covers.decoding.test_decode import encoded

GREEN = (60, 150, 80)
WIDE = rgb_profile(ADOBE_RGB, ADOBE_GAMMA)


def colour(content: bytes) -> tuple[int, ...]:
    cover = decoded_cover(content)
    assert cover.mode == "RGB"
    assert cover.info == {}
    pixel = cover.getpixel((3, 3))
    assert isinstance(pixel, tuple)
    return pixel


def plain(rgb: tuple[int, int, int]) -> Image.Image:
    return Image.new("RGB", (24, 16), rgb)


@pytest.mark.parametrize(
    ("file_format", "options"),
    [
        ("JPEG", {"quality": 98}),
        ("PNG", {}),
        ("WEBP", {"lossless": True}),
        ("TIFF", {}),
        ("TIFF", {"compression": "tiff_lzw"}),
        ("AVIF", {"quality": 98}),
    ],
)
def test_a_wide_gamut_cover_has_the_colours_that_its_profile_means(
    file_format: str, options: dict[str, object]
) -> None:
    picture = plain(adobe_rgb(GREEN))
    with_profile = colour(encoded(picture, file_format, icc_profile=WIDE, **options))
    without = colour(encoded(picture, file_format, **options))
    assert np.abs(np.subtract(with_profile, GREEN)).max() <= 4
    assert np.abs(np.subtract(without, GREEN)).max() > 20


def test_a_palette_is_converted_by_the_profile_too() -> None:
    content = encoded(plain(adobe_rgb(GREEN)).quantize(4), "PNG", icc_profile=WIDE)
    assert np.abs(np.subtract(colour(content), GREEN)).max() <= 3


def test_a_transparent_cover_lies_on_white_after_its_colours_are_converted() -> None:
    picture = plain(adobe_rgb(GREEN)).convert("RGBA")
    picture.putalpha(128)
    half = [round((level * 128 + 255 * 127) / 255) for level in GREEN]
    assert np.abs(np.subtract(colour(encoded(picture, "PNG", icc_profile=WIDE)), half)).max() <= 3


def test_a_grey_profile_converts_grey() -> None:
    content = encoded(Image.new("L", (24, 16), 128), "PNG", icc_profile=grey_profile(1.0))
    assert colour(content) == pytest.approx((188, 188, 188), abs=1)


def test_grey_with_an_rgb_profile_is_three_equal_channels() -> None:
    linear = rgb_profile(ADOBE_RGB, 1.0)
    content = encoded(Image.new("L", (24, 16), 128), "JPEG", quality=98, icc_profile=linear)
    assert colour(content) == pytest.approx((188, 188, 188), abs=2)


def test_inks_are_converted_by_their_profile() -> None:
    magenta = Image.new("CMYK", (24, 16), (0, 255, 0, 0))
    profile = cmyk_profile(lab_of_magenta=(128, 128 + 60, 128))
    of_lab_50_60_0 = (206, 63, 122)
    for file_format in ("JPEG", "TIFF"):
        content = encoded(magenta, file_format, icc_profile=profile)
        assert colour(content) == pytest.approx(of_lab_50_60_0, abs=3)
        assert colour(encoded(magenta, file_format)) == pytest.approx((255, 0, 255), abs=3)


def test_a_profile_that_is_srgb_under_another_name_changes_no_pixel() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    noise = Image.effect_noise((64, 64), 80).convert("RGB")
    with_profile = decoded_cover(encoded(noise, "PNG", icc_profile=srgb))
    assert with_profile.tobytes() == noise.tobytes()


@pytest.mark.parametrize(
    "profile",
    [
        b"no profile at all",
        WIDE[:200],
        WIDE[:132] + b"\xff" * (len(WIDE) - 132),
        grey_profile(1.0),
        cmyk_profile((0, 0, 0)),
        WIDE + bytes(9_000_000),
    ],
    ids=["no profile", "cut off", "hostile tags", "of grey", "of inks", "huge"],
)
def test_a_profile_that_cannot_be_used_means_plain_srgb(profile: bytes) -> None:
    assert colour(encoded(plain(GREEN), "PNG", icc_profile=profile)) == GREEN
    assert colour(encoded(plain(GREEN), "TIFF", icc_profile=profile)) == GREEN


def test_a_profile_of_which_a_part_is_missing_means_plain_srgb() -> None:
    large = WIDE + bytes(100_000)
    content = encoded(plain(adobe_rgb(GREEN)), "JPEG", quality=98, icc_profile=large)
    second = content.index(b"ICC_PROFILE\0\2") - 4
    length = struct.unpack(">H", content[second + 2 : second + 4])[0]
    assert np.abs(np.subtract(colour(content), GREEN)).max() <= 4
    damaged = content[:second] + content[second + 2 + length :]
    assert np.abs(np.subtract(colour(damaged), adobe_rgb(GREEN))).max() <= 4


def chunk(kind: bytes, body: bytes) -> bytes:
    checksum = struct.pack(">I", zlib.crc32(kind + body))
    return struct.pack(">I", len(body)) + kind + body + checksum


def png(depth: int, kind: int, row: bytes, before_data: bytes = b"") -> bytes:
    """16 equal rows of 16 pixels."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", 16, 16, depth, kind, 0, 0, 0))
    data = chunk(b"IDAT", zlib.compress((b"\0" + row) * 16))
    return b"\x89PNG\r\n\x1a\n" + header + before_data + data + chunk(b"IEND", b"")


def tiff(bits: int, row: bytes, *, sample_format: int = 1, photometric: int = 1) -> bytes:
    """16 equal rows of 16 grey pixels, little end first, not compressed."""
    data = row * 16
    tags = {
        256: 16, 257: 16, 258: bits, 259: 1, 262: photometric, 273: 8, 277: 1, 278: 16,
        279: len(data), 339: sample_format,
    }  # fmt: skip
    directory = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    head = b"II*\0" + struct.pack("<I", 8 + len(data))
    return head + data + struct.pack("<H", len(tags)) + directory + bytes(4)


def test_sixteen_bit_colours_are_converted_by_their_profile() -> None:
    profile = chunk(b"iCCP", b"wide\0\0" + zlib.compress(WIDE))
    row = struct.pack(">HHH", *(level * 257 for level in adobe_rgb(GREEN))) * 16
    assert np.abs(np.subtract(colour(png(16, 2, row, profile)), GREEN)).max() <= 3


@pytest.mark.parametrize(
    ("content", "grey"),
    [
        (png(16, 0, struct.pack(">H", 200) * 16), 1),
        (png(16, 0, struct.pack(">H", 257 * 90) * 16), 90),
        (png(16, 4, struct.pack(">HH", 257 * 90, 65535) * 16), 90),
        (tiff(16, struct.pack("<H", 200) * 16), 1),
        (tiff(16, struct.pack("<H", 257 * 90) * 16, photometric=0), 165),
        (tiff(12, b"\xff" * 24), 255),
        (tiff(16, struct.pack("<h", 0) * 16, sample_format=2), 128),
        (tiff(8, bytes(16), sample_format=2), 128),
        (tiff(32, struct.pack("<I", 2**32 - 1) * 16), 255),
        (tiff(32, struct.pack("<i", -(2**31)) * 16, sample_format=2), 0),
    ],
    ids=[
        "16 bits, dark",
        "16 bits",
        "16 bits with alpha",
        "TIFF of 16 bits, dark",
        "TIFF whose white is 0",
        "TIFF of 12 bits",
        "TIFF of 16 bits with sign",
        "TIFF of 8 bits with sign",
        "TIFF of 32 bits",
        "TIFF of 32 bits with sign",
    ],
)
def test_levels_are_scaled_by_the_range_of_the_format(content: bytes, grey: int) -> None:
    assert colour(content) == (grey, grey, grey)


@pytest.mark.parametrize(("level", "grey"), [(0.5, 128), (0.0, 0), (100.0, 100), (257.0 * 90, 90)])
def test_floating_point_white_is_1_or_else_the_next_common_range(level: float, grey: int) -> None:
    picture = Image.fromarray(np.full((16, 16), level, np.float32))
    assert colour(encoded(picture, "TIFF")) == (grey, grey, grey)


def test_what_is_no_number_harms_no_other_pixel() -> None:
    levels = np.full((16, 16), 0.5, np.float32)
    levels[0, :3] = np.nan, np.inf, -np.inf
    cover = np.asarray(decoded_cover(encoded(Image.fromarray(levels), "TIFF")))
    assert cover[0, :3, 0].tolist() == [0, 255, 0]
    assert (cover[1:] == 128).all()


@pytest.mark.parametrize(
    ("depth", "kind", "row", "transparent"),
    [
        (2, 0, b"\x55" * 4, struct.pack(">H", 1)),
        (4, 0, b"\x55" * 8, struct.pack(">H", 5)),
        (16, 0, struct.pack(">H", 500) * 16, struct.pack(">H", 500)),
        (16, 2, struct.pack(">HHH", 500, 600, 700) * 16, struct.pack(">HHH", 500, 600, 700)),
    ],
    ids=["2 bits", "4 bits", "16 bits", "16 bits of colour"],
)
def test_the_colour_that_a_png_calls_transparent_lies_on_white(
    depth: int, kind: int, row: bytes, transparent: bytes
) -> None:
    assert colour(png(depth, kind, row)) != (255, 255, 255)
    assert colour(png(depth, kind, row, chunk(b"tRNS", transparent))) == (255, 255, 255)


def test_lab_colours_become_srgb() -> None:
    red = ImageCms.profileToProfile(
        plain((200, 40, 60)),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
        ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")),
        outputMode="LAB",
    )
    assert red is not None
    assert np.abs(np.subtract(colour(encoded(red, "TIFF")), (200, 40, 60))).max() <= 3


def test_a_stored_cover_has_no_profile() -> None:
    from kpop_assets.covers.decode import clean_picture

    stored = clean_picture(encoded(plain(GREEN), "JPEG", icc_profile=WIDE), "sample").jpeg
    assert Image.open(io.BytesIO(stored)).info.get("icc_profile") is None
