"""Pictures as Markdown with a data address, the form in which the Dagster UI shows them."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.covers.showing.addresses import QUALITY, data_address, webp_bytes

INLINE_CHARACTERS = 1000


def picture_markdown(content: bytes, media_type: str, title: str) -> str:
    """Return the encoded picture as Markdown; from 1,000 characters on the UI shows it on click."""
    return f"![{title}]({data_address(content, media_type)})"


def inline_preview(picture: NDArray[np.uint8], title: str) -> str:
    """Return the uint8 (H, W, 3) picture as Markdown of under 1,000 characters.

    It is shrunk to fit 64x64 pixels and stored as WebP of the best quality that fits, then at
    fewer pixels if none does. The Dagster UI shows Markdown below that length inline.
    """
    for side in (64, 48, 32, 16):
        image = Image.fromarray(picture)
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        for quality in (60, 40, 25, 15, 8, 1):
            content = webp_bytes(image, quality, method=6)
            markdown = picture_markdown(content, "image/webp", title)
            if len(markdown) < INLINE_CHARACTERS:
                return markdown
    raise ValueError(f"expected a title that leaves room for a picture, got {len(title)} letters")


def sheet_markdown(sheet: NDArray[np.uint8], title: str) -> str:
    """Return the uint8 (H, W, 3) picture at its own size as WebP in Markdown."""
    return picture_markdown(webp_bytes(Image.fromarray(sheet), QUALITY), "image/webp", title)
