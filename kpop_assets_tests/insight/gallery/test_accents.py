"""The colours of the page: of the covers, and always read."""

from itertools import pairwise

import numpy as np
import pytest

from kpop_assets.insight.gallery.accents import Accents, accents
from kpop_assets.insight.measuring.palettes import Palette, lab_of

GROUNDS = {"light": "#faf7f2", "dark": "#100e12"}


def levels(colour: str) -> np.ndarray:
    return np.array([list(bytes.fromhex(colour[1:]))], np.uint8)


def contrast(colour: str, ground: str) -> float:
    """The ratio of WCAG 2.2."""
    light, dark = sorted((luminance(colour), luminance(ground)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    values = levels(colour)[0] / 255
    linear = np.where(values <= 0.04045, values / 12.92, ((values + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def hue(colour: str) -> float:
    _, a, b = lab_of(levels(colour))[0]
    return float(np.degrees(np.arctan2(b, a)) % 360)


def colours(found: Accents) -> list[str]:
    return [found.real, found.made, found.third]


@pytest.mark.parametrize("vivid", ["#ff0000", "#ffd400", "#00c040", "#00b0ff", "#3000ff"])
def test_accents_have_the_hue_of_the_most_vivid_colour_and_are_read(vivid: str) -> None:
    found = accents([Palette(("#202020", vivid, "#8fa0a0"), (0.6, 0.3, 0.1))])
    assert abs(hue(found["light"].real) - hue(vivid)) % 360 == pytest.approx(0, abs=25)
    for scheme, ground in GROUNDS.items():
        shown = colours(found[scheme])
        assert min(contrast(one, ground) for one in shown) >= 4.5
        assert all(one != other for one, other in pairwise(shown))


def test_grey_covers_have_accents_of_their_own() -> None:
    grey = accents([Palette(("#202020", "#d0d0d0"), (0.6, 0.4))])
    assert grey == accents([])
    assert len(set(colours(grey["light"]))) == 3
