"""A training process that is killed with SIGKILL and then gone on with."""

import pathlib
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from kpop_assets.models.settings import TrainingSettings
from kpop_assets.models.training import train
from kpop_assets.training.checkpoint import checkpoint_steps
from kpop_assets.training.host import TrainingHost

SETTINGS = TrainingSettings(
    recipe="original",
    steps=200,
    image_size=32,
    batch_size=4,
    noise_size=6,
    width=4,
    log_every=7,
    frame_every=40,
    checkpoint_every=10,
)
KILLED_AT = 20
COVERS = np.random.default_rng(3).integers(0, 256, (12, 32, 32, 3), dtype=np.uint8)


def run(folder: pathlib.Path, frames: dict[int, np.ndarray]):
    return train(COVERS, SETTINGS, folder, "covers", TrainingHost(on_frame=frames.__setitem__))


@pytest.mark.slow
def test_a_killed_run_ends_bit_for_bit_as_an_unbroken_one(tmp_path):
    folder = tmp_path / "killed"
    child = subprocess.Popen([sys.executable, "-m", __spec__.name, str(folder)])
    deadline = time.monotonic() + 180
    while max(checkpoint_steps(folder), default=0) < KILLED_AT:
        assert child.poll() is None, "the child ended before it could be killed"
        assert time.monotonic() < deadline, "the child wrote no checkpoint in 180 s"
        time.sleep(0.005)
    child.kill()
    assert child.wait() == -signal.SIGKILL

    unbroken_frames: dict[int, np.ndarray] = {}
    resumed_frames: dict[int, np.ndarray] = {}
    unbroken = run(tmp_path / "unbroken", unbroken_frames)
    resumed = run(folder, resumed_frames)

    assert KILLED_AT <= resumed.first_step < SETTINGS.steps
    for one, other in zip(
        unbroken.generator.get_weights(), resumed.generator.get_weights(), strict=True
    ):
        assert one.tobytes() == other.tobytes()
    assert resumed.losses.equals(unbroken.losses)
    assert max(resumed_frames) == SETTINGS.steps
    for step, frame in resumed_frames.items():
        np.testing.assert_array_equal(frame, unbroken_frames[step])


if __name__ == "__main__":
    run(pathlib.Path(sys.argv[1]), {})
