"""Animated GIFs whose frames have as many colours as a number of bits allows.

Pillow and imageio give every frame 256 colours. The frames of a training film are full of noise,
which LZW cannot compress, so that a pixel takes more than eight bits. Noise hides a coarse palette;
smooth frames compress well and keep 256 colours. Errors are diffused (Floyd and Steinberg 1976), so
that no number of colours shows bands.
"""

import io
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

MOST_BITS = 4.5
MOST_COLOURS, FEWEST_COLOURS = 256, 8
MOST_ATTEMPTS = 4
AIM, ENOUGH = 0.95, 0.85
"""Shares of the allowed bits: the one to aim at, and the one from which on no more are sought."""
MOST_GROWTH = 3.0
"""As a power of the number of colours: three times as many bits reach 256 colours from 8. A nearly
constant frame takes hardly any bits, and would ask for more than any number holds."""
SAMPLED_PIXELS = 48 * 48
"""A palette is chosen from so many pixels of a frame: from all of them is slow."""
MOVED_PIXELS = 100
"""K-means goes on while more of the sampled pixels than these change their colour."""
GOLDEN_RATIO = 0.6180339887498949

HEADER_BYTES = 13
ENDLESS = b"\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
END = b"\x3b"


def animated_gif(
    frames: Iterable[NDArray[np.uint8]], durations_ms: Iterable[int], most_bits: float = MOST_BITS
) -> bytes:
    """Return the frames, uint8 (H, W, 3) of one size, as an endless GIF.

    A frame takes at most `most_bits` bits a pixel, or has 8 colours where that is not enough.
    Durations are rounded to 10 ms. Raises `ValueError` without frames or when they differ in size.
    """
    film = io.BytesIO()
    size: tuple[int, ...] = ()
    colours = MOST_COLOURS
    for frame, duration in zip(frames, durations_ms, strict=True):
        if not size:
            size = frame.shape
            height, width = size[:2]
            film.write(b"GIF89a" + _word(width) + _word(height) + b"\x70\0\0" + ENDLESS)
        if frame.shape != size:
            raise ValueError(f"expected frames of one size, {size}, got {frame.shape}")
        picture, colours = _frame_in_budget(frame, most_bits, colours)
        film.write(b"\x21\xf9\x04\x04" + _word(round(duration / 10)) + b"\0\0" + picture)
    if not size:
        raise ValueError("expected at least one frame, got none")
    return film.getvalue() + END


def _frame_in_budget(
    frame: NDArray[np.uint8], most_bits: float, first_guess: int
) -> tuple[bytes, int]:
    """Return the frame as image block, and its number of colours, sought from `first_guess` on."""
    image, sample = Image.fromarray(frame), _sample(frame)
    fits, too_many = (b"", 0), MOST_COLOURS + 1
    colours = first_guess
    for _ in range(MOST_ATTEMPTS):
        block = _image_block(image, sample, colours)
        bits = 8 * len(block) / (image.width * image.height)
        if bits > most_bits:
            too_many = colours
        else:
            fits = block, colours
            if bits >= ENOUGH * most_bits or colours == MOST_COLOURS:
                break
        guess = round(colours ** min(AIM * most_bits / bits, MOST_GROWTH))
        colours = min(max(guess, fits[1] + 1, FEWEST_COLOURS), too_many - 1)
        if colours <= max(fits[1], FEWEST_COLOURS):
            break
    return fits if fits[1] else (_image_block(image, sample, FEWEST_COLOURS), FEWEST_COLOURS)


def _sample(frame: NDArray[np.uint8]) -> Image.Image:
    """Return some of the frame's pixels, strewn over it evenly and without a period, as a row.

    Of a frame with few colours they are those colours, however rare one is.
    """
    if few := Image.fromarray(frame).getcolors(FEWEST_COLOURS):
        return Image.fromarray(np.array([[colour for _, colour in few]], np.uint8))
    pixels = frame.reshape(-1, 3)
    if len(pixels) > SAMPLED_PIXELS:
        steps = np.arange(SAMPLED_PIXELS) * GOLDEN_RATIO % 1
        pixels = pixels[(steps * len(pixels)).astype(np.intp)]
    return Image.fromarray(pixels[None])


def _image_block(image: Image.Image, sample: Image.Image, colours: int) -> bytes:
    """Return image descriptor, local palette and compressed pixels of the dithered frame.

    Max coverage and k-means choose a palette that reaches the rare strong colours, too.
    """
    palette = sample.quantize(colours, Image.Quantize.MAXCOVERAGE, MOVED_PIXELS)
    dithered = image.quantize(palette=palette, dither=Image.Dither.FLOYDSTEINBERG)
    still = io.BytesIO()
    dithered.save(still, "GIF", interlace=False)
    content = still.getvalue()
    depth = content[10] & 7
    start = HEADER_BYTES + 3 * (2 << depth)
    descriptor = content[start : start + 9] + bytes([0x80 | depth])
    return descriptor + content[HEADER_BYTES:start] + content[start + 10 : -1]


def _word(number: int) -> bytes:
    return number.to_bytes(2, "little")
