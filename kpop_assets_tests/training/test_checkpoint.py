import resource

import numpy as np
import pytest

from kpop_assets.store.errors import StoreWriteError
from kpop_assets.training.checkpoint import (
    Checkpoint,
    checkpoint_path,
    checkpoint_steps,
    latest_checkpoint,
    write_checkpoint,
)
from kpop_assets.training.errors import CheckpointReadError, CheckpointWriteError


def checkpoint(step, fingerprint="ours"):
    return Checkpoint(
        step=step,
        seed=9,
        fingerprint=fingerprint,
        losses=np.full((step, 3), step, np.float32),
        variables={"generator/000": np.arange(300, dtype=np.float32), "adam/000": np.int64(step)},
    )


@pytest.fixture
def warnings():
    return []


@pytest.fixture
def latest(folder, warnings):
    return lambda last_step=1000: latest_checkpoint(folder, "ours", last_step, warnings.append)


def test_what_was_written_is_read_back_exactly(folder, latest, warnings):
    write_checkpoint(folder, checkpoint(20))
    read = latest()
    assert (read.step, read.seed, read.fingerprint) == (20, 9, "ours")
    np.testing.assert_array_equal(read.losses, np.full((20, 3), 20, np.float32))
    np.testing.assert_array_equal(read.variables["generator/000"], np.arange(300))
    assert read.variables["generator/000"].dtype == np.float32
    assert read.variables["adam/000"] == 20
    assert warnings == []


def test_the_file_is_a_plain_npz_without_pickles(folder):
    write_checkpoint(folder, checkpoint(20))
    with np.load(checkpoint_path(folder, 20), allow_pickle=False) as arrays:
        assert arrays["step"] == 20


def test_there_is_nothing_to_go_on_from_in_a_folder_that_does_not_exist(latest):
    assert latest() is None


def test_the_last_two_are_kept(folder):
    for step in (10, 20, 30, 40):
        write_checkpoint(folder, checkpoint(step))
    assert checkpoint_steps(folder) == [30, 40]
    assert sorted(path.name for path in folder.iterdir()) == [
        "checkpoint-30.npz",
        "checkpoint-40.npz",
    ]


@pytest.mark.parametrize("size", [0, 63, 64, 500, -1])
def test_a_torn_checkpoint_gives_way_to_the_one_before(folder, latest, warnings, size):
    for step in (10, 20):
        write_checkpoint(folder, checkpoint(step))
    path = checkpoint_path(folder, 20)
    path.write_bytes(path.read_bytes()[:size])
    assert latest().step == 10
    assert "checkpoint-20.npz is damaged" in warnings[0]
    assert checkpoint_steps(folder) == [10]


def test_any_single_altered_byte_is_noticed(folder, latest):
    write_checkpoint(folder, checkpoint(20))
    path = checkpoint_path(folder, 20)
    intact = path.read_bytes()
    for place in range(0, len(intact), 97):
        altered = bytearray(intact)
        altered[place] ^= 1
        path.write_bytes(altered)
        assert latest() is None, f"byte {place} of {len(intact)}"


def test_a_checkpoint_under_the_name_of_another_step_is_not_believed(folder, latest):
    write_checkpoint(folder, checkpoint(20))
    checkpoint_path(folder, 20).rename(checkpoint_path(folder, 30))
    assert latest() is None


def test_a_checkpoint_of_another_training_is_removed(folder, latest, warnings):
    write_checkpoint(folder, checkpoint(20, fingerprint="theirs"))
    assert latest() is None
    assert checkpoint_steps(folder) == []
    assert "belongs to other covers or settings" in warnings[0]


def test_a_checkpoint_past_the_last_step_is_removed(folder, latest, warnings):
    for step in (100, 200):
        write_checkpoint(folder, checkpoint(step))
    assert latest(last_step=150).step == 100
    assert checkpoint_steps(folder) == [100]
    assert "checkpoint-200.npz is of a longer training" in warnings[0]


def test_a_full_disk_is_a_named_error_and_costs_no_earlier_checkpoint(folder, latest):
    write_checkpoint(folder, checkpoint(10))
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, limits[1]))
    try:
        with pytest.raises(CheckpointWriteError, match=r"step 20.*free some disk space") as caught:
            write_checkpoint(folder, checkpoint(20))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert isinstance(caught.value.__cause__, StoreWriteError)
    assert latest().step == 10
    assert [path.name for path in folder.iterdir()] == ["checkpoint-10.npz"]


def test_a_folder_that_cannot_be_read_is_a_named_error(folder, latest):
    folder.write_text("not a folder")
    with pytest.raises(CheckpointReadError, match="Expected to read the checkpoints"):
        latest()


def test_what_a_killed_run_left_unfinished_goes_with_the_next_checkpoint(folder):
    folder.mkdir(exist_ok=True)
    (folder / ".checkpoint-10.npz.0123abcd.tmp").write_bytes(b"half")
    write_checkpoint(folder, checkpoint(20))
    assert [path.name for path in folder.iterdir()] == ["checkpoint-20.npz"]
