"""The gallery page as a file: what is in it, and what never is."""

import re
from dataclasses import replace
from html import unescape

import pytest

from kpop_assets.insight.gallery.content import GalleryContent
from kpop_assets.insight.gallery.page import gallery_page
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
    assert page.count("show the nearest real covers") == 48
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


def test_no_address_leads_outside(page: str) -> None:
    assert not re.search(r"""(?:src|href|action)="(?!data:image/webp|#)""", page)
    assert "url(" not in page
    assert "default-src 'none'" in unescape(page)


def test_what_was_not_made_has_no_part() -> None:
    bare = replace(
        set_content("girl", 0), training=None, interpolation=None, samples=(), palettes={}
    )
    page = gallery_page(GalleryContent([bare], "folder", "today"))
    assert re.findall(r"<h2>(.*?)</h2>", page) == ["How good are they?"]
    assert "Covers of your own folder." in page
