"""Type: the committed faces, fallback where a face lacks a character, and text as masks."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from PIL import Image, ImageDraw, ImageFont

Face = Literal["display", "techno", "serif", "serif_light", "pen", "bold", "light"]

FACES: tuple[Face, ...] = ("display", "techno", "serif", "serif_light", "pen", "bold", "light")
FONT_FOLDER = Path(__file__).parent / "fonts"
_REFERENCE_EM = 200


@lru_cache(maxsize=512)
def _font(name: str, em: float) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT_FOLDER / f"{name}.ttf", em, layout_engine=ImageFont.Layout.BASIC)


@lru_cache(maxsize=16384)
def has_glyph(name: str, character: str) -> bool:
    """Whether the font file `name` draws the character with something else than its empty box."""
    if character.isspace():
        return True
    font = _font(name, 64.0)
    drawn, missing = font.getmask(character), font.getmask("\U0010fffe")
    return (drawn.size, bytes(drawn)) != (missing.size, bytes(missing))


def _is_hangul(character: str) -> bool:
    return "\uac00" <= character <= "\ud7a3"


@lru_cache(maxsize=4096)
def font_runs(text: str, face: Face) -> tuple[tuple[str, str], ...]:
    """The text as (font file, characters) runs; what the face lacks goes to a face that has it.

    If the face lacks one Hangul syllable, all Hangul of the text is set in the fallback, so that
    no word is set in two faces. A character that no font has is dropped.
    """
    sans = "bold" if face in ("display", "techno", "bold", "serif") else "light"
    hangul_here = all(has_glyph(face, c) for c in text if _is_hangul(c))
    runs: list[tuple[str, str]] = []
    for character in text:
        fonts = (sans, "hanja") if _is_hangul(character) and not hangul_here else ()
        name = next((f for f in fonts or (face, sans, "hanja") if has_glyph(f, character)), None)
        if name is None:
            continue
        if runs and runs[-1][0] == name:
            runs[-1] = (runs[-1][0], runs[-1][1] + character)
        else:
            runs.append((name, character))
    return tuple(runs)


@dataclass(frozen=True)
class Setting:
    """One set line: an "L" mask cropped to its ink and the baseline's row below the mask's top."""

    mask: Image.Image
    baseline: int


def set_line(text: str, face: Face, em: float, tracking: float = 0.0) -> Setting:
    """The line at `em` pixels, letters spaced by `tracking` em; empty text gives a 1 x 1 mask."""
    runs = font_runs(text, face)
    space = tracking * em
    width = sum(_font(name, em).getlength(run) + space * len(run) for name, run in runs)
    pad = int(em * 0.6) + 2
    image = Image.new("L", (int(width) + 2 * pad, int(em * 1.9) + 4), 0)
    draw = ImageDraw.Draw(image)
    x, base = float(pad), int(em * 1.3)
    for name, run in runs:
        font = _font(name, em)
        pieces = run if tracking else [run]
        for piece in pieces:
            draw.text((x, base), piece, font=font, fill=255, anchor="ls")
            x += font.getlength(piece) + space
    box = image.getbbox()
    if box is None:
        return Setting(Image.new("L", (1, 1), 0), 1)
    return Setting(image.crop(box), base - box[1])


@lru_cache(maxsize=4096)
def _reference_extent(text: str, face: Face, tracking: float) -> tuple[int, int]:
    return set_line(text, face, _REFERENCE_EM, tracking).mask.size


def fitting_em(
    text: str, face: Face, width: float, height: float | None = None, tracking: float = 0.0
) -> float:
    """The em at which the line's ink is `width` wide, or `height` high if that is less."""
    wide, high = _reference_extent(text, face, tracking)
    scale = width / wide
    if height is not None:
        scale = min(scale, height / high)
    return _REFERENCE_EM * scale


@lru_cache(maxsize=2048)
def broken_lines(text: str, most: int) -> tuple[str, ...]:
    """The text on at most `most` lines, broken at spaces so that the longest line is shortest."""
    parts = text.split()
    best: tuple[str, ...] = (text,)
    best_length = len(text)
    for count in range(2, min(most, len(parts)) + 1):
        lines = _balanced(parts, count)
        longest = max(map(len, lines))
        if longest < best_length:
            best, best_length = lines, longest
    return best


def _balanced(parts: list[str], count: int) -> tuple[str, ...]:
    if count == 1:
        return (" ".join(parts),)
    options = (
        (" ".join(parts[:cut]), *_balanced(parts[cut:], count - 1))
        for cut in range(1, len(parts) - count + 2)
    )
    return min(options, key=lambda lines: max(map(len, lines)))
