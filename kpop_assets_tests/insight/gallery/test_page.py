"""The gallery page as a file: what is in it, and what never is."""

import base64
import hashlib
import io
import re
from dataclasses import replace
from html import unescape

import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from kpop_assets.insight.gallery import line_charts
from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.page import gallery_page
from kpop_assets.insight.sample_measures import MEASURES
from kpop_assets.models.recipes import RECIPES
from kpop_assets_tests.insight.gallery.conftest import HOSTILE, set_content


@pytest.fixture(scope="module")
def page(content: GalleryContent) -> str:
    return gallery_page(content)


def headings(page: str) -> list[str]:
    return re.findall(r"<h2[^>]*>(.*?)</h2>", page)


def text_of(page: str) -> str:
    body = re.sub(r"<(style|script)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", "", body)))


def test_the_story_is_told_in_its_order(page: str) -> None:
    assert headings(page) == [
        *("How the look moved", "Boy and girl, side by side", "The other pairs"),
        *(
            "What the generators learned",
            "A walk between samples",
            "How near they come to stand-in covers",
        ),
        *("Whose albums these are", "How this was made"),
    ]
    assert page.count('class="player') == 5, (
        "two films, two walks, and one film on the first screen"
    )
    assert page.count("show which stand-in covers are nearest") == 48
    assert "girl sample 003, seed 7" in page
    assert "EXO, Album 0, 2018; distance 1.10" in page
    assert "Stand-in covers of a sample world: a program made them" in page


def test_the_first_screen_answers_in_numbers_and_shows_covers_in_pairs(page: str) -> None:
    first = text_of(page.partition("<nav")[0])
    assert re.search(r"Beside a girl cover, a boy one (has|is) .* \d\d times of 100, and", first)
    assert "8 stand-in covers and 8 generated ones, in pairs" in first
    assert "right in 97 of 100 pairs" in first, "told_apart of both sets is 0.97"
    assert "Blind guessing finds 1 to 7 of 8" in first
    order = re.findall(r'class="tile (real|made)"', page)
    assert sorted(order[:2]) == ["made", "real"]
    assert len({order[place] for place in range(0, 16, 2)}) == 2, "either side may be the stand-in"


def test_one_set_alone_is_described_and_without_covers_nothing_is_claimed(
    content: GalleryContent,
) -> None:
    means = {"girl": {"dark": 0.1, "white": 0.22, "pastel": 0.3, "pink": 0.04}}
    alone = replace(content, wall=(), contrasts=content.contrasts.iloc[:0], means=means)
    first = text_of(gallery_page(alone).partition("<nav")[0])
    assert "On an average girl cover, 10% is nearly black, 22% is white, 30% is pastel" in first
    assert "in pairs" not in first
    first = text_of(gallery_page(replace(alone, means={})).partition("<nav")[0])
    assert "Nobody can say yet: materialize visual_profile" in first


def test_a_measure_is_shown_on_covers_of_either_set_from_least_to_most(page: str) -> None:
    part = page.partition('<section id="boy-girl"')[2].partition("</section>")[0]
    assert part.count("<li><img") == 16
    assert re.search(r"In \d\d of 100 pairs the boy cover is darker than the girl one\.", part)


def test_a_pair_that_repeats_boy_and_girl_is_not_told_twice(
    page: str, content: GalleryContent
) -> None:
    assert "Boy against popular without boy" in text_of(page)
    of_lead = content.contrasts[content.contrasts["second"] == "girl"]
    mirrored = of_lead.assign(first="girl", second="popular", delta=-of_lead["delta"])
    repeated = pd.concat([of_lead, of_lead.assign(second="popular"), mirrored])
    repeated = gallery_page(replace(content, contrasts=repeated))
    assert headings(repeated)[1] == "Boy and girl, side by side"
    assert "The other pairs" not in headings(repeated)


def test_years_have_their_number_one_and_their_colours(page: str) -> None:
    part = page.partition('<section id="years"')[2].partition("</section>")[0]
    assert re.findall(r'class="year">(\d+)<', part) == [str(year) for year in range(2010, 2021)]
    assert part.count("<img") == 11
    assert part.count('class="band"') == 11
    assert "Brightness rose with the years" in part


def test_what_is_learned_and_where_it_fails_is_said_in_words(page: str) -> None:
    text = text_of(page)
    assert (
        "91% of the stand-in covers have a generated one about as near as their neighbours" in text
    )
    assert "They are nearly as varied as the stand-in covers are" in text
    assert "5 of 480 generated covers are copies of one" in text
    assert "finds the generated one in 97 of 100 pairs; 50 would be perfect" in text
    assert "They are blurred: fine detail is 21% weaker than in stand-in covers" in text
    assert "A faint grid lies over them" in text


def test_the_making_has_its_steps_with_numbers(page: str) -> None:
    text = text_of(page.partition('class="lineage"')[2])
    for words in ("10 entries", "girl: 94 covers", "girl: 300 steps, 64 pixels", "2026-11-25"):
        assert words in text


def test_the_typeface_is_on_the_page_with_the_letters_that_it_uses(page: str) -> None:
    [address] = re.findall(r'url\("([^"]*)"\)', page)
    font = TTFont(io.BytesIO(base64.b64decode(address.removeprefix("data:font/woff;base64,"))))
    assert set(map(ord, "What does a popular Korean album look like?")) <= set(font.getBestCmap())
    assert len(address) < 60_000
    assert "font-src data:" in unescape(page)


def test_the_typeface_has_the_letters_of_captions_that_only_a_script_shows() -> None:
    girl = set_content("girl", 0)
    nearest = girl.samples[0].nearest[0]
    second = replace(nearest, alt="아이브, After LIKE, 2022")
    samples = [replace(girl.samples[0], nearest=[nearest, second])]
    page = gallery_page(GalleryContent([replace(girl, samples=samples)], "sample", "today"))
    [address] = re.findall(r'url\("([^"]*)"\)', page)
    font = TTFont(io.BytesIO(base64.b64decode(address.removeprefix("data:font/woff;base64,"))))
    assert set(map(ord, "아이브")) <= set(font.getBestCmap())


def test_text_from_outside_is_escaped(page: str) -> None:
    assert HOSTILE not in page
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page
    assert page.count("<script") == 4 + 2 + 1, "films, samples, and the script itself"


def test_values_for_the_script_cannot_end_their_element(content: GalleryContent) -> None:
    girl = content.sets[0]
    hostile = replace(girl, samples=[replace(girl.samples[0], alt=HOSTILE)])
    page = gallery_page(replace(content, sets=[hostile]))
    assert "</script><script>alert" not in page


def test_the_policy_names_the_only_script(page: str) -> None:
    [script] = re.findall("<script>(.*?)</script>", page, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in unescape(page)


def test_no_address_leads_outside(page: str) -> None:
    assert not re.search(r"""(?:src|href|action)="(?!data:image/webp|#)""", page)
    assert not re.search(r"""url\((?!"data:font/woff)""", page)
    assert "default-src 'none'" in unescape(page)


def test_what_was_not_made_has_no_part() -> None:
    bare = replace(
        set_content("girl", 0), training=None, interpolation=None, samples=(), palettes={}
    )
    page = gallery_page(GalleryContent([bare], "folder", "today"))
    assert headings(page) == [
        *("Do the sets differ?", "What the generator learned", "How this was made"),
    ]
    assert "Covers of your own folder." in page


def test_stand_in_covers_are_never_called_real(page: str) -> None:
    assert not re.search("real cover", unescape(page), re.IGNORECASE)
    assert "<title>Stand-in covers of the sample world, and generated ones</title>" in page


def test_covers_of_ones_own_have_a_title_of_their_own() -> None:
    page = gallery_page(GalleryContent([set_content("girl", 0, "folder")], "folder", "today"))
    assert "<h1>What do your own covers look like?</h1>" in page
    assert "<title>Your own covers, and generated ones</title>" in page
    assert "show which own covers are nearest" in page
    assert "91% of the own covers have a generated one" in text_of(page)
    assert not re.search("real cover", unescape(page), re.IGNORECASE)


def test_one_set_is_told_to_materialize_another() -> None:
    page = gallery_page(GalleryContent([set_content("girl", 0)], "sample", "today"))
    assert "There is only girl yet: materialize another set, such as popular" in page


def test_sets_without_contrasts_are_told_what_to_materialize(content: GalleryContent) -> None:
    page = gallery_page(replace(content, contrasts=content.contrasts.iloc[:0]))
    assert "Materialize visual_profile of each set, then cover_set_contrast" in page


def test_of_a_set_too_large_to_be_compared_whole_covers_are_said_to_be_drawn(
    content: GalleryContent,
) -> None:
    girl, popular = content.sets
    large = replace(popular, covers=5_000)
    page = text_of(gallery_page(replace(content, sets=[girl, large])))
    assert "stand-in covers picked by chance" in page
    assert "picked by chance" not in text_of(gallery_page(content))


def test_an_unfit_generator_is_no_finding(content: GalleryContent) -> None:
    girl, popular = content.sets
    collapsed = "collapsed, its covers are all alike (diversity 0.05, floor 0.3)"
    page = gallery_page(replace(content, sets=[replace(girl, unfit=collapsed), popular]))
    assert page.count("No finding: </strong>") == 1
    assert f"this generator is {collapsed}" in page
    assert f"generated covers of girl are not compared: {collapsed}" in page
    assert "No finding" not in gallery_page(content)


def test_generators_of_another_size_are_said_to_be(content: GalleryContent) -> None:
    girl, popular = content.sets
    config = {**popular.record["config"], "image_size": 32}
    other = replace(popular, record={**popular.record, "config": config})
    page = gallery_page(replace(content, sets=[girl, other]))
    assert page.count("Generators of girl and popular differ (pixels 64 and 32)") == 1


def test_what_cannot_be_measured_is_no_number(content: GalleryContent) -> None:
    girl = content.sets[0]
    known = {measure.name: 0.5 for measure in MEASURES} | {"samples": 16}
    unknown = {**known, "diversity": None, "kid_spread": float("nan")}
    page = gallery_page(replace(content, sets=[replace(girl, quality=unknown)]))
    assert page.count("<td>not measurable</td>") == 2
    assert ">nan<" not in page


def drawn(content: GalleryContent, steps: list[int], kid: list[float | None]) -> str:
    """The chart of KID on a page of a set with these evaluations."""
    shares = {name: [0.5] * len(steps) for name in ("coverage", "used", "copies")}
    record = {**content.sets[0].record, "evaluations": {"step": steps, "kid": kid, **shares}}
    page = gallery_page(replace(content, sets=[replace(content.sets[0], record=record)]))
    return page.partition('aria-label="KID of girl"')[2].partition("</svg>")[0]


def test_one_evaluation_is_a_point(content: GalleryContent) -> None:
    chart = drawn(content, [200], [120.0])
    assert chart.count("<circle") == 1
    assert "<polyline" not in chart


def test_a_curve_has_gaps_where_nothing_was_measured(content: GalleryContent) -> None:
    chart = drawn(content, [1, 2, 3, 4, 5], [3.0, 2.0, None, 1.0, float("nan")])
    assert chart.count("<polyline") == 1
    assert chart.count("<circle") == 1
    assert "nan" not in chart
    assert "<circle" not in drawn(content, [1, 2], [3.0, 2.0])
    assert "<text" in drawn(content, [0], [None])


def test_losses_are_called_as_their_recipe_calls_them(page: str) -> None:
    recipe = RECIPES["drifting"]
    assert f'<span class="key a">{recipe.losses["drift"]}</span>' in page


def test_a_recipe_may_have_more_losses_than_there_are_colours(
    content: GalleryContent, monkeypatch: pytest.MonkeyPatch
) -> None:
    losses = {f"loss_{n}": f"loss <{n}>" for n in range(7)}
    many = {"many": replace(RECIPES["drifting"], losses=losses)}
    monkeypatch.setattr(line_charts, "RECIPES", many)
    one = content.sets[0]
    curves = {"step": [1, 2], **{name: [0.2, 0.1] for name in losses}}
    record = {**one.record, "config": {**one.record["config"], "recipe": "many"}, "losses": curves}
    page = gallery_page(replace(content, sets=[replace(one, record=record)]))
    assert all(f"loss &lt;{n}&gt;</span>" in page for n in range(7))
