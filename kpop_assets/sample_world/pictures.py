"""Draws and encodes the pictures of the sample site, as their catalogue entries ask."""

from __future__ import annotations

import hashlib
from functools import cache, lru_cache, partial
from io import BytesIO
from pathlib import Path

from PIL import Image
from PIL.ExifTags import Base as Exif
from PIL.PngImagePlugin import PngInfo

from kpop_assets.sample_world import artwork
from kpop_assets.sample_world.answers import Drawing
from kpop_assets.sample_world.artwork import SAMPLE_NOTE, CoverDesign, cover_jpeg, draw_cover
from kpop_assets.sample_world.catalogue import SamplePicture

HELD_PICTURES = 256
NOT_A_PICTURE = b"<!doctype html><title>sample</title><p>A web page that is named as a picture."
TRUNCATED_SHARE = 0.4
LYING, STANDING = Image.Transpose.ROTATE_90, 6


def album_drawing(design: CoverDesign, width: int) -> Drawing:
    """`album_picture`, to be drawn when it is sent."""
    return Drawing(repr((_drawn_by(), design, width)), partial(album_picture, design, width))


def found_drawing(picture: SamplePicture) -> Drawing:
    """`encoded_picture`, to be drawn when it is sent."""
    return Drawing(repr((_drawn_by(), picture)), partial(encoded_picture, picture))


@cache
def _drawn_by() -> str:
    """Return a digest of the code that draws and encodes: other code makes other pictures."""
    code = [Path(__file__), *sorted(Path(artwork.__file__).parent.rglob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in code)).hexdigest()


@lru_cache(maxsize=HELD_PICTURES)
def album_picture(design: CoverDesign, width: int) -> bytes:
    """An album cover as a JPEG of width x width px, marked as sample in its metadata."""
    return cover_jpeg(design, width)


@lru_cache(maxsize=HELD_PICTURES)
def encoded_picture(picture: SamplePicture) -> bytes:
    """The bytes that the picture host sends; a "missing" picture is not for this function."""
    if picture.fault == "text instead of a picture":
        return NOT_A_PICTURE
    if picture.format == "jpeg" and not (picture.wide or picture.turned):
        whole = cover_jpeg(picture.design, picture.size, picture.quality)
        if picture.fault == "cut off":
            return whole[: int(len(whole) * TRUNCATED_SHARE)]
        return whole
    cover = draw_cover(picture.design, picture.size).convert("RGB")
    if picture.wide:
        cover = _padded_to_4_3(cover)
    return _encoded(cover, picture)


def _padded_to_4_3(cover: Image.Image) -> Image.Image:
    wide = Image.new("RGB", (cover.height * 4 // 3, cover.height), cover.getpixel((0, 0)))
    wide.paste(cover, ((wide.width - cover.width) // 2, 0))
    return wide


def _encoded(cover: Image.Image, picture: SamplePicture) -> bytes:
    encoded = BytesIO()
    if picture.format == "png":
        mark = PngInfo()
        mark.add_text("Comment", SAMPLE_NOTE)
        cover.save(encoded, "PNG", pnginfo=mark)
        return encoded.getvalue()
    exif = Image.Exif()
    exif[Exif.ImageDescription] = SAMPLE_NOTE
    if picture.turned:
        cover = cover.transpose(LYING)
        exif[Exif.Orientation] = STANDING
    cover.save(encoded, picture.format.upper(), quality=picture.quality, exif=exif)
    return encoded.getvalue()
