"""Pictures as addresses of data, which pages and Markdown show without a file beside them."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITY = 70


def data_address(content: bytes, media_type: str) -> str:
    """Return an encoded picture as an address."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"


def webp_bytes(image: Image.Image, quality: int = QUALITY, method: int = 4) -> bytes:
    """Return the picture as WebP; `quality` is 1 to 100, `method` 0 (fast) to 6 (small)."""
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=quality, method=method)
    return buffer.getvalue()


def picture_address(picture: NDArray[np.uint8] | Image.Image, most: int = 512) -> str:
    """Return the RGB picture as a WebP address, shrunk to at most `most` pixels a side."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image = image.convert("RGB")
    image.thumbnail((most, most), Image.Resampling.LANCZOS)
    return data_address(webp_bytes(image), "image/webp")
