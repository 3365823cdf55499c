"""Covers brought to a square."""

from enum import StrEnum

from PIL import Image

from kpop_assets.covers.resize import lanczos


class Squaring(StrEnum):
    """How a cover that is not square becomes so."""

    crop = "crop"
    squash = "squash"
    pad = "pad"


def squared(image: Image.Image, size: int, how: Squaring = Squaring.crop) -> Image.Image:
    """Return the RGB picture as `size` x `size` pixels (Lanczos).

    `crop` keeps the centre square, `squash` ignores the aspect ratio as the original project did,
    `pad` keeps the whole picture on white. Raises `ValueError` for another word.
    """
    width, height = image.size
    match Squaring(how):
        case Squaring.crop:
            side = min(width, height)
            left, top = (width - side) / 2, (height - side) / 2
            return lanczos(image, (size, size), (left, top, left + side, top + side))
        case Squaring.squash:
            return lanczos(image, (size, size))
        case Squaring.pad:
            scale = size / max(width, height)
            inner = max(1, round(width * scale)), max(1, round(height * scale))
            corner = round((size - inner[0]) / 2), round((size - inner[1]) / 2)
            ground = Image.new("RGB", (size, size), "white")
            ground.paste(lanczos(image, inner), corner)
            return ground
