"""The training of the network of songs: reported while it runs, published whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import dagster as dg
import numpy as np
from numpy.typing import NDArray

from kpop_assets.covers.showing.film import captioned, mp4_film
from kpop_assets.defs.training.cancellation import cancellation
from kpop_assets.defs.training.progress_frames import opened_frames
from kpop_assets.defs.training.published_training import (
    leave_others,
    publish,
    require_finished,
    training_metadata,
    training_record,
)
from kpop_assets.defs.training.training_progress import TrainingProgress
from kpop_assets.models.songs.published import (
    ALL_SONGS,
    ASSET,
    FILM_FILE,
    NETWORK_FILE,
    RECORD_FILE,
    write_song_network,
)
from kpop_assets.models.songs.settings import FilledSongSettings
from kpop_assets.models.training_record import FRAMES_FOLDER
from kpop_assets.songs.tokens import Tokens
from kpop_assets.store.artifacts import Store
from kpop_assets.store.files import local_folder, read_file
from kpop_assets.store.folders import remove_folder, remove_if_empty

if TYPE_CHECKING:
    from kpop_assets.models.songs.composer import Composer

CODE_VERSION = "1"
NAME = "songs"
"""What its checkpoints and its TensorBoard log are called."""
_PREVIEW_SEED = 0
_FRAME_SCALE = 2


@dataclass(frozen=True)
class SongTraining:
    """What to train: the songs to learn from and those to judge by, settings, and how it is kept.

    `more` are additional songs to learn from, as often as `share_of_more` of the settings says.
    `to_beat` is what the songs held out cost an n-gram model, in bits an onset.
    """

    songs: Sequence[Tokens]
    more: Sequence[Tokens]
    held_out: Sequence[Tokens]
    settings: FilledSongSettings
    fingerprint: str
    sites: str
    to_beat: float | None
    observe_every: int
    unfinished_kept: int


def train_and_publish_songs(
    context: dg.AssetExecutionContext, store: Store, training: SongTraining
) -> Mapping[str, Any]:
    """Train, or go on from the last checkpoint, and publish the network with its record.

    Whoever calls has the `turn` of the asset. Return what the UI shows of it.
    """
    settings = training.settings
    context.log.info(
        f"{len(training.songs)} songs to learn from, {len(training.more)} additional ones, "
        f"{len(training.held_out)} to judge by; "
        f"{settings.steps:,} steps of the recipe {settings.recipe}; starting TensorFlow"
    )
    from kpop_assets.models.songs.judge import SongJudge
    from kpop_assets.models.songs.training import train_songs
    from kpop_assets.models.songs.windows import songs_with_more
    from kpop_assets.training.tensorboard_log import TensorBoardLog

    if training.to_beat is not None:
        context.log.info(f"an n-gram model needs {training.to_beat:.2f} bits an onset of them")
    checkpoints = song_checkpoints(store) / settings.short_name()
    frames = checkpoints / FRAMES_FOLDER
    leave_others(checkpoints, training.unfinished_kept, "unfinished training", context.log.warning)
    progress = TrainingProgress(context, frames, training.observe_every, None)
    songs = songs_with_more(training.songs, training.more, settings.share_of_more)
    judge = None
    if settings.evaluate_every and training.held_out:
        judge = SongJudge(training.held_out, settings.window)
    with local_folder(store.folder("tensorboard", NAME)) as events, cancellation() as cancelled:
        log = TensorBoardLog(events)
        trained = train_songs(
            songs, settings, checkpoints, log.beside(progress.host(cancelled)), _preview, judge
        )
        require_finished(context, trained, cancelled)
        log.close()
    config = trained.settings.model_dump(mode="json")
    record = training_record(
        context,
        trained,
        config,
        CODE_VERSION,
        {
            "songs": len(training.songs),
            "more_songs": len(training.more),
            "held_out_songs": len(training.held_out),
        },
        sites=training.sites,
        fingerprint=training.fingerprint,
        to_beat=training.to_beat,
    )

    def write(folder: Path) -> None:
        write_song_network(folder / NETWORK_FILE, trained.network)
        (folder / FILM_FILE).write_bytes(mp4_film(film_frames(folder / FRAMES_FOLDER)))

    warn = context.log.warning
    publish(store.folder(ASSET, ALL_SONGS), write, frames, record, RECORD_FILE, ASSET, warn)
    remove_folder(checkpoints)
    remove_if_empty(checkpoints.parent)
    return training_metadata(trained, config)


def song_checkpoints(store: Store) -> Path:
    """Return where unfinished trainings on songs lie."""
    return store.folder("checkpoints", NAME)


def film_frames(folder: Path) -> list[NDArray[np.uint8]]:
    """Return the progress frames in a folder as those of a film, with their steps."""
    contents = {path: read_file(path, ASSET) for path in sorted(folder.glob("*.png"))}
    frames = []
    for step, frame in opened_frames(contents, ASSET).items():
        larger = np.asarray(frame).repeat(_FRAME_SCALE, 0).repeat(_FRAME_SCALE, 1)
        frames.append(captioned(larger, f"step {step:,}"))
    return frames


def _preview(network: "Composer") -> NDArray[np.uint8]:
    """Return the roll of a song that is written from the same seed at all times."""
    from kpop_assets.models.songs.composing import composed
    from kpop_assets.models.songs.generation import SongWish
    from kpop_assets.songs.showing.piano_roll import roll_preview

    return roll_preview(composed(network, SongWish(network.preview_bars), _PREVIEW_SEED))
