"""The network of songs: trained once, resumed when killed, read back as it was written."""

import hashlib
import shutil
import threading
from contextlib import nullcontext
from pathlib import Path

import dagster as dg
import imageio.v3 as imageio
import pytest

from kpop_assets.defs.songs.song_training import song_checkpoints
from kpop_assets.models.songs.published import (
    same_song_training,
    song_model_record,
    trained_song_network,
)
from kpop_assets.models.training_record import weights_hash
from kpop_assets.store.artifacts import Store
from kpop_assets.store.errors import DamagedArtifactError
from kpop_assets.store.sole_use import sole_use
from kpop_assets.verify import verified
from kpop_assets_tests.conftest import metadata
from kpop_assets_tests.defs.songs.conftest import TINY_MODEL, UPSTREAM, materializing_songs

CANCELLATION = "kpop_assets.defs.songs.song_training.cancellation"


def messages(instance: dg.DagsterInstance, result: dg.ExecuteInProcessResult) -> list[str]:
    return [entry.user_message for entry in instance.all_logs(result.run_id)]


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_the_record_says_what_the_network_was_made_from_and_how_it_learned(store: Path) -> None:
    record = song_model_record(Store(store))
    assert record["sites"] == "folder"
    assert record["config"]["recipe"] == "lstm"
    assert record["config"]["steps"] == 4
    assert record["provenance"]["songs"] == 4
    assert record["losses"]["step"] == [1, 2, 3, 4]
    assert record["evaluations"]["step"] == [2, 4]
    assert record["provenance"]["best_step"] in (2, 4)
    assert record["to_beat"]
    assert 1 < record["to_beat"] < 40
    frames = [f"frames/{step:06d}.png" for step in (0, 2, 4)]
    assert sorted(record["files"]) == [*frames, "network.npz", "training.mp4"]
    film = imageio.imread(store / "song_model/all/training.mp4", plugin="FFMPEG")
    assert film.shape[1:] == (352, 1024, 3)


def test_the_network_is_read_back_as_it_was_written_and_damage_is_named(store: Path) -> None:
    network = trained_song_network(Store(store))
    assert weights_hash(network) == song_model_record(Store(store))["provenance"]["weights_hash"]
    assert not verified(Store(store)).damaged
    path = store / "song_model/all/network.npz"
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(DamagedArtifactError, match="materialize song_model again"):
        trained_song_network(Store(store))
    assert [how for _, how in verified(Store(store)).damaged.values()] == [
        "materialize song_model again"
    ]


def test_the_same_config_and_songs_train_once(
    materialize, store: Path, instance: dg.DagsterInstance
) -> None:
    before = digests(store / "song_model/all")
    result = materialize("song_model")
    assert result.success
    assert "unchanged_since" in metadata(result, "song_model")
    assert not any("step 1" in line for line in messages(instance, result))
    assert digests(store / "song_model/all") == before
    assert not song_checkpoints(Store(store)).exists()


def test_another_config_trains_anew(materialize) -> None:
    other = materialize("song_model", song_model={**TINY_MODEL, "seed": 1})
    told = metadata(other, "song_model")
    assert "unchanged_since" not in told
    assert told["best_step"] in (2, 4)
    assert str(told["preview"]).startswith("![")
    assert len(str(told["preview"])) < 1000


def test_a_damaged_network_counts_as_none(store: Path) -> None:
    fingerprint = song_model_record(Store(store))["fingerprint"]
    warnings: list[str] = []
    assert same_song_training(Store(store), fingerprint, warnings.append) is not None
    (store / "song_model/all/network.npz").write_bytes(b"junk")
    assert not warnings
    assert same_song_training(Store(store), fingerprint, warnings.append) is None
    assert "counts as none" in warnings[0]


def test_a_cancelled_training_is_left_alone_by_others_goes_on_and_ends_alike(
    materialize, store: Path, monkeypatch: pytest.MonkeyPatch, instance: dg.DagsterInstance
) -> None:
    before = digests(store / "song_model/all")
    shutil.rmtree(store / "song_model")
    checkpoints = song_checkpoints(Store(store))
    with monkeypatch.context() as patch:
        patch.setattr(CANCELLATION, lambda: nullcontext(lambda: True))
        cancelled = materialize("song_model")
    assert not cancelled.success
    assert any("run the same again to resume" in line for line in messages(instance, cancelled))
    assert not (store / "song_model/all").exists()
    [unfinished] = checkpoints.iterdir()
    assert materialize("song_model", song_model={**TINY_MODEL, "seed": 3}).success
    assert list(checkpoints.iterdir()) == [unfinished]
    resumed = materialize("song_model", song_model={**TINY_MODEL, "log_every": 2})
    assert metadata(resumed, "song_model")["resumed_from_step"] == 1
    after = digests(store / "song_model/all")
    assert {name for name in after if after[name] != before[name]} == {"song_model.json"}
    assert not checkpoints.exists()


def test_a_run_waits_for_another_that_trains_and_takes_what_it_made(
    materialize, store: Path, instance: dg.DagsterInstance
) -> None:
    held = sole_use(Store(store).lock("song_model"), "the test")
    held.__enter__()
    timer = threading.Timer(0.5, held.__exit__, (None, None, None))
    timer.start()
    result = materialize("song_model")
    timer.join()
    assert result.success
    assert "unchanged_since" in metadata(result, "song_model")
    assert sum("another run makes song_model" in line for line in messages(instance, result)) == 1


def test_a_lone_song_trains_a_network_without_a_judge(
    songs_folder: Path, tmp_path: Path, instance: dg.DagsterInstance
) -> None:
    (tmp_path / "one").mkdir()
    shutil.copy(songs_folder / "song 0.mid", tmp_path / "one/song.mid")
    materialize = materializing_songs(tmp_path / "store", tmp_path / "one", instance)
    assert materialize(*UPSTREAM, "song_model").success
    record = song_model_record(Store(tmp_path / "store"))
    assert (record["evaluations"], record["to_beat"]) == ({}, None)
    assert record["provenance"]["best_step"] == 4
