"""The measures of many covers as a table."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.covers.parallel import map_pictures
from kpop_assets.covers.resize import lanczos
from kpop_assets.insight.measuring import colour_measures, faces, text_area
from kpop_assets.insight.measuring.measures import ALL_MEASURES
from kpop_assets.insight.measuring.palettes import palette

Cover = NDArray[np.uint8]

PALETTE_PIXELS = 32
FEWEST_PIXELS = 128
"""Text and faces are not looked for on covers with a shorter side."""
PROFILE_COLUMNS = ["picture", *ALL_MEASURES, "palette", "palette_weights"]


def profile(covers: Iterable[tuple[str, Cover]]) -> pd.DataFrame:
    """Return a row (PROFILE_COLUMNS) for each cover, in their order, made by all cores.

    `covers` are names and uint8 (S, S, 3). `text_area` and `faces` are null without the optional
    detectors and for covers below FEWEST_PIXELS. `palette` is a list of up to five colours
    (#rrggbb), the one with the largest share first, with `palette_weights`.
    """
    rows = pd.DataFrame(list(map_pictures(_row, covers)), columns=PROFILE_COLUMNS)
    return rows.astype({"text_area": "float64", "faces": "float64"})


def _row(named: tuple[str, Cover]) -> dict[str, object]:
    name, cover = named
    small = _at(cover, colour_measures.MEASURED_PIXELS)
    measures = colour_measures.colour_measures(small[np.newaxis])
    colours = palette(_at(cover, PALETTE_PIXELS))
    return {
        "picture": name,
        **{measure: float(values[0]) for measure, values in measures.items()},
        **_detected(cover),
        "palette": list(colours.colours),
        "palette_weights": list(colours.weights),
    }


def _detected(cover: Cover) -> dict[str, object]:
    found: dict[str, object] = {}
    if len(cover) < FEWEST_PIXELS:
        return found
    if text_area.MODEL.is_installed():
        found["text_area"] = text_area.text_area(_at(cover, text_area.MEASURED_PIXELS))
    if faces.MODEL.is_installed():
        found["faces"] = faces.face_count(_at(cover, faces.MEASURED_PIXELS))
    return found


def _at(cover: Cover, pixels: int) -> Cover:
    if len(cover) == pixels:
        return cover
    return np.asarray(lanczos(Image.fromarray(cover), (pixels, pixels)))
