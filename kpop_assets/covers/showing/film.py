"""Training films and walks: the same frames as MP4 to share, GIF, and WebP for the UI."""

import io
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from kpop_assets.covers.showing.gif import MOST_BITS, animated_gif

FRAME_MS = 120
LAST_FRAME_MS = 2500
MOST_GIF_BYTES = 15_000_000
WEBP_FRAMES, WEBP_QUALITY = 20, 55
MP4_QUALITY = "20"
"""Constant rate factor of H.264; 23 is its default, lower is better."""
MP4_PACE = "veryfast"
"""Preset of x264: half the time of its default, for files of about the same size."""
CAPTION_PIXELS = 20
INK, PLATE = (255, 255, 255), (20, 20, 20)

Frames = Sequence[NDArray[np.uint8]]


def captioned(frame: NDArray[np.uint8], caption: str) -> NDArray[np.uint8]:
    """Return the frame, uint8 (H, W, 3), with the caption on a plate in its lower right corner."""
    image = Image.fromarray(frame)
    draw = ImageDraw.Draw(image)
    font = ImageFont.load_default(CAPTION_PIXELS)
    margin = CAPTION_PIXELS // 3
    corner = (image.width - margin, image.height - margin)
    left, top, right, bottom = draw.textbbox(corner, caption, font, anchor="rd")
    draw.rectangle((left - margin, top - margin, image.width, image.height), PLATE)
    draw.text((right, bottom), caption, INK, font, anchor="rd")
    return np.asarray(image)


def mp4_film(frames: Frames, frame_ms: int = FRAME_MS, last_frame_ms: int = LAST_FRAME_MS) -> bytes:
    """Return the frames, uint8 (H, W, 3) of one size, as MP4 (H.264, yuv420p) that holds the last.

    An odd width or height gets a white line more: that format has even ones. Raises `ValueError`
    without frames or when they differ in size.
    """
    import imageio.v3 as imageio

    _require_one_size(frames)
    height, width = frames[0].shape[:2]
    even = ((0, height % 2), (0, width % 2), (0, 0))
    held = [frames[-1]] * (max(1, round(last_frame_ms / frame_ms)) - 1)
    content: bytes = imageio.imwrite(
        "<bytes>",
        [np.pad(frame, even, constant_values=255) for frame in (*frames, *held)],
        extension=".mp4",
        plugin="FFMPEG",
        fps=1000 / frame_ms,
        codec="libx264",
        pixelformat="yuv420p",
        quality=None,
        macro_block_size=2,
        output_params=["-crf", MP4_QUALITY, "-preset", MP4_PACE, "-movflags", "+faststart"],
    )
    return content


def gif_film(
    frames: Frames,
    frame_ms: int = FRAME_MS,
    last_frame_ms: int = LAST_FRAME_MS,
    most_bytes: int = MOST_GIF_BYTES,
) -> bytes:
    """Return the frames, uint8 (H, W, 3) of one size, as an endless GIF that holds the last one.

    A frame takes at most 4.5 bits a pixel. Of more frames than fit in `most_bytes` then, so many
    are chosen evenly, first and last among them, and each is shown for longer. Raises `ValueError`
    without frames or when they differ in size.
    """
    _require_one_size(frames)
    frame_bytes = MOST_BITS / 8 * frames[0].shape[0] * frames[0].shape[1]
    chosen = _evenly(frames, max(1, int(most_bytes / frame_bytes)))
    shown_ms = round(frame_ms * len(frames) / len(chosen))
    return animated_gif(chosen, _durations(len(chosen), shown_ms, max(shown_ms, last_frame_ms)))


def webp_film(
    frames: Frames,
    most_frames: int = WEBP_FRAMES,
    frame_ms: int = FRAME_MS,
    last_frame_ms: int = LAST_FRAME_MS,
) -> bytes:
    """Return at most `most_frames` of the frames, evenly chosen, as an endless animated WebP.

    First and last frame are always among them. Raises `ValueError` without frames or when they
    differ in size.
    """
    _require_one_size(frames)
    images = [Image.fromarray(frame) for frame in _evenly(frames, most_frames)]
    film = io.BytesIO()
    images[0].save(
        film,
        "WEBP",
        save_all=True,
        append_images=images[1:],
        duration=_durations(len(images), frame_ms, last_frame_ms),
        loop=0,
        quality=WEBP_QUALITY,
        method=2,
    )
    return film.getvalue()


def _evenly(frames: Frames, most: int) -> list[NDArray[np.uint8]]:
    places = np.unique(np.linspace(0, len(frames) - 1, min(most, len(frames))).round())
    return [frames[int(place)] for place in places]


def _durations(frames: int, frame_ms: int, last_frame_ms: int) -> list[int]:
    return [frame_ms] * (frames - 1) + [last_frame_ms]


def _require_one_size(frames: Frames) -> None:
    if not frames:
        raise ValueError("expected at least one frame, got none")
    for frame in frames:
        if frame.shape != frames[0].shape:
            raise ValueError(
                f"expected frames of one size, {frames[0].shape}, got {frame.shape} among them"
            )
