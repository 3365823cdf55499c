"""What may be read as a picture, and the error for everything else."""

from kpop_assets.errors import KpopAssetsError

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
MAX_PIXELS = 40_000_000
MAX_SIDE = 65_500
"""The longest side that a JPEG can have."""


class UnreadablePictureError(KpopAssetsError):
    """The bytes are no picture that can be used; `reason` says why in a few words."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"expected a picture ({', '.join(FORMATS)}) of at most {MAX_PIXELS / 1e6:.0f} "
            f"megapixels, but {reason}; remove the file or save it again as JPEG or PNG"
        )
        self.reason = reason
