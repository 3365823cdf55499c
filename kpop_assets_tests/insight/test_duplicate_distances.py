import io

import numpy as np
from PIL import Image

from kpop_assets.insight.duplicate_distances import DIFFERENT, SAME, duplicate_distances_figure


def drawn(counts: dict[int, int], threshold: int) -> np.ndarray:
    every = np.zeros(65, dtype=np.int64)
    for bits, count in counts.items():
        every[bits] = count
    figure = Image.open(io.BytesIO(duplicate_distances_figure(every, threshold, "covers")))
    assert figure.size == (960, 480)
    return np.asarray(figure.convert("RGB"))[110:]


def area(figure: np.ndarray, colour: str) -> np.ndarray:
    return np.argwhere((figure == tuple(bytes.fromhex(colour[1:]))).all(axis=2))


def test_pairs_up_to_the_threshold_have_a_colour_of_their_own() -> None:
    figure = drawn({0: 20, 8: 20, 10: 20, 30: 2000}, threshold=8)
    assert area(figure, SAME)[:, 1].max() < area(figure, DIFFERENT)[:, 1].min()
    wider = drawn({0: 20, 8: 20, 10: 20, 30: 2000}, threshold=10)
    assert len(area(wider, SAME)) > 1.3 * len(area(figure, SAME))


def test_more_pairs_make_a_higher_bar() -> None:
    figure = drawn({2: 3, 32: 3000}, threshold=8)
    assert area(figure, DIFFERENT)[:, 0].min() < area(figure, SAME)[:, 0].min()


def test_a_catalog_of_one_picture_has_a_figure_without_bars() -> None:
    figure = drawn({}, threshold=8)
    assert len(area(figure, SAME)) == len(area(figure, DIFFERENT)) == 0
