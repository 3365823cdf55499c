import base64
import io
import re

import numpy as np
import pytest
from PIL import Image

from kpop_assets.covers.film import FRAME_MS, LAST_FRAME_MS, gif_film, webp_film
from kpop_assets.covers.grid import cover_grid
from kpop_assets.covers.markdown import inline_preview

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


def test_the_gif_shows_every_frame_and_holds_the_last() -> None:
    film = Image.open(io.BytesIO(gif_film(frames(5))))
    durations = []
    for index in range(film.n_frames):
        film.seek(index)
        durations.append(film.info["duration"])
    assert durations == [FRAME_MS] * 4 + [LAST_FRAME_MS]
    assert film.info["loop"] == 0


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
