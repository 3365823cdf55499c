"""The generator in the gallery page: it draws what Python draws, by hand and by keyboard."""

import base64
import io
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Locator, Page, expect, sync_playwright

from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.page import gallery_page
from kpop_assets.models.interpolation import between
from kpop_assets.models.live.content import LiveGenerator
from kpop_assets.models.live.live_generator import cover_input, live_generator
from kpop_assets.models.sampling import covers_of_noise
from kpop_assets_tests.browser.conftest import CHROMIUM
from kpop_assets_tests.browser.test_gallery import violations
from kpop_assets_tests.insight.gallery.conftest import content  # noqa: F401
from kpop_assets_tests.models.live.small_generator import FIELDS, NOISE_SIZE, small_generator

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]
SOFTWARE_WEBGL = [
    "--no-sandbox",
    "--no-first-run",
    "--use-angle=swiftshader",
    "--enable-unsafe-swiftshader",
    "--ignore-gpu-blocklist",
]
HAS_WEBGL = "() => Boolean(document.createElement('canvas').getContext('webgl2'))"
NO_STORAGE = """Object.defineProperty(window, "localStorage",
  { get() { throw new DOMException("forbidden", "SecurityError"); } });"""
MOST_LEVELS = 3
PATIENCE = 60_000
COVERS = [(0, "boy", 2010), (12, "girl", 2013), (999_999_999, "boy", 2017), (7, "girl", 2020)]

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SOFTWARE_WEBGL)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def generator() -> keras.Model:
    return small_generator()


@pytest.fixture(scope="module")
def live(generator: keras.Model) -> LiveGenerator:
    return live_generator(generator, NOISE_SIZE, FIELDS)


@pytest.fixture
def opened(
    browser: Browser,
    content: GalleryContent,  # noqa: F811
    live: LiveGenerator,
    tmp_path: Path,
) -> Iterator[Open]:
    """Opens the page from disk; fails on an error of the console or a request."""
    troubles: list[str] = []
    contexts = []

    def open_page(
        backends: str = "cpu",
        longest_seconds: float = 60,
        shown: LiveGenerator = live,
        width: int = 1440,
        scheme: str = "light",
        before: str = "",
        scripts: bool = True,
    ) -> Page:
        path = tmp_path / "gallery.html"
        page = gallery_page(replace(content, sets=content.sets[:1], live=shown))
        for told, instead in (
            ('data-backends="webgl cpu"', f'data-backends="{backends}"'),
            ('data-longest-seconds="2"', f'data-longest-seconds="{longest_seconds}"'),
        ):
            assert page.count(told) == 1
            page = page.replace(told, instead)
        path.write_text(page)
        context = browser.new_context(
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]
            java_script_enabled=scripts,
        )
        contexts.append(context)
        opened = context.new_page()
        opened.set_default_timeout(PATIENCE)
        opened.add_init_script(before)
        opened.on("console", lambda one: troubles.append(one.text) if one.type == "error" else None)
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
        opened.locator("#live").scroll_into_view_if_needed()
        return opened

    yield open_page
    for context in contexts:
        context.close()
    assert not troubles


def choose(page: Page, number: int, cover_set: str, year: int) -> None:
    page.get_by_label("number of the cover").fill(str(number))
    page.get_by_label("number of the cover").press("Enter")
    page.get_by_label(cover_set, exact=True).check()
    page.get_by_label("year", exact=True).fill(str(year))
    expect(page.locator(".easel canvas")).to_have_attribute(
        "aria-label", f"number {number}, {cover_set}, {year}", timeout=PATIENCE
    )


def pixels(canvas: Locator) -> np.ndarray:
    address: str = canvas.evaluate("one => one.toDataURL()")
    with Image.open(io.BytesIO(base64.b64decode(address.partition(",")[2]))) as picture:
        return np.asarray(picture.convert("RGB")).astype(int)


def by_python(generator: keras.Model, number: int, *values: str | float) -> np.ndarray:
    fields = FIELDS if values else ()
    return covers_of_noise(generator, cover_input(NOISE_SIZE, fields, number, values)[None])[0]


def end_with_mine(page: Page, words: str) -> Locator:
    """Makes the drawn cover the first one of the walk, which has its own pixels."""
    page.get_by_label("Use yours as the first one").click()
    first = page.locator(".end canvas").first
    expect(first).to_have_attribute("aria-label", f"the first cover: {words}", timeout=PATIENCE)
    return first


@pytest.mark.parametrize("backend", ["cpu", "webgl"])
def test_the_page_draws_what_python_draws(
    backend: str, opened: Open, generator: keras.Model
) -> None:
    page = opened(backend)
    assert backend == "cpu" or page.evaluate(HAS_WEBGL)
    for number, cover_set, year in COVERS:
        choose(page, number, cover_set, year)
        drawn = pixels(end_with_mine(page, f"number {number}, {cover_set}, {year}"))
        expected = by_python(generator, number, cover_set, year)
        assert expected.std() > 20
        assert np.abs(drawn - expected).max() <= MOST_LEVELS
    by = {"cpu": "by the processor", "webgl": "by the graphics processor"}[backend]
    expect(page.locator(".easel figcaption")).to_contain_text(by)


def test_a_generator_without_choices_draws_the_first_cover_of_each_seed(opened: Open) -> None:
    generator = small_generator(NOISE_SIZE)
    page = opened(shown=live_generator(generator, NOISE_SIZE))
    for number in (3, 31):
        page.get_by_label("number of the cover").fill(str(number))
        page.get_by_label("number of the cover").press("Enter")
        drawn = pixels(end_with_mine(page, f"number {number}"))
        assert np.abs(drawn - by_python(generator, number)).max() <= MOST_LEVELS


def test_one_walks_from_cover_to_cover_as_python_does(opened: Open, generator: keras.Model) -> None:
    page = opened()
    choose(page, *COVERS[1])
    end_with_mine(page, "number 12, girl, 2013")
    slider = page.get_by_label("place between the two covers")
    slider.fill("30")
    expect(slider).to_have_attribute("aria-valuetext", "30 % of the way")
    shown = page.locator(".walk > canvas")
    said = "30 % of the way from number 12, girl, 2013 to number 11, girl, 2020"
    expect(shown).to_have_attribute("aria-label", said, timeout=PATIENCE)
    first, last = (
        cover_input(NOISE_SIZE, FIELDS, number, values)
        for number, values in ((12, ("girl", 2013)), (11, ("girl", 2020)))
    )
    noise = between(first[..., :NOISE_SIZE], last[..., :NOISE_SIZE], 0.3)
    chosen = 0.7 * first[..., NOISE_SIZE:] + 0.3 * last[..., NOISE_SIZE:]
    expected = covers_of_noise(generator, np.concatenate([noise, chosen], axis=-1)[None])[0]
    enlarged = Image.fromarray(expected).resize((512, 512), Image.Resampling.BICUBIC)
    assert np.abs(pixels(shown) - np.asarray(enlarged)).mean() <= MOST_LEVELS


def test_everything_is_done_by_keyboard(opened: Open) -> None:
    page = opened()
    status = page.locator(".easel [role=status]")
    page.get_by_label("boy", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(status).to_have_text("number 0, girl, 2010", timeout=PATIENCE)
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    expect(status).to_have_text("number 0, girl, 2011", timeout=PATIENCE)
    page.keyboard.press("Tab")
    page.keyboard.type("5")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(status).not_to_have_text("number 0, girl, 2011", timeout=PATIENCE)
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    expect(page.get_by_role("button", name="Kept")).to_have_attribute("aria-pressed", "true")


def test_a_number_that_is_none_changes_nothing(opened: Open) -> None:
    page = opened()
    choose(page, *COVERS[1])
    for typed in ("-3", "", "1.5"):
        page.get_by_label("number of the cover").fill(typed)
        page.get_by_label("number of the cover").press("Enter")
        expect(page.get_by_label("number of the cover")).to_have_value("12")


@pytest.mark.parametrize("before", ["", NO_STORAGE], ids=["stored", "in the address"])
def test_a_kept_cover_is_there_after_a_reload_until_it_is_given_up(
    before: str, opened: Open
) -> None:
    page = opened(before=before)
    choose(page, *COVERS[1])
    page.get_by_role("button", name="Keep it").click()
    page.reload()
    page.locator("#live").scroll_into_view_if_needed()
    page.get_by_role("button", name="Show number 12, girl, 2013").click()
    expect(page.get_by_label("number of the cover")).to_have_value("12")
    expect(page.get_by_label("girl", exact=True)).to_be_checked()
    page.get_by_role("button", name="Kept").click()
    expect(page.locator(".kept")).to_be_hidden()
    page.reload()
    page.locator("#live").scroll_into_view_if_needed()
    expect(page.get_by_role("button", name="Keep it")).to_be_visible()
    expect(page.locator(".kept")).to_be_hidden()


def test_what_is_kept_lies_below_both_easels_and_takes_no_room_of_theirs(opened: Open) -> None:
    page = opened()
    choose(page, *COVERS[1])
    easel, kept, stage = (page.locator(name) for name in (".easel", ".kept", ".stage"))
    width_before = _box(easel)["width"]
    page.get_by_role("button", name="Keep it").click()
    assert _box(easel)["width"] == width_before
    assert _box(kept)["width"] == _box(stage)["width"]
    assert _box(kept)["y"] >= _box(easel)["y"] + _box(easel)["height"]


def _box(part: Locator) -> FloatRect:
    box = part.bounding_box()
    assert box is not None
    return box


def test_a_cover_is_saved_at_1024_pixels(opened: Open, tmp_path: Path) -> None:
    page = opened()
    choose(page, *COVERS[1])
    with page.expect_download() as found:
        page.locator(".easel").get_by_role("button", name="Save at 1,024 px").click()
    assert found.value.suggested_filename == "cover-number-12-girl-2013.png"
    found.value.save_as(tmp_path / "saved.png")
    with Image.open(tmp_path / "saved.png") as saved:
        assert (saved.format, saved.size) == ("PNG", (1024, 1024))


@pytest.mark.parametrize(
    "without",
    [{"backends": "none"}, {"longest_seconds": 0}, {"scripts": False}],
    ids=["no backend", "too slow", "no scripts"],
)
def test_where_nothing_can_be_drawn_covers_drawn_before_are_shown(
    without: dict[str, Any], opened: Open
) -> None:
    page = opened(**without)
    expect(page.locator(".live")).to_be_hidden(timeout=PATIENCE)
    shown = page.locator(".beforehand img")
    expect(shown).to_have_count(12)
    expect(shown.first).to_be_visible()
    expect(shown.first).to_have_attribute("alt", "number 0, boy, 2010")


@pytest.mark.parametrize(("width", "scheme"), [(1440, "light"), (390, "dark")])
def test_the_section_fits_and_axe_finds_nothing(width: int, scheme: str, opened: Open) -> None:
    page = opened("webgl cpu", width=width, scheme=scheme)
    choose(page, *COVERS[1])
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Show number 12, girl, 2013").wait_for()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
