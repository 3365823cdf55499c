import base64
import io
import re
from collections.abc import Callable

import imageio.v3 as imageio
import numpy as np
import pytest
from PIL import Image

from kpop_assets.covers.showing.enlarged import (
    FILM_PIXELS,
    enlarged,
    enlarged_for_sheet,
    enlarged_grid,
)
from kpop_assets.covers.showing.film import (
    FRAME_MS,
    LAST_FRAME_MS,
    captioned,
    gif_film,
    mp4_film,
    webp_film,
)
from kpop_assets.covers.showing.gif import MOST_BITS
from kpop_assets.covers.showing.grid import GAP, cover_grid, grid_pictures
from kpop_assets.covers.showing.markdown import inline_preview

Film = Callable[[list[np.ndarray]], bytes]

NOISE = np.random.default_rng(0)


def frames(count: int) -> list[np.ndarray]:
    return [np.full((20, 30, 3), 10 * index, np.uint8) for index in range(count)]


def test_a_grid_has_rows_of_columns_with_gaps_and_a_white_rest() -> None:
    grid = cover_grid(np.zeros((5, 4, 4, 3), np.uint8), columns=3, gap=2)
    assert grid.shape == (10, 16, 3)
    assert (grid[:4, 4:6] == 255).all()
    assert (grid[6:, 12:] == 255).all()
    assert (grid[6:, :4] == 0).all()


def test_a_grid_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="N>=1"):
        cover_grid(np.zeros((0, 4, 4, 3), np.uint8), columns=3)


def test_the_pictures_of_a_grid_are_those_it_was_made_of() -> None:
    pictures = NOISE.integers(0, 256, (6, 16, 16, 3), dtype=np.uint8)
    found, columns = grid_pictures(cover_grid(pictures, 3), 16)
    assert np.array_equal(found, pictures)
    assert columns == 3


@pytest.mark.parametrize("side", [15, 32, 100])
def test_a_grid_of_other_pictures_is_refused(side: int) -> None:
    grid = cover_grid(np.zeros((6, 16, 16, 3), np.uint8), 3)
    with pytest.raises(ValueError, match=f"pictures of {side} pixels, 2 apart, got shape"):
        grid_pictures(grid, side)


def test_pictures_are_enlarged_by_a_whole_number_and_smoothly() -> None:
    ramp = np.linspace(0, 255, 16).astype(np.uint8)
    picture = np.broadcast_to(ramp[:, None], (16, 16, 3))
    (large,) = enlarged(picture[None], 4)
    assert large.shape == (64, 64, 3)
    assert np.abs(np.diff(large[8:-8, 0, 0].astype(int))).max() < 8
    assert enlarged_for_sheet(np.zeros((2, 64, 64, 3), np.uint8)).shape == (2, 128, 128, 3)
    assert enlarged_for_sheet(np.zeros((2, 256, 256, 3), np.uint8)).shape == (2, 256, 256, 3)


@pytest.mark.parametrize(("side", "columns", "rows"), [(16, 6, 4), (64, 6, 4), (128, 3, 2)])
def test_an_enlarged_grid_is_as_large_as_a_film_and_its_white_stays_white(
    side: int, columns: int, rows: int
) -> None:
    grid = cover_grid(np.zeros((columns * rows, side, side, 3), np.uint8), columns)
    large = enlarged_grid(grid, side)
    times = large.shape[0] // grid.shape[0]
    assert min(large.shape[:2]) >= FILM_PIXELS
    assert large.shape[:2] == (grid.shape[0] * times, grid.shape[1] * times)
    assert set(np.unique(large)) == {0, 255}
    gap = large[0, side * times : (side + GAP) * times]
    assert (gap == 255).all()
    assert (large[: side * times, : side * times] == 0).all()


def test_a_caption_is_in_the_lower_right_corner() -> None:
    frame = np.full((200, 300, 3), 128, np.uint8)
    changed = (captioned(frame, "step 1,200") != frame).any(axis=2)
    assert changed[-1, -1]
    assert not changed[:150].any()
    assert not changed[:, :150].any()
    assert captioned(frame, "step 1,200").max() == 255


def test_the_mp4_plays_anywhere_and_holds_the_last_frame() -> None:
    levels = [0, 80, 160, 240]
    film = mp4_film([np.full((63, 95, 3), level, np.uint8) for level in levels], 100, 500)
    about = imageio.immeta(film, extension=".mp4", plugin="FFMPEG")
    assert about["codec"] == "h264"
    assert about["pix_fmt"].startswith("yuv420p")
    assert about["size"] == (96, 64)
    assert about["fps"] == 10
    shown = imageio.imread(film, extension=".mp4", plugin="FFMPEG")
    means = [frame[8:56, 8:80].mean() for frame in shown]
    assert means == pytest.approx([*levels, *[240] * 4], abs=4)


def test_a_gif_of_more_frames_than_fit_shows_fewer_for_as_long() -> None:
    noise = list(NOISE.integers(0, 256, (40, 64, 64, 3), dtype=np.uint8))
    most_bytes = int(10 * MOST_BITS / 8 * 64 * 64)
    content = gif_film(noise, 100, 2500, most_bytes=most_bytes)
    film = Image.open(io.BytesIO(content))
    assert film.n_frames == 10
    assert film.info["duration"] == 400
    assert len(content) <= 1.05 * most_bytes


def test_the_gif_shows_every_frame_and_holds_the_last() -> None:
    film = Image.open(io.BytesIO(gif_film(frames(5))))
    durations = []
    for index in range(film.n_frames):
        film.seek(index)
        durations.append(film.info["duration"])
    assert durations == [FRAME_MS] * 4 + [LAST_FRAME_MS]
    assert film.info["loop"] == 0


@pytest.mark.parametrize("film", [gif_film, mp4_film, webp_film])
def test_a_film_of_nothing_or_of_two_sizes_is_refused(film: Film) -> None:
    with pytest.raises(ValueError, match="at least one frame"):
        film([])
    with pytest.raises(ValueError, match="frames of one size"):
        film([np.zeros((16, 16, 3), np.uint8), np.zeros((16, 18, 3), np.uint8)])


def test_the_webp_film_is_short_and_keeps_first_and_last_frame() -> None:
    film = Image.open(io.BytesIO(webp_film(frames(25), most_frames=6)))
    assert film.n_frames == 6
    assert abs(film.convert("RGB").getpixel((5, 5))[0] - 0) < 6
    film.seek(5)
    assert abs(film.convert("RGB").getpixel((5, 5))[0] - 240) < 6


@pytest.mark.parametrize(
    "picture",
    [
        NOISE.integers(0, 256, (262, 394, 3), dtype=np.uint8),
        np.zeros((64, 64, 3), np.uint8),
        NOISE.integers(0, 256, (10, 900, 3), dtype=np.uint8),
    ],
    ids=["noise", "black", "strip"],
)
def test_a_preview_is_short_enough_to_be_shown_inline(picture: np.ndarray) -> None:
    markdown = inline_preview(picture, "popular covers")
    assert len(markdown) < 1000
    data = re.fullmatch(r"!\[popular covers\]\(data:image/webp;base64,(.+)\)", markdown)
    assert data
    assert max(Image.open(io.BytesIO(base64.b64decode(data[1]))).size) <= 64
