"""The generator that draws in the gallery page."""

from pathlib import Path

import numpy as np

import kpop_assets
from kpop_assets.defs.insight.page.drawing_section import drawing_generator
from kpop_assets.models.live.live_generator import cover_input
from kpop_assets.models.sampling import covers_of_noise
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.untrained import publish_untrained_conditional


def test_the_page_tells_it_what_a_cover_is_to_be_as_python_does(tmp_path: Path) -> None:
    publish_untrained_conditional(tmp_path)
    left_out: list[str] = []
    live = drawing_generator(Store(tmp_path), left_out)
    assert live is not None
    assert left_out == []
    assert (live.steps, live.full_steps) == (200, 750)
    assert [field.name for field in live.fields] == ["set", "year"]
    python = kpop_assets.load_conditional(store=tmp_path)
    [drawn] = python.draw(1, seed=7, set="girl", year=2014.5)
    told = cover_input(live.noise_size, live.fields, 7, ["girl", 2014.5])
    page = covers_of_noise(python.model, told[np.newaxis])[0]
    assert np.abs(page.astype(int) - drawn.pixels).max() <= 1


def test_one_that_is_hardly_trained_does_not_draw_and_that_is_said(tmp_path: Path) -> None:
    publish_untrained_conditional(tmp_path, steps=20)
    left_out: list[str] = []
    assert drawing_generator(Store(tmp_path), left_out) is None
    assert left_out == [
        "drawing by yourself: trained for 20 steps, 100 are the fewest that show something"
    ]


def test_without_one_the_page_has_no_such_part(tmp_path: Path) -> None:
    left_out: list[str] = []
    assert drawing_generator(Store(tmp_path), left_out) is None
    assert left_out == []
