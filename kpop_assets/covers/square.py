"""Covers brought to a square."""

from typing import Literal, get_args

from PIL import Image, ImageOps

Squaring = Literal["crop", "squash", "pad"]
SQUARINGS: tuple[str, ...] = get_args(Squaring)


def squared(image: Image.Image, size: int, how: Squaring = "crop") -> Image.Image:
    """Return the RGB picture as `size` x `size` pixels (Lanczos).

    `crop` keeps the centre square, `squash` ignores the aspect ratio as the original project did,
    `pad` keeps the whole picture on white. Raises `ValueError` for another word.
    """
    match how:
        case "crop":
            return ImageOps.fit(image, (size, size), Image.Resampling.LANCZOS)
        case "squash":
            return image.resize((size, size), Image.Resampling.LANCZOS)
        case "pad":
            return ImageOps.pad(image, (size, size), Image.Resampling.LANCZOS, color="white")
    raise ValueError(f"expected one of {', '.join(SQUARINGS)}, got {how!r}")
