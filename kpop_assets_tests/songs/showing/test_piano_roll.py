"""Rolls: every note at its place, in the colour of its voice, at any size of song."""

import io

import numpy as np
import pytest
from PIL import Image

from kpop_assets.sample_world.songs import sample_songs
from kpop_assets.songs.showing.piano_roll import (
    BASS,
    GROUND,
    INNER,
    MELODY,
    layout_beside,
    roll_layout,
    roll_pixels,
    roll_png,
    roll_preview,
    voices,
)
from kpop_assets.songs.song import Song


def song_of(*notes: tuple[int, int, int], bar: int = 16) -> Song:
    return Song(np.array(notes, np.int32).reshape(-1, 3), bar=bar)


CHORD = song_of((0, 16, 36), (0, 16, 48), (0, 16, 64), (0, 4, 76), (4, 12, 79))


def test_a_note_is_where_the_layout_says_and_nowhere_else() -> None:
    song = song_of((8, 4, 72))
    layout = roll_layout(song)
    pixels = roll_pixels(song, layout)
    row, x = layout.place(9)
    assert tuple(pixels[layout.y(row, 72) + 1, round(x)]) == MELODY
    assert (pixels == MELODY).all(axis=2).sum() < 4 * layout.sixteenth * layout.key


def test_voices_are_told_apart_by_colour() -> None:
    assert voices(CHORD).tolist() == [-1, -1, 0, 1, 1]
    layout = roll_layout(CHORD)
    pixels = roll_pixels(CHORD, layout)
    for pitch, color in ((36, BASS), (48, BASS), (64, INNER), (79, MELODY)):
        _, x = layout.place(6)
        assert tuple(pixels[layout.y(0, pitch) + 1, round(x)]) == color


def test_what_plays_while_the_melody_rests_is_not_the_melody() -> None:
    song = song_of((0, 2, 79), (2, 4, 62), (6, 2, 81))
    assert voices(song).tolist() == [1, 0, 1]


@pytest.mark.parametrize("bars", [1, 16, 32])
def test_up_to_32_bars_are_one_row_that_fits_the_page(bars: int) -> None:
    layout = roll_layout(song_of((0, 16 * bars, 60)))
    assert layout.rows == 1
    assert 0.8 * 1200 < layout.width <= 1200


def test_longer_songs_go_on_in_rows_of_equal_length() -> None:
    song = song_of((0, 4, 60), (66 * 16, 32, 60))
    layout = roll_layout(song)
    assert (layout.rows, layout.bars_a_row) == (3, 24)
    assert layout.place(66 * 16)[0] == 2
    assert roll_pixels(song, layout).shape == (layout.height, layout.width, 3)


@pytest.mark.parametrize("bars", [33, 34, 45, 63, 65, 90, 100, 200])
@pytest.mark.parametrize("bars_a_row", [8, 10, 32])
def test_every_bar_has_its_row(bars: int, bars_a_row: int) -> None:
    layout = roll_layout(song_of((0, 16 * bars, 60)), bars_a_row=bars_a_row)
    assert layout.bars_a_row <= bars_a_row
    assert layout.rows == 12 or (layout.rows - 1) * layout.bars_a_row < bars
    assert layout.rows == 12 or layout.rows * layout.bars_a_row >= bars


def test_of_a_song_of_hours_the_beginning_is_shown() -> None:
    song = song_of((0, 16, 60), (100_000 * 16, 16, 60))
    layout = roll_layout(song)
    assert layout.rows * layout.bars_a_row < 500
    assert roll_pixels(song, layout).shape == (layout.height, layout.width, 3)


def test_a_note_across_two_rows_is_in_both() -> None:
    song = song_of((0, 1, 72), (31 * 16, 32, 72), (63 * 16, 16, 72))
    layout = roll_layout(song)
    pixels = roll_pixels(song, layout)
    for onset in (31 * 16 + 8, 32 * 16 + 8):
        row, x = layout.place(onset)
        assert tuple(pixels[layout.y(row, 72) + 1, round(x)]) == MELODY


def test_rolls_side_by_side_can_show_the_same_pitches() -> None:
    low, high = (song_of((0, 4, pitch)) for pitch in (40, 90))
    assert roll_layout(low, pitches=(36, 96)).height == roll_layout(high, pitches=(36, 96)).height


@pytest.mark.parametrize("bar", [12, 16])
def test_a_roll_beside_another_is_as_wide_and_at_the_same_scale(bar: int) -> None:
    other = roll_layout(song_of((0, 16 * 40, 60)))
    short, long = (song_of((0, 4, 90), (bar * bars, bar, 40), bar=bar) for bars in (2, 200))
    for song, rows in ((short, 1), (long, other.rows)):
        layout = layout_beside(song, other)
        assert (layout.width, layout.sixteenth, layout.key) == (
            *(other.width, other.sixteenth, other.key),
        )
        assert (layout.rows, layout.bar) == (rows, bar)
        assert roll_pixels(song, layout).shape == (layout.height, layout.width, 3)
        row, x = layout.place(1)
        assert tuple(roll_pixels(song, layout)[layout.y(row, 90) + 1, round(x)]) == MELODY
    assert layout_beside(short, other).lowest <= 40


def test_a_song_without_notes_is_an_empty_bar() -> None:
    pixels = roll_pixels(song_of())
    assert (pixels != MELODY).any(axis=2).all()
    assert (pixels == GROUND).all(axis=2).any()


@pytest.mark.parametrize("pitch", [21, 108])
def test_the_ends_of_the_piano_are_shown(pitch: int) -> None:
    song = song_of((0, 16, pitch))
    layout = roll_layout(song)
    assert layout.lowest <= pitch <= layout.highest
    assert layout.y(0, pitch) >= layout.top


def test_three_four_time_has_bars_of_its_own_length() -> None:
    layout = roll_layout(song_of((0, 24, 60), bar=12))
    assert layout.place(12)[1] - layout.left == 12 * layout.sixteenth


def test_the_png_is_small_and_keeps_its_colours() -> None:
    song = sample_songs(1)[0].song
    png = roll_png(song)
    image = Image.open(io.BytesIO(png))
    assert len(png) < 30_000
    assert image.size == (roll_layout(song).width, roll_layout(song).height)
    assert MELODY in {color for _, color in image.convert("RGB").getcolors() or []}
    assert png == roll_png(song)


@pytest.mark.parametrize("song", [CHORD, song_of(), sample_songs(1)[0].song])
def test_previews_are_of_one_size_whatever_the_song(song: Song) -> None:
    preview = roll_preview(song)
    assert preview.shape == (176, 512, 3)
    assert preview.dtype == np.uint8
