"""Cover tensors as an asset: which covers they hold, in which order."""

from pathlib import Path

import dagster as dg
import numpy as np
import pandas as pd

from kpop_assets.covers.curating.catalog import covers_of_set
from kpop_assets.covers.decode import decoded_cover
from kpop_assets.covers.square import squared
from kpop_assets.covers.tensors import read_cover_tensors
from kpop_assets.store.artifacts import Store
from kpop_assets_tests.conftest import Materialize, drawn_cover, metadata


def test_tensors_hold_the_readable_covers_of_the_set_in_its_order(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    assert materialize_folder("folder_covers", "cover_catalog").success
    store = Store(tmp_path / "store")
    names = covers_of_set(pd.read_parquet(store.table("cover_catalog")), "boy")["hash"].tolist()
    damaged = names.pop(1)
    store.picture(damaged).write_bytes(b"no picture")

    result = materialize_folder("cover_tensors")

    with (store.folder("cover_tensors", "boy") / "covers.parquet").open("rb") as file:
        batches = list(read_cover_tensors(file))
    assert [name for batch in batches for name in batch.hashes] == names
    for name, pixels in zip(names, np.concatenate([b.pixels for b in batches]), strict=True):
        picture = decoded_cover(store.picture(name).read_bytes())
        np.testing.assert_array_equal(pixels, np.asarray(squared(picture, 512)))
    assert list(metadata(result, "cover_tensors")["skipped_pictures"]) == [damaged]


def test_a_check_of_the_tensors_has_a_result_for_each_set(
    materialize_folder: Materialize, covers_folder: Path, instance: dg.DagsterInstance
) -> None:
    with (covers_folder / "covers.csv").open("a") as table:
        for seed in range(20, 26):
            drawn_cover(seed).save(covers_folder / f"{seed}.png")
            table.write(f"\n{seed}.png,boy")
    assert materialize_folder("folder_covers", "cover_catalog").success
    for cover_set in ("boy", "girl"):
        assert materialize_folder("cover_tensors", cover_set=cover_set).success
    key = dg.AssetCheckKey(dg.AssetKey("cover_tensors"), "covers_are_enough")
    passed = {
        each.partition_key: each.latest_execution_status.value
        for each in instance.event_log_storage.get_asset_check_partition_info([key])
        if each.latest_execution_status
    }
    assert passed == {"boy": "SUCCEEDED", "girl": "FAILED"}
