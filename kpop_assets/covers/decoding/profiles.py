"""Colours of an embedded ICC profile brought to sRGB, by Little CMS."""

import io
from functools import lru_cache
from itertools import product

from PIL import Image, ImageChops, ImageCms

COLOUR_SPACES = {"RGB": "RGB ", "L": "GRAY", "CMYK": "CMYK", "LAB": "Lab "}
"""The colour space that a profile must be of, by the picture's mode."""
MAX_PROFILE = 2**23
LEAST_CHANGE = 1
"""Levels of 255: a profile that changes no colour by more is sRGB under another name."""
CUBE_STEP = 17
INTENT = ImageCms.Intent.RELATIVE_COLORIMETRIC
FLAGS = ImageCms.Flags.BLACKPOINTCOMPENSATION


def in_srgb(image: Image.Image, profile: bytes) -> Image.Image:
    """Return an RGB, L, CMYK or LAB picture as RGB with the colours that its profile means.

    Relative colorimetric with black point compensation. Without a profile, or with one that is
    broken, too large or of another colour space, the numbers are taken as sRGB's; a grey picture
    with an RGB profile has three equal channels.
    """
    if image.mode == "LAB":
        return _applied(image, _lab_transform())
    if image.mode == "L" and profile[16:20] == b"RGB ":
        image = image.convert("RGB")
    transform = _transform(profile, image.mode) if 128 < len(profile) <= MAX_PROFILE else None
    if transform is not None:
        try:
            return _applied(image, transform)
        except ImageCms.PyCMSError:
            pass
    return image if image.mode == "RGB" else image.convert("RGB")


def _applied(image: Image.Image, transform: ImageCms.ImageCmsTransform) -> Image.Image:
    if image.mode != "RGB":
        return ImageCms.applyTransform(image, transform) or image
    ImageCms.applyTransform(image, transform, inPlace=True)
    return image


@lru_cache(maxsize=16)
def _transform(profile: bytes, mode: str) -> ImageCms.ImageCmsTransform | None:
    """The way from the profile to sRGB, None where there is none or it would change nothing."""
    if profile[16:20].decode("latin-1") != COLOUR_SPACES[mode]:
        return None
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        transform = ImageCms.buildTransform(source, _srgb(), mode, "RGB", INTENT, FLAGS)
    except (OSError, ImageCms.PyCMSError):
        return None
    if mode == "RGB":
        changed = _applied(_colour_cube(), transform)
        steps = ImageChops.difference(changed, _colour_cube()).tobytes()
        if max(steps) <= LEAST_CHANGE:
            return None
    return transform


@lru_cache(maxsize=1)
def _lab_transform() -> ImageCms.ImageCmsTransform:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    return ImageCms.buildTransform(lab, _srgb(), "LAB", "RGB", INTENT, FLAGS)


def _srgb() -> ImageCms.ImageCmsProfile:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def _colour_cube() -> Image.Image:
    """Sixteen levels of each channel with all of the others."""
    levels = range(0, 256, CUBE_STEP)
    colours = bytes(level for colour in product(levels, repeat=3) for level in colour)
    return Image.frombytes("RGB", (len(levels), len(levels) ** 2), colours)
