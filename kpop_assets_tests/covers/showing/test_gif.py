import io

import numpy as np
import pytest
from PIL import Image, ImageFilter

from kpop_assets.covers.showing.gif import MOST_BITS, animated_gif

SIDE = 160
RANDOM = np.random.default_rng(0)


def noise_frame() -> np.ndarray:
    return RANDOM.integers(0, 256, (SIDE, SIDE, 3), dtype=np.uint8)


def smooth_frame() -> np.ndarray:
    down, across = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1)
    return np.stack([255 * across, 60 + 120 * down, 255 - 200 * across], -1).astype(np.uint8)


def shown(film: bytes) -> list[np.ndarray]:
    """The frames of a GIF as a viewer shows them, uint8 (H, W, 3)."""
    image = Image.open(io.BytesIO(film))
    frames = []
    for index in range(image.n_frames):  # type: ignore[attr-defined]
        image.seek(index)
        frames.append(np.asarray(image.convert("RGB")))
    return frames


def colours_of(frame: np.ndarray) -> int:
    return len(np.unique(frame.reshape(-1, 3), axis=0))


def seen_from_afar(frame: np.ndarray) -> np.ndarray:
    return np.asarray(Image.fromarray(frame).filter(ImageFilter.GaussianBlur(2)), dtype=float)


def test_a_viewer_shows_every_frame_for_its_time_again_and_again() -> None:
    film = animated_gif([smooth_frame(), smooth_frame(), noise_frame()], [120, 250, 2500])
    image = Image.open(io.BytesIO(film))
    assert image.size == (SIDE, SIDE)
    assert image.info["loop"] == 0
    durations = []
    for index in range(3):
        image.seek(index)
        durations.append(image.info["duration"])
    assert durations == [120, 250, 2500]


def test_noise_takes_no_more_bits_than_allowed() -> None:
    frames = [noise_frame() for _ in range(4)]
    for most_bits in (MOST_BITS, 6.0):
        bits = 8 * len(animated_gif(frames, [100] * 4, most_bits)) / (4 * SIDE * SIDE)
        assert 0.8 * most_bits < bits <= most_bits + 0.02


def test_the_allowed_bits_are_used_for_colours() -> None:
    noisy, smooth = shown(animated_gif([noise_frame(), smooth_frame()], [100, 100], 4.5))
    assert colours_of(noisy) < 40 < 100 < colours_of(smooth)


def test_smooth_colours_show_no_bands() -> None:
    frame = smooth_frame()
    (film,) = shown(animated_gif([frame], [100]))
    (coarse,) = shown(animated_gif([frame], [100], most_bits=1.5))
    inner = (slice(8, -8), slice(8, -8))
    assert np.abs(seen_from_afar(film) - seen_from_afar(frame))[inner].max() < 6
    assert colours_of(coarse) < colours_of(film)
    assert np.abs(seen_from_afar(coarse) - seen_from_afar(frame))[inner].mean() < 8


def test_a_rare_strong_colour_stays() -> None:
    frame = np.full((SIDE, SIDE, 3), 128, np.uint8) + RANDOM.integers(
        -60, 61, (SIDE, SIDE, 3)
    ).astype(np.uint8)
    frame[40:56, 40:56] = (255, 230, 0)
    (film,) = shown(animated_gif([frame], [100]))
    patch = film[42:54, 42:54].reshape(-1, 3).mean(axis=0)
    assert np.abs(patch - (255, 230, 0)).max() < 16


def test_frames_of_few_pixels_or_colours_are_shown_as_they_are() -> None:
    for frame in (
        np.full((1, 1, 3), (10, 200, 30), np.uint8),
        np.full((64, 300, 3), (10, 200, 30), np.uint8),
        np.repeat(np.eye(3, dtype=np.uint8)[:, None] * 255, 40, axis=1),
    ):
        (film,) = shown(animated_gif([frame], [100]))
        assert np.abs(film.astype(int) - frame).max() <= 1


def test_the_same_frames_give_the_same_bytes() -> None:
    frames = [smooth_frame(), noise_frame()]
    assert animated_gif(frames, [100, 100]) == animated_gif(frames, [100, 100])


def test_no_frames_and_frames_of_two_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match="at least one frame"):
        animated_gif([], [])
    with pytest.raises(ValueError, match=r"one size, \(160, 160, 3\), got \(80, 160, 3\)"):
        animated_gif([smooth_frame(), smooth_frame()[:80]], [100, 100])


def plain_frame(*colour: int, side: int = SIDE) -> np.ndarray:
    return np.full((side, side, 3), colour, np.uint8)


@pytest.mark.parametrize("side", [SIDE, 1030])
def test_a_generator_that_collapses_to_one_colour_has_a_film(side: int) -> None:
    """A busy frame needs few colours; the plain one after it is tried with as few, at first."""
    busy = RANDOM.integers(0, 256, (side, side, 3), dtype=np.uint8)
    white, black = (plain_frame(*[level] * 3, side=side) for level in (255, 0))
    for after in ([white], [black], [white, busy], [black, white]):
        film = shown(animated_gif([busy, *after], [100] * (1 + len(after))))
        assert len(film) == 1 + len(after)
        assert np.array_equal(film[1], after[0])


def test_a_plain_frame_with_one_other_pixel_keeps_that_pixel() -> None:
    frame = plain_frame(255, 255, 255, side=400)
    frame[3, 5] = (200, 0, 0)
    busy = RANDOM.integers(0, 256, frame.shape, dtype=np.uint8)
    film = shown(animated_gif([busy, frame], [100, 100]))
    assert np.abs(film[1].astype(int) - frame).max() <= 1
