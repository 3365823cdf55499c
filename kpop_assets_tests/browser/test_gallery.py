"""The gallery page in a browser: looked at, clicked, at two widths, without a network."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.page import gallery_page
from kpop_assets_tests.browser.conftest import CHROMIUM, SCREENS, Opened
from kpop_assets_tests.insight.gallery.conftest import content  # noqa: F401

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]
AXE = (Path(__file__).parent / "axe/axe.min.js").read_text(encoding="utf-8")
FOUND = """async () => {
  for (const one of document.querySelectorAll("details")) one.open = true;
  const { violations } = await axe.run(document, { resultTypes: ["violations"] });
  return violations.map(one => `${one.id}: ${one.nodes.map(node => node.html).join(" ")}`);
}"""


def violations(page: Page) -> list[str]:
    """What axe-core finds on the page, all its details open."""
    page.evaluate(AXE)
    found: list[str] = page.evaluate(FOUND)
    return found


@pytest.fixture
def page(content: GalleryContent, opened: Opened) -> Page:  # noqa: F811
    """The page of drawn content."""
    girl, popular = content.sets
    unfit = replace(popular, unfit="trained for 20 steps, 100 are the fewest that show something")
    return opened(gallery_page(replace(content, sets=[girl, unfit])))


def test_a_click_on_a_sample_shows_the_nearest_covers(page: Page) -> None:
    page.get_by_label(
        "girl sample 003, seed 7, a copy: show which stand-in covers are nearest"
    ).click()
    dialog = page.locator("dialog")
    assert dialog.is_visible()
    assert dialog.locator("h3").inner_text() == "girl sample 003, seed 7"
    assert "A copy" in dialog.locator(".verdict").inner_text()
    assert dialog.locator("img").count() == 4
    assert dialog.locator("figcaption").nth(1).inner_text() == ("EXO, Album 0, 2018; distance 1.10")
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


def test_arrow_keys_and_buttons_page_through_the_samples(page: Page) -> None:
    page.get_by_label("girl sample 000, seed 7: show").click()
    title = page.locator("dialog h3")
    for step, name in (("ArrowRight", "001"), ("ArrowRight", "002"), ("ArrowLeft", "001")):
        page.keyboard.press(step)
        expect(title).to_have_text(f"girl sample {name}, seed 7")
    page.locator("dialog .before").click()
    page.locator("dialog .before").click()
    expect(title).to_have_text("girl sample 023, seed 7")
    page.keyboard.press("ArrowRight")
    expect(title).to_have_text("girl sample 000, seed 7")
    assert page.evaluate("document.activeElement.closest('dialog') !== null")


def test_a_sample_is_saved_as_a_picture_of_512_pixels(page: Page, tmp_path: Path) -> None:
    page.get_by_label("girl sample 005, seed 7: show").click()
    with page.expect_download() as found:
        page.get_by_role("button", name="Save, 512 pixels").click()
    assert found.value.suggested_filename == "girl-sample-005-seed-7.png"
    found.value.save_as(tmp_path / "saved.png")
    with Image.open(tmp_path / "saved.png") as saved:
        assert (saved.format, saved.size) == ("PNG", (512, 512))
        assert len(saved.convert("RGB").getcolors(512 * 512) or []) > 1000


def test_a_generator_that_stands_for_nothing_has_a_banner(page: Page) -> None:
    banner = page.get_by_role("note")
    expect(banner).to_have_count(1)
    expect(banner).to_contain_text("No finding: this generator is trained for 20 steps")
    assert banner.is_visible()


def test_the_switch_shows_either_kind_alone(page: Page) -> None:
    faded = (
        """kind => Number(getComputedStyle(document.querySelector(`.${kind} img`)).opacity) < .5"""
    )
    for chosen, away in (("Stand-in", "made"), ("Generated", "real")):
        page.get_by_role("radio", name=chosen).check(force=True)
        page.wait_for_function(faded, arg=away)
    page.get_by_role("radio", name="Both").check(force=True)
    page.wait_for_function(f"() => !['made', 'real'].some({faded})")


def test_a_visitor_guesses_pair_by_pair_and_is_told_how_often_that_was_right(page: Page) -> None:
    tiles, score = page.locator(".pair .tile"), page.locator(".score")
    page.get_by_role("radio", name="Guess which").check(force=True)
    labels = {one.get_attribute("aria-label") for one in tiles.all()}
    assert not any("sample" in str(label) or "EXO" in str(label) for label in labels)
    pairs = page.locator(".pair")
    for number in range(4):
        pairs.nth(number).locator(".made" if number != 1 else ".real").click()
    expect(score).to_have_text("3 of 4 right.")
    pairs.nth(1).locator(".made").click(force=True)
    expect(score).to_have_text("3 of 4 right.")
    page.get_by_role("radio", name="Both").check(force=True)
    expect(score).to_be_hidden()
    assert "EXO" in str(page.locator(".tile.real").first.get_attribute("aria-label"))


def test_the_game_is_played_with_the_keyboard(page: Page) -> None:
    page.get_by_role("radio", name="Both").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".score")).to_contain_text("of 1 right.")


def test_a_film_is_stepped_through_by_keyboard_and_played(page: Page) -> None:
    player = page.locator(".player").first
    slider, shown = player.locator("input"), player.locator("output")
    assert shown.inner_text() == "step 400"
    last = player.locator("img").get_attribute("src")
    slider.focus()
    page.keyboard.press("Home")
    assert shown.inner_text() == "step 0"
    assert player.locator("img").get_attribute("src") != last
    player.get_by_role("button", name="Play").click()
    expect(shown).to_have_text("step 400")


@pytest.mark.parametrize("opened", SCREENS, indirect=True)
def test_the_page_fits_and_axe_finds_nothing(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.get_by_role("radio", name="Guess which").check(force=True)
    page.get_by_label("girl sample 000, seed 7: show").click()
    assert violations(page) == []


@pytest.mark.parametrize("width", [390, 900, 1024, 1920])
def test_nothing_stands_out_of_the_window(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_letters_are_those_of_the_page(page: Page) -> None:
    assert page.evaluate("document.fonts.ready.then(all => all.size)") == 1
    assert page.evaluate("document.fonts.check('800 40px \"Kpop Assets Sans\"')")


def test_films_with_the_same_frames_share_them(page: Page) -> None:
    one, other = (page.locator(".player").nth(n) for n in (0, 1))
    other.locator("input").focus()
    page.keyboard.press("Home")
    expect(other.locator("output")).to_have_text("step 0")
    expect(one.locator("output")).to_have_text("step 400")
