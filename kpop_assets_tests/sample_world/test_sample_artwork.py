"""The sample site's covers: the same each time, marked as samples, legible, distinct."""

import csv
import io
from itertools import combinations
from pathlib import Path

import imagehash
import numpy as np
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from kpop_assets.sample_world.artwork import CoverDesign, cover_jpeg, draw_cover
from kpop_assets.sample_world.artwork.canvas import Canvas
from kpop_assets.sample_world.artwork.layouts import LAYOUTS
from kpop_assets.sample_world.artwork.names import fictional_release
from kpop_assets.sample_world.artwork.palette import draw_palette
from kpop_assets.sample_world.artwork.typesetting import (
    FACES,
    FONT_FOLDER,
    broken_lines,
    fitting_em,
    font_runs,
    set_line,
)
from kpop_assets.sample_world.artwork.words import printed_words, split_title

CHART = Path(__file__).parents[2] / "data" / "reference" / "gaon_year_end_top10.csv"
NEAR_DUPLICATE_BITS = 8


def general_designs(count: int, style: str = "general") -> list[CoverDesign]:
    return [
        CoverDesign(seed, style, *fictional_release(seed), 2010 + seed % 15)  # type: ignore[arg-type]
        for seed in range(count)
    ]


def chart_rows() -> list[dict[str, str]]:
    with CHART.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def chart_designs() -> list[CoverDesign]:
    styles = {"boy": "boy", "girl": "girl"}
    return [
        CoverDesign(
            seed,
            styles.get(row["artist_type"], "mixed"),  # type: ignore[arg-type]
            row["artist_hangul"],
            row["album_hangul"],
            int(row["year"]),
        )
        for seed, row in enumerate(chart_rows())
    ]


def near_pairs(designs: list[CoverDesign], size: int) -> int:
    hashes = [imagehash.phash(draw_cover(design, size)) for design in designs]
    return sum(a - b <= NEAR_DUPLICATE_BITS for a, b in combinations(hashes, 2))


def test_equal_designs_give_equal_bytes() -> None:
    first = CoverDesign(7, "girl", "유리온실", "Velvet Moon", 2021)
    again = CoverDesign(7, "girl", "유리온실", "Velvet Moon", 2021)
    assert cover_jpeg(first, 128) == cover_jpeg(again, 128)


@pytest.mark.parametrize(
    "other",
    [
        CoverDesign(8, "girl", "유리온실", "Velvet Moon", 2021),
        CoverDesign(7, "boy", "유리온실", "Velvet Moon", 2021),
        CoverDesign(7, "girl", "유리온실", "Slow Tide", 2021),
        CoverDesign(7, "girl", "유리온실", "Velvet Moon", 2022),
    ],
)
def test_any_change_of_the_design_changes_the_cover(other: CoverDesign) -> None:
    cover = draw_cover(CoverDesign(7, "girl", "유리온실", "Velvet Moon", 2021), 96)
    assert cover.tobytes() != draw_cover(other, 96).tobytes()


@pytest.mark.parametrize("size", [64, 100, 225])
def test_a_cover_is_a_square_rgb_picture_of_the_size_asked_for(size: int) -> None:
    cover = draw_cover(general_designs(1)[0], size)
    assert (cover.mode, cover.size) == ("RGB", (size, size))


def test_the_jpeg_says_that_it_is_a_sample() -> None:
    image = Image.open(io.BytesIO(cover_jpeg(general_designs(1)[0], 96)))
    assert image.format == "JPEG"
    exif = image.getexif()
    assert "sample" in exif[0x010E]
    assert "sample" in exif[0x0131]
    assert b"sample" in image.info["comment"]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.__name__)
def test_every_layout_sets_awkward_words_in_every_style(layout) -> None:  # type: ignore[no-untyped-def]
    awkward = [
        ("투모로우바이투게더", "minisode 2: Thursday`s Child"),
        ("앤", "!"),
        ("스트레이 키즈", "★★★★★ (5-STAR)"),
        ("A Very Long Name of an Ensemble of Players", "樂"),
    ]
    styles = ("boy", "girl", "mixed", "general")
    for seed, ((artist, title), style) in enumerate(zip(awkward, styles, strict=True)):
        rng = np.random.default_rng(seed)
        words = printed_words(artist, title, None if seed % 2 else 2020, style == "general", rng)
        canvas = Canvas(64, draw_palette(style, rng), words, rng)
        layout(canvas)
        assert np.asarray(canvas.finished()).std() > 2


def test_no_text_of_the_chart_lacks_a_glyph_in_any_face() -> None:
    held = {
        path.stem: {chr(code) for code in TTFont(path).getBestCmap()}
        for path in FONT_FOLDER.glob("*.ttf")
    }
    texts = [row[key] for row in chart_rows() for key in ("artist_hangul", "album_hangul")]
    texts += [text for seed in range(300) for text in fictional_release(seed)]
    for text in texts:
        for face in FACES:
            runs = font_runs(text, face)
            assert "".join(run for _, run in runs) == text
            for font, run in runs:
                assert set(run) <= held[font], f"{font} lacks part of {run!r}"


def test_a_word_with_a_rare_syllable_is_set_in_one_font() -> None:
    assert font_runs("엑소", "serif") == (("serif", "엑소"),)
    assert font_runs("샾소녀", "serif")[-1][0] == "bold"


def test_fitted_type_fills_the_width_asked_for() -> None:
    em = fitting_em("소녀시대", "display", 300.0)
    assert set_line("소녀시대", "display", em).mask.width == pytest.approx(300, abs=4)


def test_lines_are_broken_at_spaces_evenly() -> None:
    assert broken_lines("Keep Your Head Down", 2) == ("Keep Your", "Head Down")
    assert broken_lines("WINGS", 3) == ("WINGS",)


@pytest.mark.parametrize(
    ("title", "main", "alias", "edition"),
    [
        ("XOXO (Kiss Ver.)", "XOXO", "Kiss Ver.", ""),
        ("3RD ALBUM ‘An Ode’", "An Ode", "", "3RD ALBUM"),
        ("EX’ACT - The 3rd Album (Korean Ver.)", "EX’ACT", "Korean Ver.", "The 3rd Album"),
        ("정규1집 리패키지 XOXO (Hug Ver.)", "XOXO", "Hug Ver.", "정규1집 리패키지"),
        ("DON`T MESS UP MY TEMPO - The 5th Album", "DON’T MESS UP MY TEMPO", "", "The 5th Album"),
        ("LOVE YOURSELF 承 `Her`", "LOVE YOURSELF 承", "Her", ""),
        ("미인아(BONAMANA)", "미인아", "BONAMANA", ""),
        ("WINGS", "WINGS", "", ""),
    ],
)
def test_chart_titles_are_taken_apart(title: str, main: str, alias: str, edition: str) -> None:
    assert split_title(title) == (main, alias, edition)


def test_different_designs_are_no_near_duplicates() -> None:
    assert near_pairs(general_designs(80), 128) <= 1


@pytest.mark.slow
def test_all_covers_of_the_sample_site_are_distinct() -> None:
    assert near_pairs(general_designs(420) + chart_designs(), 160) < 10


def test_two_sizes_of_a_design_are_near_duplicates() -> None:
    for design in general_designs(40)[::2]:
        small, large = (imagehash.phash(draw_cover(design, size)) for size in (150, 300))
        assert small - large <= 6, design


@pytest.mark.slow
def test_the_offered_sizes_of_a_design_are_near_duplicates() -> None:
    for design in chart_designs()[::8]:
        small, large = (imagehash.phash(draw_cover(design, size)) for size in (500, 1000))
        assert small - large <= 6, design


def shares(style: str) -> tuple[float, float]:
    """Mean pastel share and mean dark share of 60 covers in the style."""
    pastel, dark = [], []
    for design in general_designs(60, style):
        pixels = np.asarray(draw_cover(design, 64).convert("HSV"), float) / 255
        saturation, value = pixels[..., 1], pixels[..., 2]
        pastel.append(((saturation > 0.1) & (saturation < 0.45) & (value > 0.7)).mean())
        dark.append((value < 0.25).mean())
    return float(np.mean(pastel)), float(np.mean(dark))


def test_girl_covers_lean_pastel_and_boy_covers_lean_dark() -> None:
    girl_pastel, girl_dark = shares("girl")
    boy_pastel, boy_dark = shares("boy")
    assert girl_pastel > boy_pastel + 0.03
    assert boy_dark > girl_dark + 0.03


def test_fictional_names_are_repeatable_and_many() -> None:
    releases = [fictional_release(seed) for seed in range(420)]
    assert releases == [fictional_release(seed) for seed in range(420)]
    assert len(set(releases)) > 400
