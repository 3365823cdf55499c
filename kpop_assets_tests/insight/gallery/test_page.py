"""The gallery page as a file: what is in it, and what never is."""

import base64
import hashlib
import re
from dataclasses import replace
from html import unescape

import pytest

from kpop_assets.insight.gallery import line_charts
from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.page import gallery_page
from kpop_assets.insight.sample_measures import MEASURES
from kpop_assets.models.recipes import RECIPES
from kpop_assets_tests.insight.gallery.conftest import HOSTILE, set_content


@pytest.fixture(scope="module")
def page(content: GalleryContent) -> str:
    return gallery_page(content)


def test_all_parts_are_on_the_page(page: str) -> None:
    headings = re.findall(r"<h2>(.*?)</h2>", page)
    assert headings == [
        *("Samples", "Training", "Between two noise vectors", "Do the sets differ?", "Palettes"),
        *("How good are they?", "Whose albums?"),
    ]
    assert page.count('class="player') == 4
    assert page.count("show which drawn covers are nearest") == 48
    assert "girl sample 003, seed 7" in page
    assert "EXO, Album 0, 2018; distance 1.10" in page
    assert "Sample world: these covers were drawn by kpop_assets" in page


def test_text_from_outside_is_escaped(page: str) -> None:
    assert HOSTILE not in page
    assert "&lt;/script&gt;&lt;script&gt;alert(1)" in page
    assert page.count("<script") == 4 + 2 + 1


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
    assert "url(" not in page
    assert "default-src 'none'" in unescape(page)


def test_what_was_not_made_has_no_part() -> None:
    bare = replace(
        set_content("girl", 0), training=None, interpolation=None, samples=(), palettes={}
    )
    page = gallery_page(GalleryContent([bare], "folder", "today"))
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["Do the sets differ?", "How good are they?"]
    assert "Covers of your own folder." in page


def test_drawn_covers_are_never_called_real(page: str) -> None:
    assert not re.search("real cover", unescape(page), re.IGNORECASE)
    assert "<title>Drawn covers of the sample world, and generated ones</title>" in page


def test_covers_of_ones_own_have_a_title_of_their_own() -> None:
    page = gallery_page(GalleryContent([set_content("girl", 0, "folder")], "folder", "today"))
    assert "<h1>What do your own covers look like?</h1>" in page
    assert "<title>Your own covers, and generated ones</title>" in page
    assert "show which your covers are nearest" in page
    assert not re.search("real cover", unescape(page), re.IGNORECASE)


def test_one_set_is_told_to_materialize_another() -> None:
    page = gallery_page(GalleryContent([set_content("girl", 0)], "sample", "today"))
    assert "There is only girl yet: materialize another set, such as popular" in page


def test_sets_without_contrasts_are_told_what_to_materialize(content: GalleryContent) -> None:
    page = gallery_page(replace(content, contrasts=content.contrasts.iloc[:0]))
    assert "Materialize visual_profile of each set, then cover_set_contrast" in page


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
    assert page.count("generators of girl and popular differ (pixels 64 and 32)") == 1


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
