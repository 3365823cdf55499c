"""Hostile bytes to a clean RGB picture, and back to bytes fit to be stored."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from kpop_assets.errors import KpopAssetsError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
MAX_PIXELS = 40_000_000
MAX_SIDE = 65_500
"""The longest side that a JPEG can have."""
STORED_QUALITY = 95
START_OF_SCAN = b"\xff\xda"
MAX_SCANS = 200
"""A progressive JPEG has about 10; each one makes the decoder go through the whole picture."""


class UnreadablePictureError(KpopAssetsError):
    """The bytes are no picture that can be used; `reason` says why in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"expected a picture ({', '.join(FORMATS)}) of at most {MAX_PIXELS / 1e6:.0f} "
            f"megapixels, but {reason}; remove the file or save it again as JPEG or PNG"
        )
        self.reason = reason


def decoded_cover(content: bytes) -> Image.Image:
    """Return the picture as RGB, upright after its EXIF orientation.

    Of an animation the first frame; 16-bit grey is scaled to 8 bits; transparency lies on white;
    CMYK is converted. The pixel count is checked from the header, before anything is decoded.
    Raises `UnreadablePictureError` with a reason for everything else.
    """
    image = _opened(content)
    try:
        image.load()
        ImageOps.exif_transpose(image, in_place=True)
        return _as_rgb(image)
    except Exception as error:  # Pillow's readers raise many kinds on hostile data
        raise UnreadablePictureError(f"its data cannot be decoded ({error})") from error


def picture_size(content: bytes) -> tuple[int, int]:
    """Return width and height in pixels from the header; raises as `decoded_cover`."""
    return _opened(content).size


def _opened(content: bytes) -> Image.Image:
    if not content:
        raise UnreadablePictureError("the file is empty")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise UnreadablePictureError("it has far more pixels than allowed") from error
    except Image.UnidentifiedImageError as error:
        raise UnreadablePictureError(
            f"the content is no such picture (it starts with {content[:8]!r})"
        ) from error
    except Exception as error:  # Pillow's readers raise many kinds on hostile headers
        raise UnreadablePictureError(f"its header cannot be read ({error})") from error
    is_jpeg = image.format == "JPEG" or "jpeg" in str(image.info.get("compression"))
    if is_jpeg and (scans := content.count(START_OF_SCAN)) > MAX_SCANS:
        raise UnreadablePictureError(f"it has {scans:,} scans")
    width, height = image.size
    if width * height > MAX_PIXELS or max(width, height) > MAX_SIDE:
        raise UnreadablePictureError(f"it has {width}x{height} pixels")
    return image


def _as_rgb(image: Image.Image) -> Image.Image:
    if image.mode.startswith("I") or image.mode == "F":
        levels = np.asarray(image, dtype=np.float32)
        scale = 65535 / 255 if levels.max() > 255 else 1.0
        image = Image.fromarray((levels / scale).clip(0, 255).round().astype(np.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        ground = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(ground, image)
    return image if image.mode == "RGB" else image.convert("RGB")


def stored_jpeg(image: Image.Image, comment: str) -> bytes:
    """Return the RGB picture as JPEG bytes (quality 95, full colour resolution) with a comment.

    Nothing of the received file survives but its pixels: no metadata, no trailing data.
    """
    buffer = io.BytesIO()
    clean = Image.frombytes("RGB", image.size, image.tobytes())
    clean.save(buffer, "JPEG", quality=STORED_QUALITY, subsampling=0, comment=comment.encode())
    return buffer.getvalue()
