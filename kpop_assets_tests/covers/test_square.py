import numpy as np
import pytest
from PIL import Image

from kpop_assets.covers.square import Squaring, squared


def wide_picture() -> Image.Image:
    """Red, green, blue thirds, three times as wide as high."""
    image = Image.new("RGB", (300, 100), "green")
    image.paste("red", (0, 0, 100, 100))
    image.paste("blue", (200, 0, 300, 100))
    return image


def test_crop_keeps_the_centre_square() -> None:
    pixels = np.asarray(squared(wide_picture(), 64, "crop"))
    assert pixels.shape == (64, 64, 3)
    assert (pixels[8:-8, 8:-8] == (0, 128, 0)).all()


def test_squash_keeps_all_and_loses_the_aspect_ratio() -> None:
    pixels = np.asarray(squared(wide_picture(), 60, Squaring.squash))
    assert pixels[30, 5].tolist() == [255, 0, 0]
    assert pixels[30, 55].tolist() == [0, 0, 255]


def test_pad_keeps_all_on_white() -> None:
    pixels = np.asarray(squared(wide_picture(), 60, Squaring.pad))
    assert pixels[5, 30].tolist() == [255, 255, 255]
    assert pixels[30, 5].tolist() == [255, 0, 0]


def test_another_word_is_refused() -> None:
    with pytest.raises(ValueError, match="valid Squaring"):
        squared(wide_picture(), 60, "stretch")  # type: ignore[arg-type]
