"""A second opinion on pictures that a perceptual hash says little about: plain and minimal covers.

The hash looks at brightness only, and says of each frequency whether it is above the median. Where
nearly nothing is on a picture it is the same for every colour, and where a shape stands in the
middle of a plain ground most frequencies are nothing but rounding. The look is the picture at 64 by
64 pixels in colour: two of one ground, and whose shapes are alike at that size, are one picture.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Floats = NDArray[np.float32]

SIDE = 64
SEEN_PIXELS = 4 * SIDE
"""Side at which a picture may be decoded for its look: at fewer pixels edges depend on its size."""
COARSE = 16
DETAIL_LEVELS = 8
"""Levels of 255 by which a part of a picture differs from its neighbours to count as detail."""
LITTLE_DETAIL = 0.5
"""Share of the parts with detail below which a picture has a look; docs/duplicates.md."""
GROUND_LEVELS = 4
"""Levels by which the ground of a copy may differ, from compression."""
MOST_DIFFERENT, MOST_WITH_ONE_HASH = 0.15, 0.35
"""Length of the difference of two pictures of one ground, over that of what is on the ground: what
a copy may have, and what it may have, being cut, where the hashes agree, too."""
FAINTEST = 1.3
"""Levels (root mean square) that what is on a ground is taken to have at least."""

ROUNDING = 1.1
"""How much larger than the square of what is allowed that of a distance may come out."""


@dataclass(frozen=True)
class Look:
    """A picture with little detail: `pixels` uint8 (64, 64, 3), `ground` its median colour."""

    pixels: NDArray[np.uint8]
    ground: Floats

    @property
    def shape(self) -> Floats:
        """What is on the ground, blurred over 3x3 pixels, every second one: float32 (3072,)."""
        return self.shapes(shifts=(0,))[0]

    def shapes(self, shifts: tuple[int, ...] = (-1, 0, 1)) -> Floats:
        """Return the shape moved by these pixels down and across, float32 (moves, 3072)."""
        above = np.pad(self.pixels - self.ground, ((2, 2), (2, 2), (0, 0)), mode="edge")
        rows = above[:-2] + above[1:-1] + above[2:]
        blurred = (rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / 9
        moved = [
            blurred[1 + down :, 1 + across :][:SIDE:2, :SIDE:2].ravel()
            for down in shifts
            for across in shifts
        ]
        return np.stack(moved)


def look_of(image: Image.Image) -> Look | None:
    """Return the look of an RGB picture, or None for one with detail enough for its hash."""
    small = image.resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    pixels = np.asarray(small, dtype=np.uint8)
    if _detail(pixels) >= LITTLE_DETAIL:
        return None
    return Look(pixels, np.median(pixels, axis=(0, 1)).astype(np.float32))


class KnownLooks:
    """Looks by number, among which that of the same picture is found."""

    def __init__(self, room: int, threshold: int) -> None:
        """Make room for so many looks, whose hashes agree within `threshold` bits."""
        self._numbers: list[int] = []
        self._threshold = threshold
        self._codes = np.empty(room, np.uint64)
        self._grounds = np.empty((3, room), np.float32)
        self._shapes = np.empty((room, 3 * (SIDE // 2) ** 2), np.float32)
        self._coarse = np.empty((room, 3 * 4 * 4), np.float32)
        self._lengths = np.empty(room, np.float32)

    def add(self, number: int, look: Look, code: np.uint64) -> None:
        """Keep a look and the hash of its picture under its number."""
        place, shape = len(self._numbers), look.shape
        self._numbers.append(number)
        self._codes[place] = code
        self._grounds[:, place], self._shapes[place] = look.ground, shape
        self._coarse[place] = _coarse(shape)
        self._lengths[place] = _length(shape)

    def nearest(self, look: Look, code: np.uint64) -> int | None:
        """Return the number of the look that shows the same picture, or None.

        Of several the one that differs least, then the one that was added first.
        """
        known = slice(len(self._numbers))
        moved = look.shapes()
        length = _length(look.shape)
        agree = np.bitwise_count(self._codes[known] ^ code) <= self._threshold
        allowed = np.where(agree, MOST_WITH_ONE_HASH, MOST_DIFFERENT)
        allowed *= np.maximum(np.maximum(self._lengths[known], length), FAINTEST)
        far = np.abs(self._grounds[:, known] - look.ground[:, None]).max(axis=0)
        near = np.flatnonzero(
            (far <= GROUND_LEVELS) & (np.abs(self._lengths[known] - length) <= allowed)
        )
        for known_shapes, shapes in ((self._coarse, _coarse(moved)), (self._shapes, moved)):
            squares = _squares_apart(known_shapes[near], shapes)
            near = near[squares <= ROUNDING * allowed[near] ** 2]
        if not len(near):
            return None
        share = _apart(self._shapes[near], moved) / allowed[near]
        best = int(np.argmin(share))
        return self._numbers[near[best]] if share[best] <= 1 else None


def _apart(known: Floats, moved: Floats) -> Floats:
    """Return the root mean square from each known shape to the nearest of the moved ones, (N,)."""
    return np.min([_length(known - shape) for shape in moved], axis=0)


def _squares_apart(known: Floats, moved: Floats) -> Floats:
    """Return the squares of `_apart`, (N,), but for rounding: by one product, which is fast."""
    lengths = _length(known) ** 2 + _length(moved)[:, None] ** 2
    squares: Floats = (lengths - 2 / known.shape[1] * (moved @ known.T)).min(axis=0)
    return squares


def _coarse(shape: Floats) -> Floats:
    """Return the means of 4x4 parts of shapes (..., 3072), (..., 48): never farther apart."""
    parts = shape.reshape(*shape.shape[:-1], 4, SIDE // 8, 4, SIDE // 8, 3)
    means: Floats = parts.mean(axis=(-4, -2)).reshape(*shape.shape[:-1], 48)
    return means


def _length(shape: Floats) -> Floats:
    """Return the root mean square of shapes (..., 3072), (...)."""
    return np.sqrt(np.einsum("...i,...i->...", shape, shape) / shape.shape[-1])


def _detail(pixels: NDArray[np.uint8]) -> float:
    """Return the share of 14x14 parts that differ from the mean of the four beside them.

    A gradient has no detail, and a photograph has it nearly everywhere.
    """
    step = SIDE // COARSE
    parts = pixels.reshape(COARSE, step, COARSE, step, 3).mean(axis=(1, 3))
    beside = (parts[:-2, 1:-1] + parts[2:, 1:-1] + parts[1:-1, :-2] + parts[1:-1, 2:]) / 4
    return float((np.abs(parts[1:-1, 1:-1] - beside).max(axis=-1) > DETAIL_LEVELS).mean())
