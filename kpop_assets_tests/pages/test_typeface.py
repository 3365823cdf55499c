"""The typeface that a page holds."""

import base64
import hashlib
import io
import re
from importlib.resources import files

from fontTools.ttLib import TTFont

from kpop_assets.pages.typeface import font_face


def font_of(rule: str) -> TTFont:
    [content] = re.findall(r'url\("data:font/woff;base64,([^"]+)"\)', rule)
    return TTFont(io.BytesIO(base64.b64decode(content)))


def test_it_has_the_letters_of_the_text_in_all_weights_and_no_others() -> None:
    font = font_of(font_face("가수 Girl 2013"))
    assert set(map(chr, font.getBestCmap())) == set("가수 Girl 2013")
    [weight] = font["fvar"].axes
    assert (weight.minValue, weight.maxValue) == (400, 800)


def test_letters_that_it_has_not_are_left_out() -> None:
    assert set(map(chr, font_of(font_face("a樂")).getBestCmap())) == {"a"}


def test_its_file_is_the_one_that_is_described() -> None:
    folder = files("kpop_assets.pages") / "fonts"
    digest = hashlib.sha256((folder / "kpop-assets-sans.woff").read_bytes()).hexdigest()
    assert digest in (folder / "README.md").read_text(encoding="utf-8")
    assert "SIL OPEN FONT LICENSE" in (folder / "LICENSE.txt").read_text(encoding="utf-8")
