"""The gallery page in a browser: looked at, clicked, at two widths, without a network."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.page import gallery_page
from kpop_assets_tests.browser.conftest import CHROMIUM, Opened
from kpop_assets_tests.insight.gallery.conftest import content  # noqa: F401

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]
WITHOUT_NAME = """() => [...document.querySelectorAll("button, input, a, svg, nav, dialog")].filter(
  one => !(one.textContent.trim() || one.getAttribute("aria-label"))).length"""
WITHOUT_ALT = "() => [...document.images].filter(one => one.getAttribute('alt') === null).length"
CONTRAST = """() => {
  const light = text => {
    const [r, g, b] = text.match(/[\\d.]+/g).map(Number).map(v => v / 255)
      .map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ground = one => {
    for (; one; one = one.parentElement) {
      const found = getComputedStyle(one).backgroundColor;
      if (found !== "rgba(0, 0, 0, 0)") return light(found);
    }
    return 1;
  };
  const texts = "h1,h2,h3,p,a,li,td,th,figcaption,output,summary,span,button";
  const ratios = [...document.querySelectorAll(texts)]
    .filter(one => one.innerText.trim() && one.offsetParent)
    .map(one => [light(getComputedStyle(one).color), ground(one)])
    .map(([text, under]) => (Math.max(text, under) + 0.05) / (Math.min(text, under) + 0.05));
  return Math.min(...ratios);
}"""


@pytest.fixture
def page(content: GalleryContent, opened: Opened) -> Page:  # noqa: F811
    """The page of drawn content."""
    girl, popular = content.sets
    unfit = replace(popular, unfit="trained for 20 steps, 100 are the fewest that show something")
    return opened(gallery_page(replace(content, sets=[girl, unfit])))


def test_a_click_on_a_sample_shows_the_nearest_covers(page: Page) -> None:
    page.get_by_label(
        "girl sample 003, seed 7, a copy: show which drawn covers are nearest"
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
    page.get_by_label("girl sample 000").click()
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
    page.get_by_label("girl sample 005").click()
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


def test_the_page_fits_and_everything_has_a_name_and_contrast(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate(WITHOUT_NAME) == 0
    assert page.evaluate(WITHOUT_ALT) == 0
    assert page.evaluate(CONTRAST) >= 4.5
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.title()
