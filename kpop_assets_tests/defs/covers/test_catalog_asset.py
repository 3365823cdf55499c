"""The catalog asset on one's own pictures: duplicates, rejected pictures, what it says."""

from pathlib import Path

import pandas as pd
import pytest
from PIL import Image
from pydantic import ValidationError

from kpop_assets.covers.sets import COVER_SETS
from kpop_assets.defs.covers.cover_catalog import CatalogConfig
from kpop_assets_tests.conftest import Materialize, drawn_cover, failure_text, metadata


def add(folder: Path, name: str, picture: Image.Image, artist_type: str = "") -> None:
    picture.save(folder / name)
    with (folder / "covers.csv").open("a") as table:
        table.write(f"\n{name},{artist_type}")


def config(**values: object) -> dict[str, object]:
    return {"ops": {"cover_catalog": {"config": values}}}


def catalog(store: Path) -> pd.DataFrame:
    return pd.read_parquet(store / "cover_catalog.parquet")


def test_a_larger_copy_takes_the_place_of_a_cover_or_stands_beside_it(
    materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    add(covers_folder, "large.png", drawn_cover(0, (600, 600)), "boy")
    result = materialize_folder("folder_covers", "cover_catalog")
    assert result.success
    seen = metadata(result, "cover_catalog")
    sizes = {name: seen[f"covers_{name}"] for name in COVER_SETS}
    assert sizes == {"boy": 6, "girl": 3, "popular": 9, "general": 4}
    assert seen["repeats_of_chart_covers"] == 1
    table = catalog(tmp_path / "store").set_index("width")
    assert list(table.loc[600, "cover_sets"]) == ["boy", "popular"]
    assert materialize_folder("cover_tensors").success
    every = materialize_folder("cover_catalog", run_config=config(training_uses="all"))
    assert metadata(every, "cover_catalog")["covers_boy"] == 7
    assert metadata(materialize_folder("cover_tensors"), "cover_tensors")["covers"] == 7


def test_a_rejected_picture_is_in_no_set_and_a_bad_table_is_named(
    materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    add(covers_folder, "wide.png", drawn_cover(30, (600, 300)))
    result = materialize_folder("folder_covers", "cover_catalog")
    seen = metadata(result, "cover_catalog")
    assert seen["may_be_no_covers_by_reason"] == {"small": 4, "aspect far from square": 1}
    before = catalog(tmp_path / "store").set_index("width")
    assert list(before.loc[600, "cover_sets"]) == ["general"]

    rejected = tmp_path / "rejected.csv"
    rejected.write_text(f"hash,reason\n{before.loc[600, 'hash']},a banner\n")
    chosen = config(rejected_covers=str(rejected))
    seen = metadata(materialize_folder("cover_catalog", run_config=chosen), "cover_catalog")
    assert seen["rejected"] == 1
    assert seen["covers_general"] == 4
    assert "aspect far from square" not in seen["may_be_no_covers_by_reason"]
    after = catalog(tmp_path / "store").set_index("width")
    assert after.loc[600, "rejected"] == "a banner"
    assert list(after.loc[600, "cover_sets"]) == []

    rejected.write_text("hash,reason\nabc,a banner\n")
    text = failure_text(materialize_folder("cover_catalog", run_config=chosen))
    assert "RejectedCoversError" in text
    assert "line 2" in text


def test_the_same_pictures_make_the_same_version_and_a_rejected_one_another(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    def version(**values: object) -> str:
        result = materialize_folder("cover_catalog", run_config=config(**values))
        [event] = result.asset_materializations_for_node("cover_catalog")
        return str(event.tags["dagster/data_version"])

    assert materialize_folder("folder_covers").success
    first = version()
    assert version() == first
    rejected = tmp_path / "rejected.csv"
    rejected.write_text(f"hash,reason\n{catalog(tmp_path / 'store')['hash'][0]},a poster\n")
    assert version(rejected_covers=str(rejected)) != first


def test_the_catalog_shows_its_distances_and_pictures_missing_in_the_store_are_counted(
    materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    add(covers_folder, "wide.png", drawn_cover(30, (600, 300)))
    assert materialize_folder("folder_covers", "cover_catalog").success
    table = catalog(tmp_path / "store").set_index("width")
    (tmp_path / "store" / table.loc[600, "path"]).unlink()
    seen = metadata(materialize_folder("cover_catalog"), "cover_catalog")
    assert seen["not_measured"] == 1
    assert str(seen["distances_of_pairs"]).startswith("![distances of 14 covers](data:image/png")
    assert seen["share_of_girl_covers"] == 0.333
    assert "reissues" not in seen


def test_another_word_for_what_training_uses_is_refused() -> None:
    with pytest.raises(ValidationError, match="Input should be 'one' or 'all'"):
        CatalogConfig(training_uses="two")


def test_plain_covers_of_other_colours_keep_their_places_and_a_copy_has_none(
    materialize_folder: Materialize, covers_folder: Path
) -> None:
    for number, colour in enumerate(["#b01010", "#10b010", "#1010b0", "#808080"]):
        kind = "boy" if number % 2 else "girl"
        add(covers_folder, f"plain{number}.png", Image.new("RGB", (300, 300), colour), kind)
    copy = Image.new("RGB", (200, 200), "#808080")
    copy.save(covers_folder / "again.jpg", quality=60)
    with (covers_folder / "covers.csv").open("a") as table:
        table.write("\nagain.jpg,boy")
    seen = metadata(materialize_folder("folder_covers", "cover_catalog"), "cover_catalog")
    sizes = {name: seen[f"covers_{name}"] for name in COVER_SETS}
    assert sizes == {"boy": 8, "girl": 5, "popular": 13, "general": 4}
    assert seen["repeats"] == 1
