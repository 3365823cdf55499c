"""Drawn examples of what each rule flags and of true covers that it must leave alone."""

import numpy as np
import pytest
from PIL import Image, ImageDraw

from kpop_assets.covers.curating.not_covers import Reason, not_cover_reasons
from kpop_assets_tests.conftest import drawn_cover


def reasons(picture: Image.Image, size: tuple[int, int] | None = None) -> list[Reason]:
    return not_cover_reasons(picture, size or picture.size)


def on_ground(
    picture: Image.Image, size: tuple[int, int], ground: str | tuple[int, int, int]
) -> Image.Image:
    whole = Image.new("RGB", size, ground)
    whole.paste(picture, ((size[0] - picture.width) // 2, (size[1] - picture.height) // 2))
    return whole


def page(lines: int, ground: str = "white", ink: str = "black") -> Image.Image:
    picture = Image.new("RGB", (600, 600), ground)
    draw = ImageDraw.Draw(picture)
    for line in range(lines):
        draw.text((60, 40 + 500 * line // lines), "to be or not to be that is it" * 2, ink, size=18)
    return picture


def emblem(background: str = "white", ink: str = "black") -> Image.Image:
    picture = Image.new("RGB", (600, 600), background)
    ImageDraw.Draw(picture).ellipse((200, 200, 400, 400), outline=ink, width=14)
    return picture


@pytest.mark.parametrize("seed", range(12))
def test_a_square_cover_has_no_reason(seed: int) -> None:
    assert reasons(drawn_cover(seed, (400, 400))) == []


@pytest.mark.parametrize(
    "cover",
    [emblem(), emblem("black", "white"), emblem("#f4a6c0", "#fbd3e0"), page(4)],
    ids=["emblem on white", "emblem on black", "emblem on pink", "four lines of text"],
)
def test_plain_covers_are_left_alone(cover: Image.Image) -> None:
    assert reasons(cover) == []


@pytest.mark.parametrize(
    ("size", "flagged"),
    [((1000, 560), True), ((600, 840), True), ((600, 500), True), ((600, 520), False)],
)
def test_a_picture_far_from_square_is_flagged(size: tuple[int, int], flagged: bool) -> None:
    found = reasons(drawn_cover(1, size))
    assert found == (["aspect far from square"] if flagged else [])


def test_the_size_before_shrinking_counts() -> None:
    assert reasons(drawn_cover(1, (250, 250))) == ["small"]
    assert reasons(drawn_cover(1, (250, 250)), (1000, 1000)) == []
    assert reasons(drawn_cover(1, (256, 256))) == []


def test_almost_one_colour_is_flagged() -> None:
    assert reasons(Image.new("RGB", (600, 600), "#f4e2c0")) == ["almost one colour"]
    noise = np.random.default_rng(0).integers(120, 130, (600, 600), dtype=np.uint8)
    assert reasons(Image.fromarray(noise)) == ["almost one colour"]


@pytest.mark.parametrize(("ground", "ink"), [("white", "black"), ("#7a0010", "black")])
def test_a_page_of_text_is_flagged(ground: str, ink: str) -> None:
    assert reasons(page(16, ground, ink)) == ["page of text"]


@pytest.mark.parametrize("ground", ["white", "black"])
@pytest.mark.parametrize("size", [(600, 460), (430, 600)])
def test_bars_at_two_sides_are_flagged(ground: str, size: tuple[int, int]) -> None:
    cover = drawn_cover(3, size)
    assert reasons(on_ground(cover, (600, 600), ground)) == ["bars at two sides"]


def test_a_coloured_band_and_a_bar_at_one_side_are_design() -> None:
    assert reasons(on_ground(drawn_cover(3, (600, 460)), (600, 600), "#e8a0b8")) == []
    whole = Image.new("RGB", (600, 600), "white")
    whole.paste(drawn_cover(3, (600, 460)))
    assert reasons(whole) == []


@pytest.mark.parametrize("ground", ["white", "black"])
def test_a_picture_with_a_black_or_white_frame_is_flagged(ground: str) -> None:
    framed = on_ground(drawn_cover(3, (480, 480)), (600, 600), ground)
    assert reasons(framed) == ["frame around it"]


def test_a_line_around_an_emblem_on_the_same_ground_is_no_frame() -> None:
    cover = emblem("black", "gold")
    ImageDraw.Draw(cover).rectangle((30, 30, 570, 570), outline="gold", width=6)
    assert reasons(cover) == []


@pytest.mark.parametrize("gap", [0, 8])
@pytest.mark.parametrize("columns", [2, 3])
def test_several_covers_in_a_grid_are_flagged(columns: int, gap: int) -> None:
    side = 600 // columns
    whole = Image.new("RGB", (side * columns, side * columns), "white")
    levels = [20, 230, 90, 160, 250, 40, 200, 110, 0]
    for index in range(columns * columns):
        level = levels[index] if columns == 3 else [20, 230, 230, 20][index]
        cover = Image.blend(
            drawn_cover(index, (side - gap, side - gap)),
            Image.new("RGB", (side - gap, side - gap), (level, level, level)),
            0.8,
        )
        whole.paste(cover, (index % columns * side, index // columns * side))
    assert "several pictures in a grid" in reasons(whole)


def test_any_mode_can_be_measured() -> None:
    for mode in ("L", "CMYK", "RGBA", "P", "1"):
        assert reasons(on_ground(emblem(), (900, 600), "white").convert(mode)) == [
            "aspect far from square"
        ]


@pytest.mark.parametrize("size", [(1, 1), (1, 5000), (5000, 2)])
def test_a_sliver_of_a_picture_is_measured_too(size: tuple[int, int]) -> None:
    assert "small" in reasons(Image.new("RGB", size, "red"))


@pytest.mark.parametrize("seed", range(8))
def test_a_thumbnail_has_no_reason_but_its_size(seed: int) -> None:
    assert reasons(drawn_cover(seed, (60, 60))) == ["small"]
