"""Fictional, seeded album covers, drawn with Pillow and numpy for the sample site."""

import hashlib
import io
from dataclasses import dataclass

import numpy as np
from PIL import Image

from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.layouts import LAYOUTS
from kpop_assets.sample_world.artwork.palette import Style, draw_palette
from kpop_assets.sample_world.artwork.words import printed_words

SAMPLE_NOTE = "sample cover drawn by kpop_assets; not a released album cover"
_IMAGE_DESCRIPTION, _SOFTWARE = 0x010E, 0x0131


@dataclass(frozen=True)
class CoverDesign:
    """What a cover is drawn from: equal designs give equal covers."""

    seed: int
    style: Style
    artist: str
    title: str
    year: int | None = None


def _random_numbers(design: CoverDesign) -> np.random.Generator:
    key = repr((design.seed, design.style, design.artist, design.title, design.year))
    return np.random.default_rng(list(hashlib.sha256(key.encode()).digest()))


def draw_cover(design: CoverDesign, size: int) -> Image.Image:
    """The cover as RGB, size x size px; every size of a design shows the same composition."""
    rng = _random_numbers(design)
    palette = draw_palette(design.style, rng)
    words = printed_words(design.artist, design.title, design.year, design.style == "general", rng)
    shares = np.array(list(LAYOUTS.values()))
    layout = list(LAYOUTS)[int(rng.choice(len(shares), p=shares / shares.sum()))]
    canvas = Canvas(size, palette, words, rng)
    layout(canvas)
    return canvas.finished()


def cover_jpeg(design: CoverDesign, size: int, quality: int = 90) -> bytes:
    """The cover as JPEG bytes whose EXIF and comment say that it is a sample."""
    exif = Image.Exif()
    exif[_IMAGE_DESCRIPTION] = SAMPLE_NOTE
    exif[_SOFTWARE] = "kpop_assets sample artwork"
    stream = io.BytesIO()
    draw_cover(design, size).save(
        stream, "JPEG", quality=quality, exif=exif, comment=SAMPLE_NOTE.encode()
    )
    return stream.getvalue()
