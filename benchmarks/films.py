"""Seconds, megabytes and fidelity of a training film of 100 frames of 512x512 pixels.

    python -m benchmarks.films
    python -m benchmarks.films --folder data/store/cover_generator/popular/NAME/frames

Compares `covers.film.gif_film` with what imageio and Pillow write by default, with Pillow's fast
octree (no dithering), and with an animated WebP. Without a folder of frames (PNG) there are two
films: `training` looks as training does, noise that becomes blurred and checkered covers, each
frame with texture of its own; `covers` are drawn covers that turn into one another.

In a round everything is written once, one after another; the figures are medians. Decibels (peak
signal to noise, median over frames) are told twice: of the pixels, and after a Gaussian blur of one
pixel, which is what the eye makes of dithering. `bands` is the largest error of a 16x16 mean, in
levels, in a frame of smooth gradients written alone: dithering keeps it small.
"""

import argparse
import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import imageio.v3 as imageio
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from kpop_assets.covers.showing.film import gif_film, webp_film
from kpop_assets.sample_world.artwork import CoverDesign, draw_cover

Frame = NDArray[np.uint8]
Film = Callable[[list[Frame]], bytes]
CELLS, CELL, GAP = 8, 62, 2
SIDE = CELLS * (CELL + GAP)


def pillow_default(frames: list[Frame]) -> bytes:
    """Pillow's save of RGB frames."""
    return saved([Image.fromarray(frame) for frame in frames], "GIF")


def pillow_octree(frames: list[Frame]) -> bytes:
    """Pillow's fastest palette for each frame."""
    octree = Image.Quantize.FASTOCTREE
    return saved([Image.fromarray(frame).quantize(256, octree) for frame in frames], "GIF")


def saved(images: list[Image.Image], file_format: str) -> bytes:
    """Return the images as an animation, endless, 120 ms a frame."""
    film = io.BytesIO()
    images[0].save(film, file_format, save_all=True, append_images=images[1:], duration=120, loop=0)
    return film.getvalue()


def peers() -> dict[str, Film]:
    """Return the ways to write a film, by name."""
    ways: dict[str, Film] = {
        "ours": gif_film,
        "Pillow": pillow_default,
        "Pillow fast octree": pillow_octree,
        "WebP, all frames": lambda frames: webp_film(frames, len(frames)),
    }
    ways["imageio"] = lambda frames: imageio.imwrite(
        "<bytes>", np.stack(frames), extension=".gif", duration=120, loop=0
    )
    return ways


def cells_of(pictures: NDArray[np.float64]) -> Frame:
    """Return a frame of 8x8 pictures of 62 pixels, levels 0 to 255, on white."""
    frame = np.full((CELLS, CELL + GAP, CELLS, CELL + GAP, 3), 255.0)
    frame[:, :CELL, :, :CELL] = pictures.reshape(CELLS, CELLS, CELL, CELL, 3).swapaxes(1, 2)
    return frame.reshape(SIDE, SIDE, 3).clip(0, 255).round().astype(np.uint8)


def drawn(first_seed: int) -> NDArray[np.float64]:
    """Return 64 drawn covers of 62 pixels."""
    styles = ("boy", "girl", "general")
    designs = [
        CoverDesign(seed, styles[seed % 3], "Artist", f"Title {seed}")
        for seed in range(first_seed, first_seed + CELLS**2)
    ]
    return np.stack([np.asarray(draw_cover(design, CELL), float) for design in designs])


def training_film(count: int) -> list[Frame]:
    """Return frames from noise to covers that stay blurred and checkered, as a DCGAN's do."""
    random = np.random.default_rng(0)
    blurs = ImageFilter.GaussianBlur
    covers = drawn(0)
    blurred = np.stack(
        [np.asarray(Image.fromarray(c.astype(np.uint8)).filter(blurs(3)), float) for c in covers]
    )
    checks = 1.0 - 2.0 * (np.indices((CELL, CELL)).sum(0) % 2)[..., None]
    frames = []
    for index in range(count):
        share = index / max(count - 1, 1)
        shown = blurred + share * (covers - blurred) / 2
        tint = random.normal(0, 25 * (1 - share) + 5, (CELLS**2, 1, 1, 3))
        texture = random.normal(0, 60 * (1 - share) ** 2 + 14, shown.shape)
        pattern = checks * random.normal(0, 10, (CELLS**2, 1, 1, 3))
        grey = 128 + (shown - 128) * min(1, 3 * share)
        frames.append(cells_of(grey + tint + texture + pattern))
    return frames


def covers_film(count: int) -> list[Frame]:
    """Return frames in which drawn covers turn into others, with little noise."""
    random = np.random.default_rng(1)
    first, last = drawn(100), drawn(200)
    shares = np.linspace(0, 1, count)
    return [
        cells_of(first + share * (last - first) + random.normal(0, 2, first.shape))
        for share in shares
    ]


def gradients() -> Frame:
    """Return a frame of smooth gradients of three colours."""
    down, across = np.mgrid[0:SIDE, 0:SIDE] / (SIDE - 1)
    levels = np.stack([255 * across, 20 + 200 * down, 100 + 80 * np.cos(3 * (across + down))], -1)
    return levels.astype(np.uint8)


def frames_of(film: bytes) -> list[Frame]:
    """Return the frames of a film as a viewer shows them."""
    image = Image.open(io.BytesIO(film))
    frames = []
    for index in range(getattr(image, "n_frames", 1)):
        image.seek(index)
        frames.append(np.asarray(image.convert("RGB")))
    return frames


def decibels(shown: list[Frame], frames: list[Frame], blur: float = 0) -> float:
    """Return the median peak signal-to-noise ratio, of blurred frames if asked for."""

    def seen(frame: Frame) -> NDArray[np.float64]:
        if blur:
            return np.asarray(Image.fromarray(frame).filter(ImageFilter.GaussianBlur(blur)), float)
        return frame.astype(float)

    errors = [
        float(np.mean((seen(a) - seen(b)) ** 2))
        for a, b in zip(shown[::10], frames[::10], strict=True)
    ]
    return float(10 * np.log10(255**2 / max(statistics.median(errors), 1e-9)))


def bands(way: Film) -> float:
    """Return the largest error of a 16x16 mean in a frame of smooth gradients."""
    frame = gradients()
    (shown,) = frames_of(way([frame]))
    error = (shown.astype(float) - frame).reshape(SIDE // 16, 16, SIDE // 16, 16, 3).mean((1, 3))
    return float(np.abs(error).max())


def measure(name: str, frames: list[Frame], rounds: int) -> None:
    """Measure and print."""
    height, width = frames[0].shape[:2]
    print(f"\n{name}: {len(frames)} frames of {width}x{height}, {rounds} rounds")
    seconds: dict[str, list[float]] = {}
    cpu: dict[str, list[float]] = {}
    films: dict[str, bytes] = {}
    ways = peers()
    for _ in range(rounds):
        for peer, way in ways.items():
            begun, cpu_begun = time.perf_counter(), time.process_time()
            films[peer] = way(frames)
            cpu.setdefault(peer, []).append(time.process_time() - cpu_begun)
            seconds.setdefault(peer, []).append(time.perf_counter() - begun)
    for peer, film in films.items():
        shown = frames_of(film)
        print(
            f"  {peer:20}{statistics.median(seconds[peer]):7.2f} s"
            f"{statistics.median(cpu[peer]):7.2f} s cpu{len(film) / 1e6:7.1f} MB"
            f"{decibels(shown, frames):7.1f} dB{decibels(shown, frames, 1):7.1f} dB blurred"
            f"{bands(ways[peer]):7.1f} bands"
        )


def main(folder: Path | None, count: int, rounds: int) -> None:
    """Measure one film, or both that are made here."""
    if folder:
        paths = sorted(folder.glob("*.png"))[:count]
        measure(
            str(folder), [np.asarray(Image.open(path).convert("RGB")) for path in paths], rounds
        )
    else:
        measure("training", training_film(count), rounds)
        measure("covers", covers_film(count), rounds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measures training films.")
    parser.add_argument("--folder", type=Path, help="progress frames to take instead of made ones")
    parser.add_argument("--frames", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    main(arguments.folder, arguments.frames, arguments.rounds)
