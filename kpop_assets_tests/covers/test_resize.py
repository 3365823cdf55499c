import numpy as np
import pytest
from PIL import Image, ImageOps

from kpop_assets.covers import resize
from kpop_assets.covers.resize import lanczos, lanczos_of_pillow
from kpop_assets.covers.square import squared
from kpop_assets.sample_world.artwork import CoverDesign, draw_cover


def decibels(picture: Image.Image, reference: Image.Image) -> float:
    """Peak signal-to-noise ratio; infinite for equal pictures."""
    error = np.asarray(picture, float) - np.asarray(reference, float)
    with np.errstate(divide="ignore"):
        return float(10 * np.log10(255**2 / np.mean(error**2)))


@pytest.fixture(scope="module")
def cover() -> Image.Image:
    return draw_cover(CoverDesign(5, "girl", "Artist", "Title"), 900).convert("RGB")


def test_a_cover_is_resized_as_by_pillows_lanczos_filter(cover: Image.Image) -> None:
    for size in ((512, 512), (300, 700), (1200, 1200)):
        resized = lanczos(cover, size)
        assert resized.size == size
        assert decibels(resized, lanczos_of_pillow(cover, size)) > 45
    assert decibels(resized, cover.resize((1200, 1200), Image.Resampling.BILINEAR)) < 45


def test_a_part_of_a_cover_is_cut_between_pixels(cover: Image.Image) -> None:
    box = (10.5, 20.25, 700.5, 710.25)
    assert decibels(lanczos(cover, (512, 512), box), lanczos_of_pillow(cover, (512, 512), box)) > 45
    shifted = (11.5, 20.25, 701.5, 710.25)
    assert decibels(lanczos(cover, (512, 512), box), lanczos(cover, (512, 512), shifted)) < 45


def test_the_vector_instructions_are_used_where_there_is_a_wheel(
    cover: Image.Image, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("cykooz_resizer")
    fast = lanczos(cover, (512, 512))
    monkeypatch.setattr(resize, "cykooz_resizer", None)
    assert lanczos(cover, (512, 512)) == lanczos_of_pillow(cover, (512, 512)) != fast


@pytest.mark.parametrize("size", [(640, 900), (901, 600), (33, 1000), (300, 316), (1, 700)])
def test_squares_are_those_of_pillows_image_operations(
    cover: Image.Image, size: tuple[int, int]
) -> None:
    picture = cover.crop((50, 50, 50 + size[0], 50 + size[1]))
    filtering, square = Image.Resampling.LANCZOS, (512, 512)
    for how, expected in {
        "crop": ImageOps.fit(picture, square, filtering),
        "squash": picture.resize(square, filtering),
        "pad": ImageOps.pad(picture, square, filtering, color="white"),
    }.items():
        assert decibels(squared(picture, 512, how), expected) > 45, how  # type: ignore[arg-type]
