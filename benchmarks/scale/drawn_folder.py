"""A folder of many small pictures that are drawn in a millisecond each, with its covers.csv."""

import csv
import io
from pathlib import Path

import numpy as np
from PIL import Image

ARTIST_TYPES = ("boy", "girl", "mixed", "", "", "")
"""By turns: half of the covers count as chart covers, half are general ones."""
FIRST_YEAR, YEARS = 2010, 15
SIDES = (64, 80, 96)
PLAIN, REPEATS, NEAR_REPEATS = 0.2, 0.01, 0.05
FILES_A_FOLDER = 1_000


def draw_folder(folder: Path, covers: int, seed: int = 0) -> None:
    """Write `covers` JPEGs of 64 to 96 pixels and a covers.csv.

    A fifth are a shape on a plain ground, the others are coarse noise in colour, which no two have
    alike. One in a hundred has the bytes of an earlier one, one in twenty is an earlier one at
    another size and quality.
    """
    random = np.random.default_rng(seed)
    folder.mkdir(parents=True)
    drawn: list[Image.Image] = []
    with (folder / "covers.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        table.writerow(["file", "artist_type", "year"])
        for number in range(covers):
            artist_type = ARTIST_TYPES[number % len(ARTIST_TYPES)]
            side, quality, chance = int(random.choice(SIDES)), 92, float(random.random())
            if chance < REPEATS + NEAR_REPEATS and drawn:
                picture = drawn[int(random.integers(len(drawn)))]
                if chance >= REPEATS:
                    picture, quality = picture.resize((side, side)), 80
            else:
                picture = _plain(random, side) if chance > 1 - PLAIN else _noise(random, side)
                drawn = [*drawn[-FILES_A_FOLDER:], picture]
            name = f"{number // FILES_A_FOLDER:03d}/{number:06d}.jpg"
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(_jpeg(picture, quality))
            table.writerow([name, artist_type, FIRST_YEAR + number % YEARS])


def _noise(random: np.random.Generator, side: int) -> Image.Image:
    coarse = random.integers(0, 256, (8, 8, 3), dtype=np.uint8)
    return Image.fromarray(coarse).resize((side, side), Image.Resampling.BICUBIC)


def _plain(random: np.random.Generator, side: int) -> Image.Image:
    ground, shape = (tuple(random.integers(0, 256, 3).tolist()) for _ in range(2))
    picture = Image.new("RGB", (side, side), ground)
    width, height = random.integers(side // 8, side // 2, 2).tolist()
    left, top = random.integers(0, side // 2, 2).tolist()
    picture.paste(shape, (left, top, left + width, top + height))
    return picture


def _jpeg(picture: Image.Image, quality: int) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, "JPEG", quality=quality)
    return buffer.getvalue()
