"""How many covers a second become 512x512 pixels, on one thread and on two.

    .venv/bin/pip install pyvips[binary] opencv-python-headless   # peers; without them left out
    python -m benchmarks.crawl.normalisation
    python -m benchmarks.crawl.normalisation --folder my_covers

From the bytes of a stored JPEG to an array, cut to the centre square: `decoded_cover` and `squared`
as the asset cover_tensors calls them, against Pillow's ImageOps.fit with its Lanczos filter, the
same after a drafted decode, OpenCV's area average and libvips' Lanczos. Without a folder, drawn
covers of 600 to 1500 pixels, stored as the store stores them; of a folder, the JPEGs of 600 pixels
and more.

In a round everything is measured once, one after another, so that a busy machine slows all alike.
`cpu` is processor time on one thread, the number to trust when the machine is busy. Decibels are
those of the picture against Pillow's Lanczos: lowest, median.
"""

import argparse
import io
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from kpop_assets.covers.decode import decoded_cover, stored_jpeg
from kpop_assets.covers.parallel import in_parallel
from kpop_assets.covers.square import squared
from kpop_assets.sample_world.artwork import CoverDesign, draw_cover

SIZE = 512
SIDES = (600, 1500)
Normalise = Callable[[bytes], NDArray[np.uint8]]


def ours(jpeg: bytes) -> NDArray[np.uint8]:
    """The way of cover_tensors."""
    return np.asarray(squared(decoded_cover(jpeg), SIZE))


def pillow(jpeg: bytes) -> NDArray[np.uint8]:
    """Pillow's plain Lanczos."""
    image = Image.open(io.BytesIO(jpeg))
    return np.asarray(ImageOps.fit(image, (SIZE, SIZE), Image.Resampling.LANCZOS))


def pillow_drafted(jpeg: bytes) -> NDArray[np.uint8]:
    """The same from a decode at half size where the picture is twice as large."""
    image = Image.open(io.BytesIO(jpeg))
    image.draft("RGB", (SIZE, SIZE))
    return np.asarray(ImageOps.fit(image, (SIZE, SIZE), Image.Resampling.LANCZOS))


def peers() -> dict[str, Normalise]:
    """Return the ways to compare, by name; those that are not installed are left out."""
    ways = {"Pillow Lanczos": pillow, "ours": ours, "Pillow drafted": pillow_drafted}
    try:
        import cv2

        cv2.setNumThreads(1)

        def opencv(jpeg: bytes) -> NDArray[np.uint8]:
            whole = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
            side = min(whole.shape[:2])
            top, left = ((length - side) // 2 for length in whole.shape[:2])
            square = whole[top : top + side, left : left + side]
            return cv2.resize(square, (SIZE, SIZE), interpolation=cv2.INTER_AREA)

        ways["OpenCV area"] = opencv
    except ImportError:
        pass
    try:
        import pyvips

        pyvips.cache_set_max(0)

        def vips(jpeg: bytes) -> NDArray[np.uint8]:
            image = pyvips.Image.thumbnail_buffer(jpeg, SIZE, height=SIZE, crop="centre")
            return image.numpy()

        ways["libvips Lanczos"] = vips
    except ImportError:
        pass
    return ways


def drawn_jpegs(count: int) -> list[bytes]:
    """Return drawn covers as the store holds them, their sides evenly from 600 to 1500 pixels."""
    sides = np.linspace(*SIDES, count).round().astype(int).tolist()
    styles = ("boy", "girl", "general")
    return [
        stored_jpeg(draw_cover(CoverDesign(seed, styles[seed % 3], "Artist", "Title"), side), "")
        for seed, side in enumerate(sides)
    ]


def jpegs_of(folder: Path, most: int) -> list[bytes]:
    """Return at most so many JPEGs of the folder, evenly chosen, as the store would hold them."""
    found = []
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in (".jpg", ".jpeg"):
            with Image.open(path) as image:
                if min(image.size) >= SIDES[0]:
                    found.append(path)
    chosen = np.unique(np.linspace(0, len(found) - 1, min(most, len(found))).round().astype(int))
    return [stored_jpeg(decoded_cover(found[index].read_bytes()), "") for index in chosen]


def decibels(picture: NDArray[np.uint8], reference: NDArray[np.uint8]) -> float:
    """Return the peak signal-to-noise ratio."""
    error = np.mean((picture.astype(float) - reference) ** 2)
    return float(10 * np.log10(255**2 / error)) if error else float("inf")


def main(folder: Path | None, count: int, rounds: int) -> None:
    """Measure and print."""
    jpegs = jpegs_of(folder, count) if folder else drawn_jpegs(count)
    sides = sorted(min(Image.open(io.BytesIO(jpeg)).size) for jpeg in jpegs)
    print(
        f"{len(jpegs)} JPEGs, shorter side {sides[0]} to {sides[-1]} px, "
        f"median {sides[len(sides) // 2]}; {rounds} rounds"
    )
    ways = peers()
    seconds: dict[tuple[str, str], list[float]] = {}
    for _ in range(rounds):
        for name, way in ways.items():
            for threads in (1, 2):
                begun, cpu_begun = time.perf_counter(), time.process_time()
                if threads == 1:
                    for jpeg in jpegs:
                        way(jpeg)
                    cpu = time.process_time() - cpu_begun
                    seconds.setdefault((name, "cpu"), []).append(cpu)
                else:
                    for _cover in in_parallel(way, jpegs, threads):
                        pass
                taken = time.perf_counter() - begun
                seconds.setdefault((name, f"{threads}"), []).append(taken)
    references = [pillow(jpeg) for jpeg in jpegs]
    base = {what: seconds["Pillow Lanczos", what] for what in ("1", "2", "cpu")}
    print(f"{'':16} {'images/s on 1, 2 threads':>26} {'times Pillow: 1, 2, cpu':>26}   dB")
    for name, way in ways.items():
        rates = [len(jpegs) / statistics.median(seconds[name, threads]) for threads in ("1", "2")]
        times = [
            statistics.median(
                slow / fast for slow, fast in zip(base[what], seconds[name, what], strict=True)
            )
            for what in ("1", "2", "cpu")
        ]
        ratios = sorted(
            decibels(way(jpeg), reference)
            for jpeg, reference in zip(jpegs, references, strict=True)
        )
        print(
            f"{name:16} {rates[0]:17.1f} {rates[1]:8.1f} "
            + " ".join(f"{value:8.2f}" for value in times)
            + f"   {ratios[0]:.1f}, {statistics.median(ratios):.1f}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Measures the normalisation of covers.")
    parser.add_argument("--folder", type=Path, help="pictures to take instead of drawn ones")
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    arguments = parser.parse_args()
    main(arguments.folder, arguments.count, arguments.rounds)
