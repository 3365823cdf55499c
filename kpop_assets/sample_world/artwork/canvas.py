"""The square on which layouts draw: every position and length is a share of the cover's width."""

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from kpop_assets.sample_world.artwork import texture
from kpop_assets.sample_world.artwork.palette import INK, PAPER, Color, Palette, luminance, readable
from kpop_assets.sample_world.artwork.texture import Field
from kpop_assets.sample_world.artwork.typesetting import Face, Setting, fitting_em, set_line
from kpop_assets.sample_world.artwork.words import Words

Point = tuple[float, float]
Box = tuple[float, float, float, float]
T = TypeVar("T")
Ink = tuple[int, int, int] | tuple[int, int, int, int]


class Pen:
    """Draws antialiased shapes: coordinates 0..1 on a picture twice the size of the cover."""

    def __init__(self, image: Image.Image) -> None:
        self._scale = image.width
        self._draw: Any = ImageDraw.Draw(image, "RGBA")

    def _at(self, points: Sequence[Point]) -> list[Point]:
        return [(x * self._scale, y * self._scale) for x, y in points]

    def polygon(self, points: Sequence[Point], fill: Ink) -> None:
        """A filled polygon."""
        self._draw.polygon(self._at(points), fill=fill)

    def line(self, points: Sequence[Point], color: Ink, width: float, closed: bool = False) -> None:
        """A line with round joints and ends, `width` wide."""
        path = self._at([*points, points[0], points[1]] if closed else points)
        stroke = max(1, round(width * self._scale))
        self._draw.line(path, fill=color, width=stroke, joint="curve")
        if not closed and stroke > 3:
            radius = stroke / 2 - 0.5
            for x, y in (path[0], path[-1]):
                self._draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)

    def disc(self, cx: float, cy: float, radius: float, fill: Ink) -> None:
        """A filled circle."""
        self._draw.ellipse(self._round_box(cx, cy, radius), fill=fill)

    def ring(self, cx: float, cy: float, radius: float, color: Ink, width: float) -> None:
        """A circle's outline; `width` grows inwards."""
        stroke = max(1, round(width * self._scale))
        self._draw.ellipse(self._round_box(cx, cy, radius), outline=color, width=stroke)

    def sector(
        self, cx: float, cy: float, radius: float, start: float, end: float, fill: Ink
    ) -> None:
        """A pie slice; angles in degrees, clockwise from the right."""
        self._draw.pieslice(self._round_box(cx, cy, radius), start, end, fill=fill)

    def rectangle(
        self,
        box: Box,
        fill: Ink | None = None,
        line: Ink | None = None,
        width: float = 0.0,
        radius: float = 0.0,
    ) -> None:
        """A rectangle, filled or outlined, with corners of the given radius."""
        (x0, y0), (x1, y1) = self._at([box[:2], box[2:]])
        stroke = max(1, round(width * self._scale)) if line else 0
        self._draw.rounded_rectangle(
            (x0, y0, max(x0, x1 - 1), max(y0, y1 - 1)),
            radius * self._scale,
            fill=fill,
            outline=line,
            width=stroke,
        )

    def _round_box(self, cx: float, cy: float, radius: float) -> Box:
        s = self._scale
        return (cx - radius) * s, (cy - radius) * s, (cx + radius) * s, (cy + radius) * s


class Canvas:
    """The picture in the making, with its palette, its words and its random numbers."""

    def __init__(self, size: int, palette: Palette, words: Words, rng: np.random.Generator) -> None:
        self.size = size
        self.palette = palette
        self.words = words
        self.rng = rng
        self.image = Image.new("RGB", (size, size), palette.ground)
        self.finish: dict[str, float] = {}

    def chance(self, probability: float) -> bool:
        """True with the given probability."""
        return bool(self.rng.random() < probability)

    def between(self, low: float, high: float) -> float:
        """A number drawn evenly from low..high."""
        return float(self.rng.uniform(low, high))

    def pick(self, choices: Sequence[T]) -> T:
        """One of the choices."""
        return choices[int(self.rng.integers(len(choices)))]

    def fill(self, color: Color) -> None:
        """Covers everything with one colour."""
        self.image.paste(color, (0, 0, self.size, self.size))

    def paint(self, pixels: Field) -> None:
        """Replaces the picture by pixels of shape (size, size, 3), values 0..255."""
        self.image = Image.fromarray(np.clip(pixels + 0.5, 0, 255).astype(np.uint8))

    def blend(self, color: Color, field: Field) -> None:
        """Lays a colour over the picture, as opaque as the field (size, size) says (0..1)."""
        mask = Image.fromarray((np.clip(field, 0, 1) * 255).astype(np.uint8))
        self.image.paste(color, (0, 0), mask)

    @contextmanager
    def pen(self) -> Iterator[Pen]:
        """A pen on the picture at twice its size; what was there keeps its pixels."""
        double = self.image.resize((self.size * 2, self.size * 2), Image.Resampling.NEAREST)
        yield Pen(double)
        self.image = double.reduce(2)

    def insert(self, picture: Image.Image, box: Box) -> None:
        """Puts a picture into the box, stretched to it."""
        x0, y0, x1, y1 = (round(v * self.size) for v in box)
        self.image.paste(picture.resize((x1 - x0, y1 - y0), Image.Resampling.BICUBIC), (x0, y0))

    def shadow(self, box: Box) -> None:
        """A soft shadow of a rectangle, a little below it."""
        mask = Image.new("L", (self.size, self.size), 0)
        shifted = [round((v + 0.008 * (i % 2)) * self.size) for i, v in enumerate(box)]
        ImageDraw.Draw(mask).rectangle(shifted, fill=round(255 * 0.35))
        self.image.paste(
            (0, 0, 0), (0, 0), mask.filter(ImageFilter.GaussianBlur(0.012 * self.size))
        )

    def ground_under(self, box: Box) -> Color:
        """The mean colour of the picture inside the box."""
        red, green, blue = self._sampled(box, (1, 1)).getpixel((0, 0))  # type: ignore[misc]
        return int(red), int(green), int(blue)

    def _sampled(self, box: Box, cells: tuple[int, int]) -> Image.Image:
        x0, y0, x1, y1 = (min(max(v, 0.0), 1.0) for v in box)
        left, top = min(int(x0 * self.size), self.size - 1), min(int(y0 * self.size), self.size - 1)
        right, low = max(left + 1, int(x1 * self.size)), max(top + 1, int(y1 * self.size))
        return self.image.resize(cells, Image.Resampling.BOX, (left, top, right, low))

    def _legible_ink(self, preferred: Color, box: Box) -> tuple[Color, float]:
        """The ink that reads best inside the box, and its contrast on the worst twentieth of it.

        The preferred ink is kept where it reads well enough.
        """
        grounds = np.asarray(self._sampled(box, (64, 16)), np.float32).reshape(-1, 3) / 255
        linear = np.where(grounds <= 0.04045, grounds / 12.92, ((grounds + 0.055) / 1.055) ** 2.4)
        bright = linear @ np.array([0.2126, 0.7152, 0.0722])

        def worst(ink: Color) -> float:
            own = luminance(ink)
            ratios = (np.maximum(bright, own) + 0.05) / (np.minimum(bright, own) + 0.05)
            return float(np.quantile(ratios, 0.05))

        if worst(preferred) >= 2.6:
            return preferred, worst(preferred)
        best = max((PAPER, INK), key=worst)
        return best, worst(best)

    def text(
        self,
        text: str,
        face: Face,
        at: Point,
        *,
        em: float | None = None,
        width: float | None = None,
        height: float | None = None,
        anchor: str = "lt",
        color: Color | None = None,
        tracking: float = 0.0,
        angle: float = 0.0,
        legible: bool = True,
    ) -> Box:
        """Sets one line and returns the box of its ink.

        `em` is the size asked for; `width` and `height` bound it (or set it where em is None).
        The anchor is horizontal (l, m, r) and vertical (t, m, b, s = baseline) as in Pillow.
        `angle` turns by degrees, counter-clockwise; then width and height count along the line.
        If `legible`, an ink too close to the ground gives way to white or black, or gets a label.
        """
        if not text.strip():
            return (*at, *at)
        limit = fitting_em(text, face, width or 10.0, height, tracking)
        setting = set_line(text, face, min(em or limit, limit) * self.size, tracking)
        return self.stamp(setting, at, anchor, color, angle, legible)

    def stamp(
        self,
        setting: Setting,
        at: Point,
        anchor: str = "mm",
        color: Color | None = None,
        angle: float = 0.0,
        legible: bool = True,
    ) -> Box:
        """Inks a set line at a point and returns its box."""
        mask = setting.mask
        if angle:
            quarter = {
                90: Image.Transpose.ROTATE_90,
                180: Image.Transpose.ROTATE_180,
                270: Image.Transpose.ROTATE_270,
            }.get(round(angle) % 360)
            exact = quarter is not None and angle % 90 == 0
            mask = (
                mask.transpose(quarter)
                if exact and quarter is not None
                else mask.rotate(angle, Image.Resampling.BICUBIC, expand=True)
            )
        wide, high = mask.size
        left = at[0] * self.size - {"l": 0, "m": wide / 2, "r": wide}[anchor[0]]
        drop = {"t": 0, "m": high / 2, "b": high, "s": setting.baseline}[anchor[1]]
        top = at[1] * self.size - drop
        box = tuple(v / self.size for v in (left, top, left + wide, top + high))
        ink = color or self.palette.ink
        if legible:
            ink = self.ink_on(box, ink)  # type: ignore[arg-type]
        self.image.paste(ink, (round(left), round(top)), mask)
        return box  # type: ignore[return-value]

    def ink_on(self, box: Box, preferred: Color) -> Color:
        """An ink that reads in the box: the preferred one, else white or black, else on a label.

        The label, a rectangle of the ground colour, is drawn where no ink would be legible.
        """
        ink, least = self._legible_ink(preferred, box)
        if least >= 2.4:
            return ink
        pad = 0.014 + 0.1 * min(box[2] - box[0], box[3] - box[1])
        with self.pen() as pen:
            pen.rectangle(
                (box[0] - pad, box[1] - pad, box[2] + pad, box[3] + pad), self.palette.ground
            )
        return readable(self.palette.ink, self.palette.ground, 3.5)

    def finished(self) -> Image.Image:
        """The cover under its light, with grain."""
        return texture.finished(self.image, self.rng, **self.finish)


def circle_points(
    cx: float, cy: float, radius: float, count: int, turn: float = 0.0
) -> list[Point]:
    """`count` points evenly on a circle, the first at `turn` radians (0 = up), clockwise."""
    angles = [turn - math.pi / 2 + 2 * math.pi * i / count for i in range(count)]
    return [(cx + radius * math.cos(a), cy + radius * math.sin(a)) for a in angles]


def smooth_path(knots: Sequence[Point], steps: int = 14, closed: bool = False) -> list[Point]:
    """A Catmull-Rom curve through the knots, `steps` points for each stretch."""
    p = np.asarray(knots, np.float64)
    ring = (
        np.vstack([p[-1], p, p[:2]])
        if closed
        else np.vstack([2 * p[0] - p[1], p, 2 * p[-1] - p[-2]])
    )
    t = np.linspace(0, 1, steps, endpoint=False)[:, None]
    pieces = []
    for a, b, c, d in zip(ring, ring[1:], ring[2:], ring[3:], strict=False):
        pieces.append(
            0.5
            * (
                2 * b
                + (c - a) * t
                + (2 * a - 5 * b + 4 * c - d) * t**2
                + (3 * b - a - 3 * c + d) * t**3
            )
        )
    path = np.vstack(pieces if closed else [*pieces, p[-1:]])
    return [(float(x), float(y)) for x, y in path]
