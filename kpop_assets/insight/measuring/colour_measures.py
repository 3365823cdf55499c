"""What the colours of covers are like, in numbers.

All is measured at MEASURED_PIXELS, so that covers of 512 pixels and generated ones of 64 compare.
HSV, sRGB and their ranges are those of matplotlib.colors: hue, saturation and value from 0 to 1.
A pixel may count in several shares: white is grey, too, and pale pink is pastel.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from matplotlib.colors import rgb_to_hsv
from numpy.typing import NDArray

from kpop_assets.insight.measuring.measure import Measure

Pictures = NDArray[np.uint8]
Floats = NDArray[np.float64]

MEASURED_PIXELS = 64
DARK_VALUE = 0.25
WHITE_VALUE, WHITE_SATURATION = 0.88, 0.12
GREY_SATURATION = 0.15
PASTEL_VALUE, PASTEL_SATURATION = 0.70, (0.10, 0.45)
PINK_VALUE, PINK_SATURATION, PINK_HUES = 0.50, 0.12, (290 / 360, 355 / 360)
EDGE_STEP = 0.1
DECIMALS = 9
"""What differs by less is rounding: plain covers of two colours have no contrast, both alike."""
_LUMA = np.array([0.2126, 0.7152, 0.0722])


@dataclass(frozen=True)
class Pixels:
    """The pixels of N pictures: sRGB levels (N, P, 3) from 0 to 255; luma, hue, saturation and
    value (N, P) from 0 to 1."""

    levels: Floats
    luma: Floats
    hue: Floats
    saturation: Floats
    value: Floats


def colour_measures(pictures: Pictures) -> dict[str, Floats]:
    """Return the MEASURES of pictures, uint8 (N, 64, 64, 3), each float64 (N,), by name.

    Raises ValueError for other shapes.
    """
    expected = (MEASURED_PIXELS, MEASURED_PIXELS, 3)
    if pictures.ndim != 4 or pictures.shape[1:] != expected or pictures.dtype != np.uint8:
        raise ValueError(
            f"expected pictures (N, 64, 64, 3), uint8, got {pictures.shape}, {pictures.dtype}"
        )
    shares = pictures.reshape(len(pictures), -1, 3) / 255.0
    pixels = Pixels(255.0 * shares, shares @ _LUMA, *np.moveaxis(rgb_to_hsv(shares), -1, 0))
    return {one.name: measured(pixels).round(DECIMALS) for one, measured in _MEASURED.items()}


def _pastel(pixels: Pixels) -> Floats:
    low, high = PASTEL_SATURATION
    pale = (pixels.saturation > low) & (pixels.saturation < high)
    return _share((pixels.value > PASTEL_VALUE) & pale)


def _pink(pixels: Pixels) -> Floats:
    low, high = PINK_HUES
    coloured = (pixels.value > PINK_VALUE) & (pixels.saturation > PINK_SATURATION)
    return _share(coloured & (pixels.hue > low) & (pixels.hue < high))


def _colourfulness(pixels: Pixels) -> Floats:
    red, green, blue = np.moveaxis(pixels.levels, -1, 0)
    red_green, yellow_blue = red - green, 0.5 * (red + green) - blue
    spread = np.hypot(red_green.std(axis=1), yellow_blue.std(axis=1))
    return spread + 0.3 * np.hypot(red_green.mean(axis=1), yellow_blue.mean(axis=1))


def _edge_density(pixels: Pixels) -> Floats:
    luma = pixels.luma.reshape(-1, MEASURED_PIXELS, MEASURED_PIXELS)
    across = np.abs(np.diff(luma, axis=2))[:, :-1]
    down = np.abs(np.diff(luma, axis=1))[:, :, :-1]
    return (np.maximum(across, down) > EDGE_STEP).mean(axis=(1, 2))


def _share(chosen: NDArray[np.bool_]) -> Floats:
    return chosen.mean(axis=1)


_MEASURED: dict[Measure, Callable[[Pixels], Floats]] = {
    Measure(
        "brightness",
        "brightness",
        "0 to 1",
        "mean luma (Rec. 709 weights on sRGB values)",
        "is brighter",
        "is darker",
    ): (lambda pixels: pixels.luma.mean(axis=1)),
    Measure(
        "contrast",
        "contrast",
        "0 to 0.5",
        "standard deviation of the luma (RMS contrast; Peli 1990)",
        "has more contrast",
        "has less contrast",
    ): lambda pixels: pixels.luma.std(axis=1),
    Measure(
        "colourfulness",
        "colourfulness",
        "0 to about 150",
        "Hasler and Süsstrunk 2003, M3: grey is 0, moderately colourful 33, highly colourful 82",
        "is more colourful",
        "is less colourful",
    ): _colourfulness,
    Measure(
        "saturation",
        "saturation",
        "0 to 1",
        "mean saturation (HSV)",
        "has stronger colours",
        "has paler colours",
    ): (lambda pixels: pixels.saturation.mean(axis=1)),
    Measure(
        "dark",
        "dark share",
        "share of pixels",
        "value below 0.25",
        "has more black",
        "has less black",
    ): (lambda pixels: _share(pixels.value < DARK_VALUE)),
    Measure(
        "white",
        "white share",
        "share of pixels",
        "value above 0.88, saturation below 0.12",
        "has more white",
        "has less white",
    ): (
        lambda pixels: _share((pixels.value > WHITE_VALUE) & (pixels.saturation < WHITE_SATURATION))
    ),
    Measure(
        "grey",
        "grey share",
        "share of pixels",
        "saturation below 0.15",
        "has more grey",
        "has less grey",
    ): (lambda pixels: _share(pixels.saturation < GREY_SATURATION)),
    Measure(
        "pastel",
        "pastel share",
        "share of pixels",
        "value above 0.7, saturation 0.10 to 0.45",
        "has more pastel",
        "has less pastel",
    ): _pastel,
    Measure(
        "pink",
        "pink share",
        "share of pixels",
        "hue 290° to 355°, value above 0.5, not grey",
        "has more pink",
        "has less pink",
    ): _pink,
    Measure(
        "edge_density",
        "edge density",
        "share of pixels",
        "luma steps by more than 0.1",
        "is busier",
        "is calmer",
    ): (_edge_density),
}
MEASURES = tuple(_MEASURED)
