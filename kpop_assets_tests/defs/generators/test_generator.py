"""The training of a cover set as an asset: its progress, its results and what interrupts it."""

import errno
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from unittest.mock import Mock

import dagster as dg
import pytest

from kpop_assets.store.files import is_lock
from kpop_assets_tests.conftest import (
    TINY_TRAINING,
    Materialize,
    failure_text,
    metadata,
    trained,
)


@pytest.mark.usefixtures("store_with_tensors")
def test_progress_is_told_while_it_trains(
    materialize_folder: Materialize, instance: dg.DagsterInstance
) -> None:
    result = materialize_folder("cover_generator")
    records = instance.fetch_observations(dg.AssetKey("cover_generator"), limit=10).records
    observed = [record.asset_observation for record in records if record.asset_observation]
    assert [entry.metadata["step"].value for entry in reversed(observed)] == [2, 4]
    preview = str(observed[0].metadata["preview"].value)
    assert preview.startswith("![step 4](data:image/webp")
    assert len(preview) < 1000
    assert observed[0].partition == "boy"
    messages = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert any(
        "step 3 of 4: losses discriminator real" in line and "steps/s" in line and "s left" in line
        for line in messages
    )


@pytest.mark.usefixtures("store_with_tensors")
def test_a_set_smaller_than_the_batch_trains_and_says_so(
    materialize_folder: Materialize, instance: dg.DagsterInstance
) -> None:
    result = materialize_folder("cover_generator", cover_set="girl")
    assert result.success
    messages = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert any("3 covers are fewer than a batch of 4" in line for line in messages)


@pytest.mark.parametrize("size", [48, 16, 1024])
def test_a_size_that_cannot_be_trained_is_refused(
    materialize_folder: Materialize, tmp_path: Path, size: int
) -> None:
    config = {"ops": {"cover_generator": {"config": {"image_size": size}}}}
    text = failure_text(materialize_folder("cover_generator", run_config=config))
    assert f"expected a power of two from 32 to 512 pixels, got {size}" in text
    assert not (tmp_path / "store").exists()


def contents_of(folder: Path) -> dict[Path, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file() and not is_lock(path.name))
    return {path: path.read_bytes() for path in files}


@pytest.mark.usefixtures("store_with_samples")
def test_a_generator_that_cannot_be_published_leaves_the_previous_one(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    folder = tmp_path / "store/cover_generator/boy"
    [name] = [path.name for path in folder.iterdir() if path.is_dir()]
    before = contents_of(folder)
    other = TINY_TRAINING.model_copy(update={"seed": 5})
    with pytest.MonkeyPatch.context() as patch:
        full_disk = OSError(errno.ENOSPC, "No space left on device")
        patch.setattr("os.rename", Mock(side_effect=full_disk))
        text = failure_text(materialize_folder("cover_generator", training=other))
    assert "StoreWriteError" in text
    assert contents_of(folder) == before
    assert {path.name for path in folder.glob("[!.]*")} == {name, "current.json"}


@pytest.mark.usefixtures("store_with_samples")
def test_training_goes_on_from_a_checkpoint_of_the_same_config_and_covers(
    materialize_folder: Materialize, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    expected = (trained(tmp_path / "store") / "generator.json").read_text()
    frames = sorted((trained(tmp_path / "store") / "frames").iterdir())
    contents = [frame.read_bytes() for frame in frames]

    class Interrupted(Exception):
        pass

    from kpop_assets.defs.training import training_progress

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
    record = json.loads((trained(tmp_path / "store") / "generator.json").read_text())
    assert record["losses"] == json.loads(expected)["losses"]
    frames = sorted((trained(tmp_path / "store") / "frames").iterdir())
    assert [frame.read_bytes() for frame in frames] == contents


@pytest.mark.usefixtures("store_with_tensors")
def test_a_run_cancelled_while_its_last_checkpoint_is_written_does_not_go_on(
    materialize_folder: Materialize, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = TINY_TRAINING.for_cover_set("boy").short_name()
    last = tmp_path / f"store/checkpoints/boy/{name}/checkpoint-{TINY_TRAINING.steps}.npz"

    @contextmanager
    def cancelled_at_the_end() -> Iterator[Callable[[], bool]]:
        yield last.exists

    with monkeypatch.context() as patch:
        patch.setattr("kpop_assets.defs.generators.training_run.cancellation", cancelled_at_the_end)
        assert not materialize_folder("cover_generator").success
    assert not (tmp_path / "store/cover_generator/boy").exists()
    again = materialize_folder("cover_generator")
    assert metadata(again, "cover_generator")["resumed_from_step"] == TINY_TRAINING.steps


@pytest.mark.usefixtures("store_with_tensors")
def test_frames_after_the_checkpoint_of_a_shortened_training_are_dropped(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    longer = TINY_TRAINING.model_copy(update={"steps": 8, "checkpoint_every": 4})

    from kpop_assets.training.checkpoint import Checkpoint, write_checkpoint

    def write_first_checkpoint_only(folder: Path, checkpoint: Checkpoint) -> None:
        if checkpoint.step > 4:
            raise OSError("killed")
        write_checkpoint(folder, checkpoint)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kpop_assets.training.run.write_checkpoint", write_first_checkpoint_only)
        assert not materialize_folder("cover_generator", training=longer).success
    [frames] = tmp_path.glob("store/checkpoints/boy/*/frames")
    assert (frames / "000008.png").exists()
    (frames / ".000008.png.0badc0de.tmp").touch()
    shorter = longer.model_copy(update={"steps": 6})
    assert materialize_folder("cover_generator", training=shorter).success
    kept = sorted(path.name for path in (trained(tmp_path / "store") / "frames").iterdir())
    assert kept == ["000000.png", "000002.png", "000004.png", "000006.png"]


@pytest.mark.usefixtures("store_with_tensors")
def test_a_trial_with_other_settings_leaves_an_unfinished_training_alone(
    materialize_folder: Materialize, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unfinished = TINY_TRAINING.model_copy(update={"seed": 1})
    with monkeypatch.context() as patch:
        patch.setattr(
            "kpop_assets.defs.generators.training_run.cancellation",
            lambda: nullcontext(lambda: True),
        )
        assert not materialize_folder("cover_generator", training=unfinished).success
    [folder] = (tmp_path / "store/checkpoints/boy").iterdir()
    assert folder.name.startswith("original-32px-")
    assert materialize_folder("cover_generator").success
    assert list((tmp_path / "store/checkpoints/boy").iterdir()) == [folder]
    resumed = materialize_folder("cover_generator", training=unfinished)
    assert metadata(resumed, "cover_generator")["resumed_from_step"] > 0
    assert not folder.parent.exists()


@pytest.mark.usefixtures("store_with_tensors")
def test_of_unfinished_trainings_the_latest_are_kept(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    beside = tmp_path / "store/checkpoints/boy"
    for age, name in enumerate(["newer", "older"]):
        (beside / name).mkdir(parents=True)
        os.utime(beside / name, (1e9 - age, 1e9 - age))
    keep_one = TINY_TRAINING.model_copy(update={"unfinished_kept": 1})
    assert materialize_folder("cover_generator", training=keep_one).success
    assert [path.name for path in beside.iterdir()] == ["newer"]


@pytest.mark.usefixtures("store_with_tensors")
def test_the_data_version_of_a_generator_follows_its_weights_and_its_config(
    materialize_folder: Materialize,
) -> None:
    def version(result: dg.ExecuteInProcessResult) -> str:
        [event] = result.asset_materializations_for_node("cover_generator")
        assert event.tags
        return event.tags["dagster/data_version"]

    first = version(materialize_folder("cover_generator"))
    assert version(materialize_folder("cover_generator")) == first
    other_frames = TINY_TRAINING.model_copy(update={"frame_every": 1})
    assert version(materialize_folder("cover_generator", training=other_frames)) != first


@pytest.mark.usefixtures("store_with_tensors")
def test_the_best_generator_is_published_with_the_curve_of_its_evaluations(
    materialize_folder: Materialize, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    judged = TINY_TRAINING.model_copy(update={"evaluate_every": 2, "evaluation_samples": 8})
    result = materialize_folder("cover_generator", training=judged)
    told = metadata(result, "cover_generator")
    record = json.loads((trained(tmp_path / "store") / "generator.json").read_text())
    scores = dict(zip(record["evaluations"]["step"], record["evaluations"]["score"], strict=True))
    assert list(scores) == [2, 4]
    assert told["best_step"] == record["provenance"]["best_step"] == min(scores, key=scores.get)  # type: ignore[arg-type]
    assert told["best_score"] == pytest.approx(min(scores.values()), abs=1e-3)
    header, _, first, _second = str(told["evaluations"]).splitlines()
    assert header.startswith("| step | score | kid | coverage | used | copies |")
    assert first.startswith("| 2 |")
    messages = [entry.user_message for entry in instance.all_logs(result.run_id)]
    assert any("evaluation at step 2: score" in line for line in messages)
    assert list((tmp_path / "store/tensorboard/boy").glob("events.out.tfevents.*"))


@pytest.mark.slow
@pytest.mark.usefixtures("store_with_tensors")
def test_a_set_larger_than_the_limit_is_streamed_to_the_same_generator(
    materialize_folder: Materialize, tmp_path: Path
) -> None:
    large = TINY_TRAINING.model_copy(update={"image_size": 512, "batch_size": 1, "steps": 2})

    def weights(limit_mb: int) -> str:
        training = large.model_copy(update={"covers_in_memory_mb": limit_mb})
        assert materialize_folder("cover_generator", training=training).success
        record = json.loads((trained(tmp_path / "store") / "generator.json").read_text())
        return str(record["provenance"]["weights_hash"])

    assert weights(1) == weights(1000)
