"""The lineage from one's own pictures: good ones and bad ones."""

import io
import json
import shutil
from pathlib import Path

import dagster as dg
import numpy as np
import pandas as pd
import pytest
from PIL import Image

from kpop_assets_tests.conftest import TINY_TRAINING, Materialize, drawn_cover


def failure_text(result: dg.ExecuteInProcessResult) -> str:
    assert not result.success
    failed = [event for event in result.all_events if event.is_step_failure]
    error = failed[0].step_failure_data.error
    assert error is not None
    return (error.cause or error).to_string()


def metadata(result: dg.ExecuteInProcessResult, asset: str) -> dict[str, object]:
    [event] = result.asset_materializations_for_node(asset)
    return {name: value.value for name, value in event.metadata.items()}


def test_own_pictures_become_a_film_and_samples(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    result = materialize_folder()
    assert result.success
    store = tmp_path / "store"
    generator = json.loads((store / "cover_generator/boy/generator.json").read_text())
    assert generator["sites"] == "folder"
    assert generator["losses"]["step"] == [1, 2, 3, 4]
    assert generator["config"]["batch_size"] == 4
    film = Image.open(store / "training_gif/boy/training.gif")
    assert film.n_frames == 3
    assert Image.open(store / "training_gif/boy/losses.png").size == (1200, 600)
    covers = sorted((store / "sample_covers/boy").glob("*.jpg"))
    assert len(covers) == 64
    assert Image.open(covers[0]).size == (32, 32)
    assert b"generated" in Image.open(covers[0]).info["comment"]
    assert not (store / "checkpoints/boy").exists()


def test_progress_is_told_while_it_trains(
    materialize_folder: Materialize, instance: dg.DagsterInstance
) -> None:
    result = materialize_folder()
    records = instance.fetch_observations(dg.AssetKey("cover_generator"), limit=10).records
    observed = [record.asset_observation for record in records if record.asset_observation]
    assert [entry.metadata["step"].value for entry in reversed(observed)] == [3]
    preview = str(observed[0].metadata["preview"].value)
    assert preview.startswith("![step 3](data:image/webp")
    assert len(preview) < 1000
    assert observed[0].partition == "boy"
    messages = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert any(
        "step 3 of 4: losses discriminator real" in line and "steps/s" in line and "s left" in line
        for line in messages
    )


def test_pictures_shown_inline_are_short_enough(materialize_folder: Materialize) -> None:
    result = materialize_folder()
    for asset in ("folder_covers", "cover_catalog", "cover_tensors", "cover_generator"):
        assert len(str(metadata(result, asset)["preview"])) < 1000
    assert "image/webp" in str(metadata(result, "training_gif")["film"])


def test_the_same_seed_gives_the_same_samples(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    materialize_folder()
    sheet = tmp_path / "store/sample_covers/boy/sheet.png"
    first = sheet.read_bytes()
    assert materialize_folder("sample_covers").success
    assert sheet.read_bytes() == first


def test_a_set_smaller_than_the_batch_trains_and_says_so(
    materialize_folder: Materialize, instance: dg.DagsterInstance
) -> None:
    result = materialize_folder(cover_set="girl")
    assert result.success
    messages = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert any("3 covers are fewer than a batch of 4" in line for line in messages)


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


@pytest.mark.parametrize("size", [48, 16, 1024])
def test_a_size_that_cannot_be_trained_is_refused(
    materialize_folder: Materialize, tmp_path: Path, size: int
) -> None:
    config = {"ops": {"cover_generator": {"config": {"image_size": size}}}}
    text = failure_text(materialize_folder("cover_generator", run_config=config))
    assert f"expected a power of two from 32 to 512 pixels, got {size}" in text
    assert not (tmp_path / "store").exists()


def test_an_unknown_cover_set_is_refused(materialize_folder: Materialize) -> None:
    with pytest.raises(dg.DagsterUnknownPartitionError, match="duo"):
        materialize_folder(cover_set="duo")


def test_a_missing_upstream_is_named_with_what_to_materialize(
    materialize_folder: Materialize,
) -> None:
    assert "materialize cover_tensors first" in failure_text(materialize_folder("cover_generator"))
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


def test_a_failed_training_leaves_the_previous_generator(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    assert materialize_folder().success
    model = tmp_path / "store/cover_generator/boy/generator.keras"
    before = model.read_bytes()
    shutil.rmtree(tmp_path / "store/cover_tensors")
    assert not materialize_folder("cover_generator").success
    assert model.read_bytes() == before


def test_training_goes_on_from_a_checkpoint_of_the_same_config_and_covers(
    materialize_folder: Materialize, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    whole = materialize_folder()
    expected = (tmp_path / "store/cover_generator/boy/generator.json").read_text()
    frames = sorted((tmp_path / "store/cover_generator/boy/frames").iterdir())
    contents = [frame.read_bytes() for frame in frames]
    assert whole.success

    class Interrupted(Exception):
        pass

    from kpop_assets.assets import training_progress

    report = training_progress.TrainingProgress._on_step

    def stop_at_three(self: training_progress.TrainingProgress, step_report: object) -> None:
        report(self, step_report)  # type: ignore[arg-type]
        if step_report.step == 3:  # type: ignore[attr-defined]
            raise Interrupted

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training_progress.TrainingProgress, "_on_step", stop_at_three)
        assert "Interrupted" in failure_text(materialize_folder("cover_generator"))
    resumed = materialize_folder("cover_generator")
    assert metadata(resumed, "cover_generator")["resumed_from_step"] == 2
    messages = [entry.user_message for entry in instance.all_logs(resumed.run_id)]
    assert any("going on from step 2" in line for line in messages)
    record = json.loads((tmp_path / "store/cover_generator/boy/generator.json").read_text())
    assert record["losses"] == json.loads(expected)["losses"]
    frames = sorted((tmp_path / "store/cover_generator/boy/frames").iterdir())
    assert [frame.read_bytes() for frame in frames] == contents


def test_frames_after_the_checkpoint_of_a_shortened_training_are_dropped(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    assert materialize_folder("folder_covers", "cover_catalog").success
    assert materialize_folder("cover_tensors").success
    longer = TINY_TRAINING.model_copy(update={"steps": 8, "checkpoint_every": 4})

    from kpop_assets.gan.checkpoint import Checkpoint, write_checkpoint

    def write_first_checkpoint_only(folder: Path, checkpoint: Checkpoint) -> None:
        if checkpoint.step > 4:
            raise OSError("killed")
        write_checkpoint(folder, checkpoint)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kpop_assets.gan.training.write_checkpoint", write_first_checkpoint_only)
        assert not materialize_folder("cover_generator", training=longer).success
    frames = tmp_path / "store/checkpoints/boy/frames"
    assert (frames / "000008.png").exists()
    shorter = longer.model_copy(update={"steps": 6})
    assert materialize_folder("cover_generator", training=shorter).success
    kept = sorted(path.stem for path in (tmp_path / "store/cover_generator/boy/frames").iterdir())
    assert kept == ["000000", "000002", "000004", "000006"]


def test_a_generator_lost_between_two_renames_is_found_again(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    assert materialize_folder().success
    folder = tmp_path / "store/cover_generator/boy"
    folder.rename(folder.with_name(".boy.old"))
    assert materialize_folder("sample_covers").success
    assert folder.exists()


def test_another_config_trains_anew(materialize_folder: Materialize) -> None:
    assert materialize_folder().success
    other = TINY_TRAINING.model_copy(update={"seed": 5})
    result = materialize_folder("cover_generator", training=other)
    assert metadata(result, "cover_generator")["resumed_from_step"] == 0


def test_the_data_version_of_a_generator_follows_its_weights_and_its_config(
    materialize_folder: Materialize,
) -> None:
    def version(result: dg.ExecuteInProcessResult) -> str:
        [event] = result.asset_materializations_for_node("cover_generator")
        assert event.tags
        return event.tags["dagster/data_version"]

    first = version(materialize_folder())
    assert version(materialize_folder("cover_generator")) == first
    other_frames = TINY_TRAINING.model_copy(update={"frame_every": 1})
    assert version(materialize_folder("cover_generator", training=other_frames)) != first
