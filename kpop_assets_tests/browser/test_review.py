"""The review pages in a browser: a person turns them, looks, and copies lines."""

from pathlib import Path

import pandas as pd
import pytest
from playwright.sync_api import Browser

from kpop_assets.covers.curating.catalog import catalog_table
from kpop_assets.insight.review import write_review
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.browser.conftest import SCREENS
from kpop_assets_tests.conftest import drawn_cover

PICTURES, PART = 12, 5
BROKEN = "images => images.filter(image => !image.complete || image.naturalWidth === 0).length"


@pytest.fixture(scope="module")
def review(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first page of a review of twelve pictures, five a page."""
    store = Store(tmp_path_factory.mktemp("store"))
    names = []
    for seed in range(PICTURES):
        drawn_cover(seed, (300, 300)).save(store.root / "drawn.jpg")
        names.append(store.add_picture((store.root / "drawn.jpg").read_bytes()))
    general = pd.DataFrame(
        {
            "hash": names,
            "path": [f"pictures/{name[:2]}/{name}.jpg" for name in names],
            **{"width": 300, "height": 300, "sites": "sample"},
            "perceptual_hash": [f"{17 ** (place + 8):016x}"[-16:] for place in range(PICTURES)],
        }
    )
    reasons = {name: ["small" if place < 7 else "page of text"] for place, name in enumerate(names)}
    chart = general[:0].assign(artist_type=None)
    catalog = catalog_table(chart, general, not_cover_reasons=reasons)
    catalog.to_parquet(store.table("cover_catalog"))
    write_review(store, store.root, PART)
    return Path(store.root / "review.html")


@pytest.mark.parametrize(("width", "scheme"), SCREENS[:2], ids=["desk", "phone"])
def test_the_keyboard_turns_the_pages_to_the_last_and_back(
    browser: Browser, review: Path, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    page = context.new_page()
    troubles: list[str] = []
    page.on("console", lambda message: troubles.append(message.text))
    page.on("requestfailed", lambda asked: troubles.append(asked.url))
    page.goto(review.as_uri())
    lines = []
    for number in (1, 2, 3):
        assert page.locator("[aria-current=page]").first.inner_text() == str(number)
        assert page.locator("li.card img").evaluate_all(BROKEN) == 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        lines += page.locator("li.card code").all_inner_texts()
        if number < 3:
            page.locator("a[rel=next]").first.focus()
            page.keyboard.press("Enter")
            page.wait_for_url(f"**/review-{number + 1}.html")
    assert len(lines) == len(set(lines)) == PICTURES
    page.locator("nav a", has_text="small (7)").click()
    page.wait_for_url("**/review.html#part-0")
    context.close()
    assert not troubles
