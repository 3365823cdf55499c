"""Catalog rows written as square covers."""

import io
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from PIL import Image

from kpop_assets.covers.square import Squaring
from kpop_assets.covers.tensors import read_cover_tensors, read_resized
from kpop_assets.defs.covers.square_covers import WrittenCovers, write_covers
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.conftest import drawn_cover


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def written(store: Store, pictures: list[Image.Image], path: Path, size: int) -> WrittenCovers:
    names = []
    for picture in pictures:
        buffer = io.BytesIO()
        picture.save(buffer, "JPEG")
        names.append(store.add_picture(buffer.getvalue()))
    table = pd.DataFrame({"hash": names, "width": 300, "height": 200, "sites": "sample"})
    return write_covers(store, table, Squaring.crop, path, "general", size=size)


def covers_at_64(path: Path) -> NDArray[np.uint8]:
    with path.open("rb") as file:
        return read_resized(file, 64)


def test_small_squares_are_what_a_training_makes_of_large_ones(store: Store) -> None:
    pictures = [drawn_cover(seed, (300, 200)) for seed in range(3)]
    small, large = store.root / "small.parquet", store.root / "large.parquet"
    written(store, pictures, small, 64)
    written(store, pictures, large, 512)
    assert (covers_at_64(small) == covers_at_64(large)).all()
    with small.open("rb") as file:
        assert next(read_cover_tensors(file)).pixels.shape == (3, 64, 64, 3)


def test_covers_of_one_colour_are_told(store: Store) -> None:
    plain, striped = Image.new("RGB", (300, 200), "#204060"), Image.new("RGB", (300, 200), "white")
    striped.paste("#e0e0f0", (140, 0, 160, 200))
    covers = written(store, [drawn_cover(0, (300, 200)), plain, striped], store.root / "x", 512)
    assert covers.plain == [covers.hashes[1]]
