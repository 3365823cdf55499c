"""The gallery page in a browser: looked at, clicked, at two widths, without a network."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.page import gallery_page
from kpop_assets_tests.browser.conftest import CHROMIUM, CHROMIUM_OPTIONS
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


@pytest.fixture(params=[(1440, "light"), (390, "dark")], ids=["desk", "phone"])
def page(
    request: pytest.FixtureRequest,
    content: GalleryContent,  # noqa: F811
    tmp_path: Path,
) -> Iterator[Page]:
    """The page of drawn content, opened from disk; fails on a console error or a request."""
    width, scheme = request.param
    path = tmp_path / "gallery.html"
    path.write_text(gallery_page(content), encoding="utf-8")
    troubles: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_OPTIONS)
        opened = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme
        ).new_page()
        opened.on("console", lambda message: troubles.append(message.text))
        opened.on("pageerror", lambda error: troubles.append(str(error)))
        opened.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith(("data:", path.as_uri()))
                else troubles.append(asked.url)
            ),
        )
        opened.goto(path.as_uri())
        yield opened
        browser.close()
    assert not troubles


def test_a_click_on_a_sample_shows_the_nearest_covers(page: Page) -> None:
    page.get_by_label("girl sample 4, a copy: show the nearest real covers").click()
    dialog = page.locator("dialog")
    assert dialog.is_visible()
    assert dialog.locator("h3").inner_text() == "girl sample 4"
    assert "A copy" in dialog.locator(".verdict").inner_text()
    assert dialog.locator("img").count() == 4
    page.keyboard.press("Escape")
    assert not dialog.is_visible()


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
