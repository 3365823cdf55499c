"""Piano rolls: pictures of songs, time to the right and pitch upwards."""

import io
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from kpop_assets.songs.song import HIGHEST_PITCH, LOWEST_PITCH, SIXTEENTHS_A_BEAT, Song

Pixels = NDArray[np.uint8]
Color = tuple[int, int, int]

GROUND, BLACK_KEYS = (255, 255, 255), (247, 245, 248)
BEAT, BAR, FOUR_BARS, OCTAVE = (240, 237, 242), (220, 215, 222), (176, 168, 180), (220, 215, 222)
LABEL = (106, 101, 112)
MELODY, INNER, BASS = (214, 70, 127), (154, 125, 184), (59, 111, 182)
"""The highest voice, the lowest, and what sounds between them."""
_SHARPS = (1, 3, 6, 8, 10)
_LEFT, _TOP, _RIGHT, _GAP = 34, 22, 10, 24
_LEAST_KEYS, _MARGIN = 36, 3
_MOST_ROWS = 12
_HIGHEST_BASS, _LOWEST_MELODY = 52, 58
_MELODY_BELOW_TOP = 9


@dataclass(frozen=True)
class Layout:
    """Where a roll has its notes, in px.

    A row holds `bars_a_row` bars and starts at `left`; its sixteenths are `sixteenth` wide, its
    keys `key` high, from pitch `lowest` to `highest`. Row n starts at `top + n * row_height`.
    """

    width: int
    height: int
    left: int
    top: int
    row_height: int
    sixteenth: int
    key: int
    lowest: int
    highest: int
    rows: int
    bars_a_row: int
    bar: int

    def place(self, onset: float) -> tuple[int, float]:
        """Return the row of an onset, in sixteenths, and its x: where a cursor stands then."""
        in_row = self.bars_a_row * self.bar
        row = min(int(onset // in_row), self.rows - 1)
        return row, self.left + (onset - row * in_row) * self.sixteenth

    def y(self, row: int, pitch: int) -> int:
        """Return the upper edge of a pitch in a row."""
        return self.top + row * self.row_height + (self.highest - pitch) * self.key


def roll_layout(
    song: Song,
    width: int = 1200,
    bars_a_row: int = 32,
    key: int = 6,
    pitches: tuple[int, int] | None = None,
) -> Layout:
    """Return the layout of a song's roll: up to `width` px wide, rows of at most `bars_a_row` bars.

    It shows three octaves or more around the song's pitches, or `pitches` (lowest, highest), so
    that rolls side by side show the same. A sixteenth is a whole number of px, at least one, so
    very many bars in a row are wider than asked for. Of a very long song the first rows are shown.
    """
    bars = max(1, -(-song.length // song.bar))
    rows = -(-bars // bars_a_row)
    bars_a_row = bars if rows == 1 else min(bars_a_row, -(-bars // rows // 4) * 4)
    rows = min(-(-bars // bars_a_row), _MOST_ROWS)
    sixteenth = max(1, (width - _LEFT - _RIGHT) // (bars_a_row * song.bar))
    lowest, highest = pitches or _around(song.notes[:, 2])
    row_height = (highest - lowest + 1) * key + _GAP
    return Layout(
        width=_LEFT + bars_a_row * song.bar * sixteenth + _RIGHT,
        height=_TOP + rows * row_height,
        left=_LEFT,
        top=_TOP,
        row_height=row_height,
        sixteenth=sixteenth,
        key=key,
        lowest=lowest,
        highest=highest,
        rows=rows,
        bars_a_row=bars_a_row,
        bar=song.bar,
    )


def layout_beside(song: Song, other: Layout) -> Layout:
    """Return the layout of a song's roll beside another one: as wide, and at the same scale.

    It has no more rows than the other; of a longer song the beginning is shown.
    """
    bars_a_row = max(1, other.bars_a_row * other.bar // song.bar)
    rows = min(other.rows, max(1, -(-song.length // (bars_a_row * song.bar))))
    sounding = song.notes[song.notes[:, 0] < rows * bars_a_row * song.bar, 2]
    lowest, highest = _around(sounding)
    row_height = (highest - lowest + 1) * other.key + _GAP
    return replace(
        other,
        height=_TOP + rows * row_height,
        row_height=row_height,
        lowest=lowest,
        highest=highest,
        rows=rows,
        bars_a_row=bars_a_row,
        bar=song.bar,
    )


def _around(sounding: NDArray[np.int32]) -> tuple[int, int]:
    """The lowest and the highest pitch to show around those that sound."""
    low, high = (int(sounding.min()), int(sounding.max())) if len(sounding) else (60, 60)
    more = max(0, _LEAST_KEYS - (high - low + 1) - 2 * _MARGIN)
    lowest = max(LOWEST_PITCH, low - _MARGIN - more // 2)
    return lowest, min(HIGHEST_PITCH, max(high + _MARGIN, lowest + _LEAST_KEYS - 1))


def roll_pixels(song: Song, layout: Layout | None = None) -> Pixels:
    """Return the roll of a song as uint8 (height, width, 3)."""
    layout = layout or roll_layout(song)
    image = Image.new("RGB", (layout.width, layout.height), GROUND)
    draw = ImageDraw.Draw(image)
    for row in range(layout.rows):
        _draw_grid(draw, layout, row, song)
    _draw_notes(draw, layout, song)
    return np.asarray(image)


def roll_png(song: Song, layout: Layout | None = None) -> bytes:
    """Return the roll of a song as PNG."""
    buffer = io.BytesIO()
    image = Image.fromarray(roll_pixels(song, layout))
    image.quantize(64, dither=Image.Dither.NONE).save(buffer, "PNG", optimize=True)
    return buffer.getvalue()


def roll_preview(song: Song, height: int = 176, width: int = 512) -> Pixels:
    """Return a roll without words as uint8 (height, width, 3), for a preview while training.

    All keys of the piano are there, two px each; as many sixteenths as fit at two px each.
    """
    image = Image.new("RGB", (width, height), GROUND)
    draw = ImageDraw.Draw(image)
    layout = Layout(
        *(width, height, 0, 0, height, 2, 2, LOWEST_PITCH, LOWEST_PITCH + height // 2 - 1),
        *(1, -(-width // (2 * song.bar)), song.bar),
    )
    _draw_lines(draw, layout, 0, layout.bars_a_row)
    _draw_notes(draw, layout, song)
    return np.asarray(image)


def voices(song: Song) -> NDArray[np.int8]:
    """Return the voice of every note, int8 (N,): 1 highest, -1 lowest, 0 between.

    Highest is what sounds above all else at its onset, unless a melody is there within two beats
    and far above it. Lowest is what sounds below all else, and the octave struck with it.
    """
    highest = np.zeros(song.length + 1, np.int32)
    lowest = np.full(song.length + 1, 127, np.int32)
    for onset, duration, pitch in song.notes.tolist():
        sounding = slice(onset, onset + duration)
        highest[sounding] = np.maximum(highest[sounding], pitch)
        lowest[sounding] = np.minimum(lowest[sounding], pitch)
    onsets, pitches = song.notes[:, 0], song.notes[:, 2]
    near = 2 * SIXTEENTHS_A_BEAT
    windows = np.lib.stride_tricks.sliding_window_view(np.pad(highest, near), 2 * near + 1)
    around = windows.max(axis=1)[onsets]
    top = (pitches == highest[onsets]) & (pitches >= around - _MELODY_BELOW_TOP)
    octave = (pitches == lowest[onsets] + 12) & np.isin(
        onsets, onsets[(pitches == lowest[onsets]) & (pitches <= _HIGHEST_BASS - 12)]
    )
    low = ((pitches == lowest[onsets]) | octave) & (pitches <= _HIGHEST_BASS)
    return (top & (pitches >= _LOWEST_MELODY)).astype(np.int8) - low.astype(np.int8)


def _draw_grid(draw: ImageDraw.ImageDraw, layout: Layout, row: int, song: Song) -> None:
    bars = -(-song.length // song.bar)
    first = row * layout.bars_a_row
    here = max(1, min(layout.bars_a_row, bars - first))
    _draw_lines(draw, layout, row, here)
    font = ImageFont.load_default(11)
    top = layout.y(row, layout.highest)
    for number in range(0, here, 4):
        x = layout.left + number * layout.bar * layout.sixteenth
        draw.text((x + 1, top - 4), str(first + number + 1), LABEL, font, anchor="ls")
    for pitch in range(layout.lowest, layout.highest + 1):
        if pitch % 12 == 0:
            y = layout.y(row, pitch) + layout.key / 2
            name = f"C{pitch // 12 - 1}"
            draw.text((layout.left - 6, y), name, LABEL, font, anchor="rm")


def _draw_lines(draw: ImageDraw.ImageDraw, layout: Layout, row: int, bars: int) -> None:
    """Black keys as bands, a line under every C, beats, bars, and every fourth bar."""
    right = layout.left + bars * layout.bar * layout.sixteenth
    top, end = layout.y(row, layout.highest), layout.y(row, layout.lowest - 1) - 1
    for pitch in range(layout.lowest, layout.highest + 1):
        y = layout.y(row, pitch)
        if pitch % 12 in _SHARPS:
            draw.rectangle((layout.left, y, right, y + layout.key - 1), BLACK_KEYS)
    for sixteenth in range(0, bars * layout.bar + 1, SIXTEENTHS_A_BEAT):
        x = layout.left + sixteenth * layout.sixteenth
        bar, beat = divmod(sixteenth, layout.bar)
        if beat == 0 or layout.sixteenth > 1:
            color = BEAT if beat else BAR if bar % 4 else FOUR_BARS
            draw.line((x, top, x, end), color)
    for pitch in range(layout.lowest, layout.highest + 1):
        if pitch % 12 == 0:
            y = layout.y(row, pitch - 1) - 1
            draw.line((layout.left, y, right, y), OCTAVE)


def _draw_notes(draw: ImageDraw.ImageDraw, layout: Layout, song: Song) -> None:
    """Notes as bars; the voices that one hears first are drawn last."""
    of_voice = voices(song)
    for voice, color in ((0, INNER), (-1, BASS), (1, MELODY)):
        for onset, duration, pitch in song.notes[of_voice == voice].tolist():
            if layout.lowest <= pitch <= layout.highest:
                _draw_note(draw, layout, (onset, onset + duration), pitch, color)


def _draw_note(
    draw: ImageDraw.ImageDraw, layout: Layout, sounds: tuple[int, int], pitch: int, color: Color
) -> None:
    """A note from one onset to another; one that goes on in the next row is drawn in both."""
    onset, end = sounds
    attack = tuple(round(0.72 * share) for share in color)
    height = layout.key - 1 if layout.key > 2 else layout.key
    start = onset
    while start < end:
        row, x = layout.place(start)
        stop = min(end, (row + 1) * layout.bars_a_row * layout.bar)
        if stop <= start:
            return
        wide = (stop - start) * layout.sixteenth
        y = layout.y(row, pitch)
        last = x + wide - (2 if wide > 2 else 1)
        draw.rectangle((x, y, last, y + height - 1), color)
        if start == onset and wide > 3:
            draw.line((x, y, x, y + height - 1), attack)
        start = stop
