"""Pictures as addresses of data, small enough for a page with hundreds of them."""

import base64
import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

QUALITY = 70


def picture_address(picture: NDArray[np.uint8] | Image.Image, most: int = 512) -> str:
    """Return the RGB picture as a WebP address, shrunk to at most `most` pixels a side."""
    image = picture if isinstance(picture, Image.Image) else Image.fromarray(picture)
    image = image.convert("RGB")
    image.thumbnail((most, most), Image.Resampling.LANCZOS)
    buffer = io.BytesIO()
    image.save(buffer, "WEBP", quality=QUALITY, method=4)
    return f"data:image/webp;base64,{base64.b64encode(buffer.getvalue()).decode()}"
