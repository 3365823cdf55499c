"""A row of measures for each cover."""

import sys

import numpy as np
import pytest
from PIL import Image, ImageDraw

from kpop_assets.insight.measuring import faces, text_area
from kpop_assets.insight.measuring.detector_model import DetectorModel, DetectorModelError
from kpop_assets.insight.measuring.measures import ALL_MEASURES
from kpop_assets.insight.measuring.profile import PROFILE_COLUMNS, profile
from kpop_assets.sample_world.artwork import CoverDesign, draw_cover

needs_detectors = pytest.mark.skipif(
    not (faces.MODEL.is_installed() and text_area.MODEL.is_installed()),
    reason="needs the optional detectors: make detectors",
)


def drawn(size: int) -> np.ndarray:
    return np.asarray(draw_cover(CoverDesign(3, "general", "NOVA", "First Light"), size))


def test_a_cover_is_the_same_at_any_size() -> None:
    table = profile([("small", drawn(64)), ("large", drawn(512))])
    assert list(table.columns) == PROFILE_COLUMNS
    assert table["picture"].tolist() == ["small", "large"]
    small, large = table.to_dict("records")
    for measure in ("brightness", "saturation", "dark", "white", "pastel"):
        assert small[measure] == pytest.approx(large[measure], abs=0.05)


def test_small_covers_have_neither_text_nor_faces() -> None:
    row = profile([("small", drawn(64))]).iloc[0]
    assert np.isnan(row["text_area"])
    assert np.isnan(row["faces"])


def test_absent_detectors_leave_nulls(monkeypatch: pytest.MonkeyPatch) -> None:
    for model in (faces.MODEL, text_area.MODEL):
        monkeypatch.setitem(sys.modules, model.runtime, None)
    row = profile([("large", drawn(256))]).iloc[0]
    assert row[["text_area", "faces"]].isna().all()
    assert row[[name for name in ALL_MEASURES if name not in ("text_area", "faces")]].notna().all()


def test_no_covers_make_an_empty_table() -> None:
    assert profile([]).columns.tolist() == PROFILE_COLUMNS


@needs_detectors
def test_text_is_found_where_it_is() -> None:
    plain = Image.new("RGB", (320, 320), "#dde3ea")
    written = plain.copy()
    pen = ImageDraw.Draw(written)
    for line in range(6):
        pen.text((20, 20 + 48 * line), "FIRST LIGHT 2026", fill="#222222", font_size=34)
    empty, full = (text_area.text_area(np.asarray(one)) for one in (plain, written))
    assert empty == 0
    assert 0.1 < full < 0.6


@needs_detectors
def test_a_ground_without_faces_has_none() -> None:
    assert faces.face_count(np.full((256, 256, 3), 200, np.uint8)) == 0


def test_a_model_that_is_not_the_known_one_is_refused() -> None:
    other = DetectorModel("the detector", "numpy", "__init__.py", "0" * 64, "numpy")
    with pytest.raises(DetectorModelError, match="say: make detectors"):
        other.content()
