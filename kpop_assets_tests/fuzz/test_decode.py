"""Damaged pictures of every format are read or refused by name, and the next one is read."""

import io
from contextlib import suppress

import numpy as np
from hypothesis import given
from PIL import Image

from kpop_assets.covers.decode import UnreadablePictureError, decoded_cover, picture_size
from kpop_assets_tests.covers.decoding.profiles import (
    ADOBE_RGB,
    cmyk_profile,
    grey_profile,
    rgb_profile,
)
from kpop_assets_tests.fuzz.mutations import damaged

XMP = b'<x:xmpmeta><rdf:Description tiff:Orientation="6"/></x:xmpmeta>'


def _exif() -> bytes:
    exif = Image.Exif()
    exif[0x0112], exif[0x011A], exif[0x010E] = 6, 72.0, "words"
    return exif.tobytes()


def _samples() -> list[bytes]:
    noise = np.random.default_rng(1).integers(0, 256, (12, 20, 4), dtype=np.uint8)
    rgba = Image.fromarray(noise)
    rgb, grey = rgba.convert("RGB"), rgba.convert("L")
    wide = rgb_profile(ADOBE_RGB, 2.2)
    deep = Image.fromarray(noise[..., 0].astype(np.uint16) * 257)
    meta = {"exif": _exif(), "icc_profile": wide}
    pictures: list[tuple[Image.Image, str, dict[str, object]]] = [
        (rgb, "JPEG", {**meta, "xmp": XMP, "comment": b"words"}),
        (rgb, "JPEG", {"progressive": True}),
        (grey, "JPEG", {"icc_profile": grey_profile(1.8)}),
        (rgb.convert("CMYK"), "JPEG", {"icc_profile": cmyk_profile((90, 200, 100))}),
        (rgb, "MPO", {"save_all": True, "append_images": [rgb]}),
        (rgba, "PNG", meta),
        (rgb.quantize(8), "PNG", {"transparency": 2}),
        (grey.convert("1"), "PNG", {}),
        (grey.convert("LA"), "PNG", {}),
        (deep, "PNG", {"icc_profile": grey_profile(1.8)}),
        (rgb, "PNG", {"save_all": True, "append_images": [rgb.rotate(180)]}),
        (rgba, "WEBP", {**meta, "xmp": XMP}),
        (rgb, "WEBP", {"save_all": True, "append_images": [rgb.rotate(180)]}),
        (rgb.quantize(8), "GIF", {"comment": b"words", "transparency": 1}),
        (rgb, "GIF", {"save_all": True, "append_images": [rgb.rotate(180)]}),
        (rgb, "BMP", {}),
        (rgb.quantize(8), "BMP", {}),
        (rgb, "TIFF", {"compression": "tiff_lzw", "icc_profile": wide}),
        (rgb, "TIFF", {"compression": "jpeg"}),
        (rgba, "TIFF", {"compression": "tiff_adobe_deflate"}),
        (rgb.convert("CMYK"), "TIFF", {}),
        (deep, "TIFF", {}),
        (grey.convert("I"), "TIFF", {}),
        (grey.convert("F"), "TIFF", {}),
        (grey.convert("1"), "TIFF", {"compression": "group4"}),
        (rgb, "AVIF", {**meta, "speed": 10}),
        (rgba, "AVIF", {"speed": 10}),
    ]
    samples = []
    for image, file_format, options in pictures:
        buffer = io.BytesIO()
        image.save(buffer, file_format, **options)
        samples.append(buffer.getvalue())
    return samples


SAMPLES = _samples()


@given(damaged(SAMPLES))
def test_damaged_bytes_are_read_or_refused_by_name(content: bytes) -> None:
    size = cover = None
    with suppress(UnreadablePictureError):
        size = picture_size(content)
        cover = decoded_cover(content)
    if cover is not None:
        assert cover.mode == "RGB"
        assert cover.size == size
    assert decoded_cover(SAMPLES[0]).size == (12, 20)
