"""Training films: progress frames as an animated GIF for the disk and WebP for the UI."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.covers.gif import animated_gif

FRAME_MS = 120
LAST_FRAME_MS = 2500


def gif_film(
    frames: Sequence[NDArray[np.uint8]],
    frame_ms: int = FRAME_MS,
    last_frame_ms: int = LAST_FRAME_MS,
) -> bytes:
    """Return the frames, uint8 (H, W, 3) of one size, as an endless GIF that holds the last one.

    A frame takes at most 4.5 bits a pixel: 100 frames of 512x512 pixels at most 15 MB.
    Raises `ValueError` without frames or when they differ in size.
    """
    return animated_gif(frames, _durations(len(frames), frame_ms, last_frame_ms))


def webp_film(
    frames: Sequence[NDArray[np.uint8]],
    most_frames: int = 20,
    quality: int = 55,
    frame_ms: int = FRAME_MS,
    last_frame_ms: int = LAST_FRAME_MS,
) -> bytes:
    """Return at most `most_frames` of the frames, evenly chosen, as an endless animated WebP.

    First and last frame are always among them. Raises `ValueError` without frames.
    """
    if not frames:
        raise ValueError("expected at least one frame, got none")
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(most_frames, len(frames))).round())
    images = [Image.fromarray(frames[int(index)]) for index in chosen]
    film = io.BytesIO()
    images[0].save(
        film,
        "WEBP",
        save_all=True,
        append_images=images[1:],
        duration=_durations(len(images), frame_ms, last_frame_ms),
        loop=0,
        quality=quality,
        method=2,
    )
    return film.getvalue()


def _durations(frames: int, frame_ms: int, last_frame_ms: int) -> list[int]:
    return [frame_ms] * (frames - 1) + [last_frame_ms]
