"""What the colours of covers are like."""

import numpy as np
import pytest

from kpop_assets.insight.measuring.colour_measures import colour_measures


def plain(*colours: tuple[int, int, int]) -> np.ndarray:
    return np.stack([np.full((64, 64, 3), colour, np.uint8) for colour in colours])


def test_plain_covers_have_the_values_of_their_colour() -> None:
    found = colour_measures(plain((255, 255, 255), (0, 0, 0), (255, 0, 0), (255, 200, 220)))
    assert found["brightness"] == pytest.approx([1, 0, 0.2126, 0.8354], abs=1e-3)
    assert found["saturation"] == pytest.approx([0, 0, 1, 55 / 255], abs=1e-3)
    assert found["white"].tolist() == [1, 0, 0, 0]
    assert found["dark"].tolist() == [0, 1, 0, 0]
    assert found["grey"].tolist() == [1, 1, 0, 0]
    assert found["pastel"].tolist() == [0, 0, 0, 1]
    assert found["pink"].tolist() == [0, 0, 0, 1]
    assert found["contrast"] == pytest.approx([0, 0, 0, 0])
    assert found["edge_density"].tolist() == [0, 0, 0, 0]


def test_colourfulness_is_that_of_the_paper() -> None:
    half = plain((255, 0, 0))
    half[:, :, 32:] = (0, 0, 255)
    red_green, yellow_blue = [255, 0], [127.5, -255]
    expected = np.hypot(np.std(red_green), np.std(yellow_blue)) + 0.3 * np.hypot(
        np.mean(red_green), np.mean(yellow_blue)
    )
    assert colour_measures(half)["colourfulness"][0] == pytest.approx(expected)
    assert colour_measures(plain((90, 90, 90)))["colourfulness"][0] == pytest.approx(0)


def test_stripes_have_contrast_and_edges() -> None:
    stripes = plain((0, 0, 0))
    stripes[:, :, ::4] = 255
    stripes[:, :, 1::4] = 255
    found = colour_measures(stripes)
    assert found["contrast"][0] == pytest.approx(0.5)
    assert found["edge_density"][0] == pytest.approx(0.5, abs=0.02)


def test_other_sizes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected pictures \(N, 64, 64, 3\)"):
        colour_measures(np.zeros((1, 32, 32, 3), np.uint8))


def test_plain_covers_of_any_colour_have_exactly_no_contrast() -> None:
    """Rounding that depends on the colour would rank one set of plain covers above another."""
    found = colour_measures(plain((19, 4, 44), (208, 166, 233), (128, 155, 248), (186, 161, 139)))
    assert found["contrast"].tolist() == [0, 0, 0, 0]
    assert found["edge_density"].tolist() == [0, 0, 0, 0]
    greys = colour_measures(plain((77, 77, 77), (51, 51, 51), (130, 130, 130)))
    assert greys["colourfulness"].tolist() == [0, 0, 0]
