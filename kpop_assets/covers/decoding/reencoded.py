"""RGB pictures to bytes that are fit to be stored."""

import io

from PIL import Image

STORED_QUALITY = 95
HASHED_SIDE = 32
HASHED_BYTES = HASHED_SIDE**2


def stored_jpeg(image: Image.Image, comment: str) -> bytes:
    """Return the RGB picture as JPEG bytes (quality 95, full colour resolution) with a comment.

    Nothing of the received file survives but its pixels: no metadata, no trailing data.
    """
    buffer = io.BytesIO()
    image.save(
        buffer,
        "JPEG",
        quality=STORED_QUALITY,
        subsampling=0,
        comment=comment.encode(),
        exif=b"",
        icc_profile=None,
    )
    return buffer.getvalue()


def hashed_grey(image: Image.Image) -> bytes:
    """Return the grey levels that a perceptual hash is made of: 32 x 32 bytes, row by row.

    The hash of that small picture is the hash of the picture.
    """
    small = image.convert("L").resize((HASHED_SIDE, HASHED_SIDE), Image.Resampling.LANCZOS)
    return small.tobytes()
