"""A training on songs whose process is killed with SIGKILL again and again."""

import pathlib
import random
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from kpop_assets.models.songs.composing import composed
from kpop_assets.models.songs.generation import SongWish
from kpop_assets.models.songs.judge import SongJudge
from kpop_assets.models.songs.training import TrainedSongNetwork, train_songs
from kpop_assets.models.songs.windows import songs_with_more
from kpop_assets.training.checkpoint import checkpoint_steps
from kpop_assets.training.host import TrainingHost
from kpop_assets_tests.models.songs.small_songs import HELD_OUT, SMALL, SONGS

SETTINGS = SMALL.model_copy(
    update={"steps": 120, "checkpoint_every": 2, "frame_every": 40, "evaluate_every": 20}
)
KILLED_AFTER = (4, 20, 40)
"""Steps; the last kill strikes while a checkpoint is being written."""


def run(folder: pathlib.Path) -> TrainedSongNetwork:
    return train_songs(
        songs_with_more(SONGS),
        SETTINGS,
        folder,
        TrainingHost(),
        lambda _network: np.zeros((2, 2, 3), np.uint8),
        SongJudge(HELD_OUT, SETTINGS.filled().window),
    )


def kill(folder: pathlib.Path, after: int, in_write: bool, chance: random.Random) -> None:
    child = subprocess.Popen([sys.executable, "-m", __spec__.name, str(folder)])
    deadline = time.monotonic() + 180
    left = set(folder.glob(".checkpoint-*.tmp"))

    def is_as_wanted() -> bool:
        is_written = bool(set(folder.glob(".checkpoint-*.tmp")) - left)
        return max(checkpoint_steps(folder), default=0) >= after and (is_written or not in_write)

    while not is_as_wanted():
        assert child.poll() is None, "the child ended before it could be killed"
        assert time.monotonic() < deadline, "the child wrote no such checkpoint in 180 s"
        time.sleep(0.001)
    time.sleep(0 if in_write else chance.uniform(0, 0.1))
    child.kill()
    assert child.wait() == -signal.SIGKILL


@pytest.mark.slow
def test_a_training_killed_three_times_ends_in_the_same_weights_and_songs(
    tmp_path: pathlib.Path,
) -> None:
    chance = random.Random(0)
    for after in KILLED_AFTER:
        kill(tmp_path / "killed", after, after == KILLED_AFTER[-1], chance)
    resumed, unbroken = run(tmp_path / "killed"), run(tmp_path / "unbroken")
    assert KILLED_AFTER[-1] <= resumed.first_step < SETTINGS.steps
    for one, other in zip(
        resumed.network.get_weights(), unbroken.network.get_weights(), strict=True
    ):
        assert one.tobytes() == other.tobytes()
    assert resumed.losses.equals(unbroken.losses)
    assert resumed.best_step == unbroken.best_step
    of_both = [composed(one.network, SongWish(4), 3).notes for one in (resumed, unbroken)]
    np.testing.assert_array_equal(*of_both)


if __name__ == "__main__":
    run(pathlib.Path(sys.argv[1]))
