"""The lineage from one's own pictures: good ones and bad ones."""

import io
import json
import os
from pathlib import Path

import dagster as dg
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from kpop_assets_tests.conftest import (
    Materialize,
    drawn_cover,
    failure_text,
    materializing,
    metadata,
    trained,
    write_covers,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[dg.ExecuteInProcessResult, Path]:
    """A run of all of the lineage, and its store."""
    folder = tmp_path_factory.mktemp("made")
    covers = write_covers(folder / "covers")
    with dg.DagsterInstance.ephemeral() as instance:
        result = materializing(covers, folder / "store", instance)()
    assert result.success
    return result, folder / "store"


def test_own_pictures_become_a_film_and_samples(
    made: tuple[dg.ExecuteInProcessResult, Path],
) -> None:
    _, store = made
    generator = json.loads((trained(store) / "generator.json").read_text())
    assert generator["sites"] == "folder"
    assert generator["losses"]["step"] == [1, 2, 3, 4]
    assert generator["config"]["batch_size"] == 4
    film = Image.open(store / "training_gif/boy/training.gif")
    assert film.n_frames == 3
    assert min(film.size) >= 512
    assert (store / "training_gif/boy/training.mp4").read_bytes()[4:8] == b"ftyp"
    assert Image.open(store / "training_gif/boy/losses.png").size == (960, 480)
    covers = sorted((store / "sample_covers/boy").glob("*.jpg"))
    assert len(covers) == 64
    assert Image.open(covers[0]).size == (32, 32)
    assert b"generated" in Image.open(covers[0]).info["comment"]
    assert not (store / "checkpoints/boy").exists()


def test_pictures_shown_inline_are_short_enough(
    made: tuple[dg.ExecuteInProcessResult, Path],
) -> None:
    result, _ = made
    for asset in ("folder_covers", "cover_catalog", "cover_tensors", "cover_generator"):
        assert len(str(metadata(result, asset)["preview"])) < 1000
    assert "image/webp" in str(metadata(result, "training_gif")["film"])


def test_the_same_seed_gives_the_same_samples(
    materialize_folder: Materialize, store_with_samples: Path
) -> None:
    sheet = store_with_samples / "sample_covers/boy/sheet.png"
    first = sheet.read_bytes()
    sheet.unlink()
    assert materialize_folder("sample_covers").success
    assert sheet.read_bytes() == first


def test_an_empty_cover_set_is_named_and_leaves_nothing(
    materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    table = covers_folder / "covers.csv"
    table.write_text(table.read_text().replace("girl", "boy"))
    text = failure_text(materialize_folder(cover_set="girl"))
    assert "EmptyCoverSetError" in text
    assert "at least one cover in the set 'girl'" in text
    assert not (tmp_path / "store/cover_tensors").exists()


def bad_pictures() -> dict[str, bytes]:
    buffer = io.BytesIO()
    drawn_cover(20, (400, 400)).save(buffer, "JPEG")
    return {
        "text.jpg": b"this is a text file",
        "empty.png": b"",
        "torn.jpg": buffer.getvalue()[:3000],
    }


def odd_pictures(folder: Path) -> list[str]:
    """Write pictures of unusual kinds that must be read; return their names."""
    drawn_cover(21).convert("CMYK").save(folder / "cmyk.jpg")
    grey = np.asarray(drawn_cover(22).convert("L"), dtype=np.uint16) * 257
    Image.fromarray(grey).save(folder / "sixteen_bit.png")
    drawn_cover(23).quantize(16).save(folder / "palette.png")
    exif = Image.Exif()
    exif[0x0112] = 6
    drawn_cover(24).save(folder / "rotated.jpg", exif=exif)
    drawn_cover(25).save(
        folder / "animated.gif", save_all=True, append_images=[drawn_cover(26), drawn_cover(27)]
    )
    return ["cmyk.jpg", "sixteen_bit.png", "palette.png", "rotated.jpg", "animated.gif"]


def test_bad_pictures_are_skipped_and_counted_and_odd_ones_are_read(
    materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    bad = bad_pictures()
    for name, content in bad.items():
        (covers_folder / name).write_bytes(content)
    odd = odd_pictures(covers_folder)
    with (covers_folder / "covers.csv").open("a") as table:
        table.writelines(f"\n{name},boy" for name in [*bad, "missing.jpg", *odd])
    result = materialize_folder("folder_covers", "cover_catalog", "cover_tensors")
    assert result.success
    seen = metadata(result, "folder_covers")
    assert seen["skipped"] == 4
    reasons = seen["skipped_files"]
    assert isinstance(reasons, dict)
    assert set(reasons) == {*bad, "missing.jpg"}
    assert "this is " in reasons["text.jpg"]
    assert "No such file" in reasons["missing.jpg"]
    kept = pd.read_parquet(tmp_path / "store/folder_covers.parquet")
    assert set(odd) <= set(kept["file"])
    assert metadata(result, "cover_tensors")["covers"] == 6 + len(odd)


def test_how_the_table_was_read_is_in_the_metadata(
    materialize_folder: Materialize, covers_folder: Path
) -> None:
    table = covers_folder / "covers.csv"
    lines = table.read_text().replace("artist_type", "Artist Type,note").replace(",", ";")
    table.write_text(lines, encoding="utf-16")
    os.mkfifo(covers_folder / "pipe.jpg")
    with table.open("ab") as file:
        file.write("\npipe.jpg;boy;\n".encode("utf-16-le"))
    result = materialize_folder("folder_covers")
    seen = metadata(result, "folder_covers")
    assert seen["covers_csv"] == "UTF-16-LE, separated by semicolons"
    assert any("the columns note are not known" in note for note in seen["covers_csv_notes"])
    assert seen["artist_types"] == {"boy": 6, "girl": 3, "none": 4}
    assert "a named pipe" in seen["skipped_files"]["pipe.jpg"]


def test_a_folder_of_bad_pictures_only_is_refused(
    materialize_folder: Materialize, covers_folder: Path, tmp_path: Path
) -> None:
    for picture in covers_folder.glob("*.png"):
        picture.write_text("no picture")
    text = failure_text(materialize_folder("folder_covers"))
    assert "CoversFolderError" in text
    assert "none of the 13 listed" in text
    assert not (tmp_path / "store/folder_covers.parquet").exists()


def test_a_picture_that_vanished_from_the_store_is_skipped(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    assert materialize_folder("folder_covers", "cover_catalog").success
    catalog = pd.read_parquet(tmp_path / "store/cover_catalog.parquet")
    (tmp_path / "store" / catalog["path"][0]).unlink()
    result = materialize_folder("cover_tensors")
    assert metadata(result, "cover_tensors")["covers"] == 5
    assert metadata(result, "cover_tensors")["skipped"] == 1
    assert materialize_folder("cover_catalog").success


def test_a_picture_damaged_in_the_store_is_mended_when_its_source_is_materialized_again(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    assert materialize_folder("folder_covers", "cover_catalog").success
    picture = tmp_path / "store" / pd.read_parquet(tmp_path / "store/cover_catalog.parquet").path[0]
    intact = picture.read_bytes()
    picture.write_bytes(b"")
    assert materialize_folder("cover_catalog").success
    assert materialize_folder("folder_covers").success
    assert picture.read_bytes() == intact


def test_a_missing_upstream_is_named_with_what_to_materialize(
    materialize_folder: Materialize,
) -> None:
    assert "materialize cover_tensors [boy] first" in failure_text(
        materialize_folder("cover_generator")
    )
    assert "materialize cover_generator [boy] first" in failure_text(
        materialize_folder("training_gif")
    )
    assert "materialize folder_covers first" in failure_text(materialize_folder("cover_catalog"))


def test_a_store_that_cannot_be_written_is_named(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    (tmp_path / "store").write_text("a file where a folder should be")
    text = failure_text(materialize_folder("folder_covers"))
    assert "StoreWriteError" in text
    assert "set KPOP_STORE to another folder" in text


def test_a_torn_file_between_two_assets_is_named_with_what_to_materialize(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    assert materialize_folder("folder_covers", "cover_catalog", "cover_tensors").success
    for asset, file in {
        "folder_covers": tmp_path / "store/folder_covers.parquet",
        "cover_tensors": tmp_path / "store/cover_tensors/boy/covers.parquet",
    }.items():
        content = file.read_bytes()
        file.write_bytes(b"PAR1" + bytes(len(content) // 2) + content[4 + len(content) // 2 :])
        reader = {"folder_covers": "cover_catalog", "cover_tensors": "cover_generator"}[asset]
        assert f"materialize {asset} again" in failure_text(materialize_folder(reader))
