"""Received bytes to an RGB picture, in the process that calls; no limit of time is held here.

Pillow gets the bytes without their metadata and is told the format: it cannot take a JPEG for
something else, nor fail over what no pixel needs.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    PngImagePlugin,
    WebPImagePlugin,
    features,
)

from kpop_assets.covers.decoding.formats import format_of
from kpop_assets.covers.decoding.orientation import SIDEWAYS, orientation, upright
from kpop_assets.covers.decoding.profiles import in_srgb
from kpop_assets.covers.decoding.stripping.avif import stripped_avif
from kpop_assets.covers.decoding.stripping.gif import stripped_gif
from kpop_assets.covers.decoding.stripping.jpeg import stripped_jpeg
from kpop_assets.covers.decoding.stripping.png import png_transparency, stripped_png
from kpop_assets.covers.decoding.stripping.stripped import Stripped
from kpop_assets.covers.decoding.stripping.tiff import PlainTiffImage, holds_signed, stripped_tiff
from kpop_assets.covers.decoding.stripping.webp import stripped_webp, webp_size
from kpop_assets.covers.unreadable import MAX_PIXELS, MAX_SIDE, UnreadablePictureError

PILLOW: dict[str, Callable[[io.BytesIO], ImageFile.ImageFile]] = {
    "JPEG": JpegImagePlugin.JpegImageFile,
    "PNG": PngImagePlugin.PngImageFile,
    "WEBP": WebPImagePlugin.WebPImageFile,
    "GIF": GifImagePlugin.GifImageFile,
    "BMP": BmpImagePlugin.BmpImageFile,
    "TIFF": PlainTiffImage,
    "AVIF": AvifImagePlugin.AvifImageFile,
}
STRIP: dict[str, Callable[[bytes], Stripped]] = {
    "JPEG": stripped_jpeg,
    "PNG": stripped_png,
    "WEBP": stripped_webp,
    "GIF": stripped_gif,
    "BMP": lambda content: Stripped("BMP", content),
    "TIFF": stripped_tiff,
    "AVIF": stripped_avif,
}
OPAQUE_MODES = {"La": "LA", "PA": "RGBA", "RGBa": "RGBA"}
FAR_MORE = 4
DEEP_MODES = ("I", "F")
PROFILED_MODES = ("RGB", "L", "CMYK", "LAB")


@dataclass(frozen=True)
class ReceivedPicture:
    """A picture of which the header was read: its bytes, and width and height when upright.

    `image` is without its pixels yet; of a WebP it is None, for its canvas would be allotted.
    """

    stripped: Stripped
    size: tuple[int, int]
    image: ImageFile.ImageFile | None = None

    @property
    def is_deep(self) -> bool:
        """Whether it has one channel of more than 8 bits."""
        return self.image is not None and self.image.mode.startswith(DEEP_MODES)


def received_picture(content: bytes) -> ReceivedPicture:
    """Return what the header says, before a pixel is decoded.

    Raises `UnreadablePictureError` for bytes of no format that is read, a broken header, and more
    pixels than MAX_PIXELS or a side longer than MAX_SIDE.
    """
    with _named("its header cannot be read"):
        stripped = STRIP[format_of(content)](content)
        if stripped.format == "WEBP":
            image, size = None, webp_size(content)
        else:
            image = _opened(stripped)
            size = image.size
            if stripped.format == "AVIF":
                exif, profile = (image.info.get(name, b"") for name in ("exif", "icc_profile"))
                stripped = replace(stripped, exif=(exif,), profile=profile)
        is_sideways = orientation(stripped) in SIDEWAYS
    width, height = size
    if width * height > FAR_MORE * MAX_PIXELS:
        raise UnreadablePictureError(f"it has far more pixels than allowed, {width}x{height}")
    if width * height > MAX_PIXELS or max(size) > MAX_SIDE:
        raise UnreadablePictureError(f"it has {width}x{height} pixels")
    return ReceivedPicture(stripped, (height, width) if is_sideways else size, image)


def rgb_picture(received: ReceivedPicture, *, with_profile: bool = True) -> Image.Image:
    """Return the picture as RGB in sRGB's colours, upright, without metadata.

    Of an animation the first frame; more than 8 bits become 8; transparency lies on white. Raises
    `UnreadablePictureError` where the data is broken, and `MemoryError`.
    """
    stripped = received.stripped
    with _named("its data cannot be decoded"):
        image = received.image or _opened(stripped)
        turn = orientation(stripped)
        if image.size != (received.size[::-1] if turn in SIDEWAYS else received.size):
            raise UnreadablePictureError("its header contradicts its data")
        image.load()
        colours = _on_white(_plain(image, stripped), stripped.profile if with_profile else b"")
        colours.info = {}
        return upright(colours, turn)


def _opened(stripped: Stripped) -> ImageFile.ImageFile:
    if stripped.format == "AVIF" and not features.check("avif"):
        raise UnreadablePictureError("it is AVIF, which this installation of Pillow cannot read")
    return PILLOW[stripped.format](io.BytesIO(stripped.content))


@contextmanager
def _named(trouble: str) -> Iterator[None]:
    """Pillow raises many kinds of errors on hostile data."""
    try:
        yield
    except (UnreadablePictureError, MemoryError):
        raise
    except Exception as error:
        raise UnreadablePictureError(f"{trouble} ({error})") from error


def _plain(image: Image.Image, stripped: Stripped) -> Image.Image:
    """The picture in one of PROFILED_MODES, or of RGBA and LA where something is transparent."""
    if stripped.format == "PNG" and "transparency" in image.info:
        image.info["transparency"] = png_transparency(stripped.content, image.info["transparency"])
    if image.mode.startswith(DEEP_MODES):
        from kpop_assets.covers.decoding.levels import eight_bits

        return eight_bits(image)
    if image.mode == "L" and stripped.format == "TIFF" and holds_signed(image):
        image = image.point([level ^ 128 for level in range(256)])
    if image.mode in ("LA", "RGBA", *PROFILED_MODES) and "transparency" not in image.info:
        return image
    if image.has_transparency_data:
        return image.convert(OPAQUE_MODES.get(image.mode, "RGBA"))
    return image.convert("L" if image.mode == "1" else "RGB")


def _on_white(image: Image.Image, profile: bytes) -> Image.Image:
    if image.mode not in ("LA", "RGBA"):
        return in_srgb(image, profile)
    alpha = image.getchannel("A")
    image = in_srgb(image.convert(image.mode.removesuffix("A")), profile)
    if alpha.getextrema() == (255, 255):
        return image
    ground = Image.new("RGB", image.size, "white")
    ground.paste(image, mask=alpha)
    return ground
