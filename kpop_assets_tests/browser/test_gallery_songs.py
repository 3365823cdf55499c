"""Songs of the gallery page in a browser: played, moved in and looked at, without a network."""

from dataclasses import replace

import pytest
from playwright.sync_api import Locator, Page, expect

from kpop_assets.defs.insight.page.song_sections import songs_content
from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.page import gallery_page
from kpop_assets.insight.gallery.song_content import SongsContent
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.browser.conftest import CHROMIUM, Opened
from kpop_assets_tests.browser.test_gallery import violations
from kpop_assets_tests.insight.gallery.conftest import content  # noqa: F401
from kpop_assets_tests.insight.gallery.songs_store import write_songs

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(CHROMIUM is None, reason="needs Chromium: apt-get install chromium"),
]
PLACE = "one => [parseFloat(one.style.left), parseFloat(one.style.top)]"
NOW = "one => one.currentTime"


@pytest.fixture(scope="module")
def songs(tmp_path_factory: pytest.TempPathFactory) -> SongsContent:
    root = tmp_path_factory.mktemp("store")
    write_songs(root)
    found = songs_content(Store(root))
    assert found is not None
    return found


@pytest.fixture
def page(content: GalleryContent, songs: SongsContent, opened: Opened) -> Page:  # noqa: F811
    return opened(gallery_page(replace(content, sets=content.sets[:1], songs=songs)))


def song(page: Page, number: int) -> Locator:
    return page.locator("figure.song").nth(number)


def wait_until_it_sounds(page: Page, audio: Locator, after: float = 0.3) -> None:
    page.wait_for_function(
        "([one, after]) => !one.paused && one.currentTime > after",
        arg=[audio.element_handle(), after],
    )


def test_a_song_plays_and_the_cursor_moves_with_it(page: Page, songs: SongsContent) -> None:
    shown, one = song(page, 0), songs.songs[0]
    audio, cursor = shown.locator("audio"), shown.locator(".cursor")
    left, top = cursor.evaluate(PLACE)
    layout = one.layout
    assert left == pytest.approx(100 * layout.left / layout.width, abs=0.01)
    assert top == pytest.approx(100 * layout.top / layout.height, abs=0.01)
    shown.get_by_role("button", name="Play Song 1").click()
    wait_until_it_sounds(page, audio, 1.0)
    shown.get_by_role("button", name="Pause Song 1").click()
    expect(shown.get_by_role("button", name="Play Song 1")).to_be_visible()
    page.wait_for_timeout(100)
    row, x = layout.place(audio.evaluate(NOW) / one.second)
    assert cursor.evaluate(PLACE)[0] == pytest.approx(100 * x / layout.width, abs=0.05)
    assert row == 0
    expect(shown.locator("output")).to_contain_text("0:01 / ")


def test_only_one_song_plays_at_a_time(page: Page) -> None:
    first, second = song(page, 0), song(page, 1)
    first.locator(".play").click()
    wait_until_it_sounds(page, first.locator("audio"))
    second.locator(".play").click()
    wait_until_it_sounds(page, second.locator("audio"))
    assert first.locator("audio").evaluate("one => one.paused")


def test_a_click_into_the_second_row_of_a_roll_moves_there(page: Page, songs: SongsContent) -> None:
    shown, one = song(page, 1), songs.songs[1]
    roll, layout = shown.locator(".roll"), one.layout
    width = roll.evaluate("one => one.clientWidth")
    onset = layout.bar * layout.bars_a_row + 40
    row, x = layout.place(onset)
    scale = width / layout.width
    y = (layout.top + row * layout.row_height + 30) * scale
    roll.click(position={"x": x * scale, "y": y})
    assert row == 1
    now = shown.locator("audio").evaluate(NOW)
    assert now == pytest.approx(onset * one.second, abs=2 * one.second)
    left, top = shown.locator(".cursor").evaluate(PLACE)
    assert left == pytest.approx(100 * x / layout.width, abs=0.5)
    assert top == pytest.approx(100 * (layout.top + layout.row_height) / layout.height, abs=0.01)


def test_the_keyboard_plays_and_moves_by_bars(page: Page, songs: SongsContent) -> None:
    shown, one = song(page, 0), songs.songs[0]
    roll, audio = shown.locator(".roll"), shown.locator("audio")
    bar = one.layout.bar * one.second
    roll.focus()
    for key, bars in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("Home", 0)):
        page.keyboard.press(key)
        assert audio.evaluate(NOW) == pytest.approx(bars * bar, abs=0.01)
    page.keyboard.press("ArrowRight")
    assert str(roll.get_attribute("aria-valuetext")).endswith(", bar 2")
    page.keyboard.press("Space")
    wait_until_it_sounds(page, audio, bar + 0.2)
    page.keyboard.press("Space")
    assert audio.evaluate("one => one.paused")
    page.keyboard.press("End")
    assert audio.evaluate(NOW) == pytest.approx(one.length * one.second, abs=0.01)


def test_a_narrow_roll_follows_the_sound(page: Page) -> None:
    shown = song(page, 0)
    shown.locator(".roll").focus()
    page.keyboard.press("End")
    inside = shown.evaluate(
        """one => {
          const at = one.querySelector(".cursor").getBoundingClientRect();
          const box = one.querySelector(".scroller").getBoundingClientRect();
          return at.left >= box.left && at.right <= box.right;
        }"""
    )
    assert inside


def test_rolls_of_other_songs_are_beside_at_the_same_scale(page: Page, songs: SongsContent) -> None:
    page.get_by_text("Some of the sample songs").click()
    of_songs = page.locator(".roll:not(.still)")
    others = page.locator(".roll.still")
    assert of_songs.count() == len(songs.songs)
    assert others.count() == len(songs.others) == 4
    width = "one => one.clientWidth"
    assert {one.evaluate(width) for one in others.all()} == {of_songs.first.evaluate(width)}
    pixels = "one => one.querySelector('img').naturalWidth"
    assert {one.evaluate(pixels) for one in others.all()} == {of_songs.first.evaluate(pixels)}


def test_songs_fit_and_axe_finds_nothing(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert violations(page) == []
    with page.expect_download() as found:
        song(page, 0).get_by_text("MIDI").click()
    assert found.value.suggested_filename == "song-seed-0.mid"
