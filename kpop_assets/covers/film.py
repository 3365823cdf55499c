"""Training films: progress frames as an animated GIF for the disk and WebP for the UI."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

FRAME_MS = 120
LAST_FRAME_MS = 2500


def gif_film(frames: Sequence[NDArray[np.uint8]]) -> bytes:
    """Return the frames, uint8 (H, W, 3) of one size, as an endless GIF of 120 ms a frame.

    The last frame is held for 2.5 s. Each frame has its own 256 colours from Pillow's fast octree:
    imageio's median cut took 60 times as long for pictures that look the same.
    """
    images = [
        Image.fromarray(frame).quantize(
            256, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.FLOYDSTEINBERG
        )
        for frame in frames
    ]
    return _animation(images, "GIF", optimize=False)


def webp_film(
    frames: Sequence[NDArray[np.uint8]], most_frames: int = 20, quality: int = 55
) -> bytes:
    """Return at most `most_frames` of the frames, evenly chosen, as an endless animated WebP.

    First and last frame are always among them.
    """
    chosen = np.unique(np.linspace(0, len(frames) - 1, min(most_frames, len(frames))).round())
    images = [Image.fromarray(frames[int(index)]) for index in chosen]
    return _animation(images, "WEBP", quality=quality, method=2)


def _animation(images: list[Image.Image], file_format: str, **options: object) -> bytes:
    if not images:
        raise ValueError("expected at least one frame, got none")
    buffer = io.BytesIO()
    images[0].save(
        buffer,
        file_format,
        save_all=True,
        append_images=images[1:],
        duration=[FRAME_MS] * (len(images) - 1) + [LAST_FRAME_MS],
        loop=0,
        **options,
    )
    return buffer.getvalue()
