"""Pictures of the store are compared with their hash where they are used."""

import io
from pathlib import Path

import pandas as pd
import pytest

from kpop_assets.defs.covers.square_covers import write_covers
from kpop_assets.defs.previews import picture_previews
from kpop_assets.harvest.pictures import examined
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import StoredPictureError
from kpop_assets.store.stored_pictures import damaged_pictures, opened_picture
from kpop_assets_tests.conftest import Materialize, drawn_cover, metadata

EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nshowpage\n%%EOF"


def jpeg(seed: int) -> bytes:
    buffer = io.BytesIO()
    drawn_cover(seed, (300, 300)).save(buffer, "JPEG")
    return buffer.getvalue()


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


def folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGES = {
    "another picture": lambda path: path.write_bytes(jpeg(9)),
    "an EPS": lambda path: path.write_bytes(EPS),
    "an empty file": lambda path: path.write_bytes(b""),
    "a cut file": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "a folder": folder,
    "nothing": Path.unlink,
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_picture_that_is_not_the_stored_one_is_left_out_everywhere(store: Store, damage) -> None:
    names = [store.add_picture(jpeg(seed)) for seed in range(3)]
    damage(store.picture(names[1]))
    table = pd.DataFrame({"hash": names, "width": 300, "height": 300, "sites": "sample"})
    used = write_covers(store, table, "crop", store.root / "x.parquet", "general")
    assert used.hashes == [names[0], names[2]]
    assert list(used.skipped) == [names[1]]
    shown = dict(examined(store, table, names))
    assert [name for name, one in shown.items() if one.damage] == [names[1]]
    assert [name for name, one in shown.items() if one.reasons is not None] == [names[0], names[2]]
    assert list(damaged_pictures(store, names)) == [names[1]]
    assert picture_previews(store, names, "covers")
    with pytest.raises(StoredPictureError, match="materialize the asset that found it again"):
        opened_picture(store, names[1])


def test_stored_bytes_that_are_no_jpeg_are_not_opened(store: Store) -> None:
    buffer = io.BytesIO()
    drawn_cover(1).save(buffer, "PNG")
    for content in (EPS, buffer.getvalue(), jpeg(1)[:-400]):
        with pytest.raises(StoredPictureError, match="no JPEG that can be decoded"):
            opened_picture(store, store.add_picture(content))


def test_the_catalog_goes_on_and_names_damaged_pictures(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    assert materialize_folder("folder_covers").success
    table = pd.read_parquet(tmp_path / "store/folder_covers.parquet")
    store = Store(tmp_path / "store")
    chart, general = table["hash"].iloc[0], table["hash"].iloc[-1]
    for name in (chart, general):
        store.picture(name).write_bytes(jpeg(9))
    seen = metadata(materialize_folder("cover_catalog"), "cover_catalog")
    assert seen["damaged_pictures"] == 2
    assert seen["damaged_by_hash"] == dict.fromkeys(
        (chart, general), "its content is not the one that was stored"
    )
    assert materialize_folder("folder_covers").success
    seen = metadata(materialize_folder("cover_catalog"), "cover_catalog")
    assert seen["damaged_pictures"] == 0
