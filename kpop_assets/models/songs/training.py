"""The training of a network of songs, of any recipe."""

import pathlib
from collections.abc import Callable
from dataclasses import dataclass

import keras
import numpy as np
from numpy.typing import NDArray

from kpop_assets.models.songs.composer import Composer
from kpop_assets.models.songs.settings import FilledSongSettings, SongSettings
from kpop_assets.models.songs.windows import Songs
from kpop_assets.training.best_sampler import Judge
from kpop_assets.training.host import TrainingHost
from kpop_assets.training.run import Plan, Run, RunResult
from kpop_assets.training.step.replicas import strategy_over, visible_devices

SongPreview = Callable[[Composer], NDArray[np.uint8]]


@dataclass(frozen=True)
class TrainedSongNetwork(RunResult):
    """What a training made; `settings` are filled."""

    settings: FilledSongSettings

    @property
    def network(self) -> Composer:
        """The network that writes songs."""
        network = self.sampler
        assert isinstance(network, Composer)
        return network


def train_songs(
    songs: Songs,
    settings: SongSettings,
    checkpoint_folder: pathlib.Path,
    host: TrainingHost,
    preview: SongPreview,
    judge: Judge | None = None,
) -> TrainedSongNetwork:
    """Train a network on songs; with a judge, the one it likes best is the result.

    A recipe that foretells no tokens has no judge: its result is the network of the last step.

    `preview` makes a progress frame, uint8 (H, W, 3), of the network. A checkpoint of the same
    songs and settings in `checkpoint_folder` is gone on from, and on a CPU ends in the same
    weights, bit for bit, as if nothing had happened. All else is as in `models.training.train`.

    Raises BatchSplitError, DivergedError, CheckpointReadError and CheckpointWriteError.
    """
    filled = settings.filled()

    def frame(network: keras.Model) -> np.ndarray:
        assert isinstance(network, Composer)
        return preview(network)

    plan = Plan(
        filled.cadence(),
        filled.seed,
        frame,
        songs.fingerprint,
        filled.deciding(),
        judge if filled.chosen.foretells else None,
    )
    strategy = strategy_over(visible_devices(), filled.batch_size)
    run = Run(lambda: filled.learner(songs), plan, strategy, host, checkpoint_folder)
    return TrainedSongNetwork(**vars(run.train()), settings=filled)
