"""What the colours of covers are like, in numbers.

All is measured at MEASURED_PIXELS, so that covers of 512 pixels and generated ones of 64 compare.
HSV, sRGB and their ranges are those of matplotlib.colors: hue, saturation and value from 0 to 1.
"""

import numpy as np
from matplotlib.colors import rgb_to_hsv
from numpy.typing import NDArray

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


def colour_measures(pictures: Pictures) -> dict[str, Floats]:
    """Return the measures of pictures, uint8 (N, 64, 64, 3), each float64 (N,).

    brightness: mean luma (Rec. 709 weights on sRGB values), 0 to 1.
    contrast: standard deviation of the luma, 0 to 0.5 (RMS contrast; Peli 1990).
    colourfulness: Hasler and Süsstrunk, "Measuring colourfulness in natural images" (2003), M3 on
        sRGB levels: 0 is grey, they call 33 moderately and 82 highly colourful.
    saturation: mean saturation (HSV), 0 to 1.
    dark, white, grey, pastel, pink: share of pixels, 0 to 1, within the limits above. A pixel may
        count in several: white is grey, too, and pale pink is pastel.
    edge_density: share of pixels whose luma differs by more than EDGE_STEP from the pixel to the
        right or below, 0 to 1.

    Raises ValueError for other shapes.
    """
    expected = (MEASURED_PIXELS, MEASURED_PIXELS, 3)
    if pictures.ndim != 4 or pictures.shape[1:] != expected or pictures.dtype != np.uint8:
        raise ValueError(
            f"expected pictures (N, 64, 64, 3), uint8, got {pictures.shape}, {pictures.dtype}"
        )
    pixels = pictures.reshape(len(pictures), -1, 3) / 255.0
    luma = pixels @ _LUMA
    hue, saturation, value = np.moveaxis(rgb_to_hsv(pixels), -1, 0)
    low, high = PASTEL_SATURATION
    shares = {
        "dark": value < DARK_VALUE,
        "white": (value > WHITE_VALUE) & (saturation < WHITE_SATURATION),
        "grey": saturation < GREY_SATURATION,
        "pastel": (value > PASTEL_VALUE) & (saturation > low) & (saturation < high),
        "pink": (value > PINK_VALUE)
        & (saturation > PINK_SATURATION)
        & (hue > PINK_HUES[0])
        & (hue < PINK_HUES[1]),
    }
    measured = {
        "brightness": luma.mean(axis=1),
        "contrast": luma.std(axis=1),
        "colourfulness": _colourfulness(255.0 * pixels),
        "saturation": saturation.mean(axis=1),
        **{name: chosen.mean(axis=1) for name, chosen in shares.items()},
        "edge_density": _edge_density(luma.reshape(pictures.shape[:3])),
    }
    return {name: values.round(DECIMALS) for name, values in measured.items()}


def _colourfulness(levels: Floats) -> Floats:
    red, green, blue = np.moveaxis(levels, -1, 0)
    red_green, yellow_blue = red - green, 0.5 * (red + green) - blue
    spread = np.hypot(red_green.std(axis=1), yellow_blue.std(axis=1))
    return spread + 0.3 * np.hypot(red_green.mean(axis=1), yellow_blue.mean(axis=1))


def _edge_density(luma: Floats) -> Floats:
    across = np.abs(np.diff(luma, axis=2))[:, :-1]
    down = np.abs(np.diff(luma, axis=1))[:, :, :-1]
    return (np.maximum(across, down) > EDGE_STEP).mean(axis=(1, 2))
