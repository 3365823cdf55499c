"""The network that writes songs, trained on them."""

import hashlib
import json
from collections.abc import Iterator, Sequence
from enum import StrEnum
from importlib.metadata import version

import dagster as dg
import numpy as np
from pydantic import Field

from kpop_assets.covers.showing.film import webp_film
from kpop_assets.covers.showing.markdown import inline_preview, picture_markdown
from kpop_assets.defs.automation import WHEN_CONTENT_CHANGED
from kpop_assets.defs.pools import TRAINING
from kpop_assets.defs.resources import StoreResource
from kpop_assets.defs.reuse.turns import turn
from kpop_assets.defs.songs.song_training import (
    CODE_VERSION,
    SongTraining,
    film_frames,
    train_and_publish_songs,
)
from kpop_assets.defs.training.published_training import data_version, trained_before
from kpop_assets.models.songs.published import (
    FILM_FILE,
    NETWORK_FILE,
    same_song_training,
    song_model_folder,
    song_model_record,
)
from kpop_assets.models.songs.recipes import DEFAULT_SONG_RECIPE, SONG_RECIPES
from kpop_assets.models.songs.settings import FilledSongSettings, SongSettings
from kpop_assets.models.training_record import FRAMES_FOLDER
from kpop_assets.songs.tokens import Tokens
from kpop_assets.store.artifacts import Store
from kpop_assets.store.tables import Table

SongRecipeName = StrEnum("SongRecipeName", {name: name for name in SONG_RECIPES})  # type: ignore[misc]
"""The recipes, for the launchpad to offer."""


class SongModelConfig(SongSettings, dg.Config):
    """The training of the network of songs, with the fields of models/songs/settings.py."""

    recipe: SongRecipeName = Field(
        SongRecipeName(DEFAULT_SONG_RECIPE),
        description=SongSettings.model_fields["recipe"].description,
    )
    train_again: bool = Field(
        False,
        description="Train even if there is a network of this config and these songs already. The "
        "result has the same weights.",
    )
    unfinished_kept: int = Field(
        3,
        ge=0,
        description="How many unfinished trainings with other settings stay in the store, the "
        "latest; each resumes when it is run again.",
    )


@dg.asset(
    group_name="songs",
    pool=TRAINING,
    kinds={"tensorflow"},
    code_version=CODE_VERSION,
    automation_condition=WHEN_CONTENT_CHANGED,
)
def song_model(
    context: dg.AssetExecutionContext,
    config: SongModelConfig,
    song_tokens: Table,
    store: StoreResource,
) -> Iterator[dg.MaterializeResult]:
    """The network that writes songs, trained on those to learn from, with its curve and film.

    It is the best by what the songs held out for validation cost it, in bits an onset: what it
    takes to say the song, divided by its onsets; recipes that foretell no tokens have no best, and
    the network of the last step is the result. `to_beat` is what they cost an n-gram model. A run
    that was killed goes on from its last checkpoint when it is started again with the same config
    and songs. It is trained once for a config and songs; runs at the same time wait for it.
    """
    open_store = store.open()
    settings = config.filled()
    songs, held_out, more = (
        songs_on(song_tokens, side) for side in ("train", "validation", "more")
    )
    more = more if settings.share_of_more else []
    fingerprint = _fingerprint(settings, songs, held_out, more)
    with turn(context, store):
        before = same_song_training(open_store, fingerprint, context.log.warning)
        if before is not None and not config.train_again:
            yield trained_before(context, before)
            return
        about_training = train_and_publish_songs(
            context,
            open_store,
            SongTraining(
                songs,
                more,
                held_out,
                settings,
                fingerprint,
                str(song_tokens["sites"].iloc[0]),
                _to_beat(songs, held_out),
                config.observe_every,
                config.unfinished_kept,
            ),
        )
        record = song_model_record(open_store)
        yield dg.MaterializeResult(
            data_version=data_version(record),
            metadata={
                **_film_metadata(open_store),
                "songs": len(songs),
                "more_songs": len(more),
                "held_out_songs": len(held_out),
                **about_training,
                **({} if record["to_beat"] is None else {"to_beat": round(record["to_beat"], 3)}),
                "file": dg.MetadataValue.path(str(song_model_folder(open_store) / NETWORK_FILE)),
                "sites": record["sites"],
            },
        )


def songs_on(song_tokens: Table, side: str) -> list[Tokens]:
    """Return the tokens of the songs on a side of the table: train, validation, test or more."""
    rows = song_tokens["tokens"][song_tokens["split"] == side]
    return [np.asarray(tokens, np.int32) for tokens in rows]


def _to_beat(songs: Sequence[Tokens], held_out: Sequence[Tokens]) -> float | None:
    from kpop_assets.models.songs.to_beat import ngram_bits

    return ngram_bits(songs, held_out) if held_out else None


def _fingerprint(
    settings: FilledSongSettings,
    songs: Sequence[Tokens],
    held_out: Sequence[Tokens],
    more: Sequence[Tokens],
) -> str:
    """Return a SHA-256 of all that decides the weights and the film of a training."""
    chosen = settings.model_dump(
        mode="json", exclude=set(settings.without_effect - {"frame_every"})
    )
    used = (songs, held_out, more) if more else (songs, held_out)
    sides = [[tokens.tolist() for tokens in side] for side in used]
    content = [CODE_VERSION, version("kpop_assets"), version("tensorflow"), chosen, sides]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def _film_metadata(store: Store) -> dict[str, dg.MetadataValue]:
    """Return the last frame, and all of them as the UI shows them."""
    folder, title = song_model_folder(store), "a song as the training went on"
    frames = film_frames(folder / FRAMES_FOLDER)
    film = picture_markdown(webp_film(frames), "image/webp", title)
    return {
        "preview": dg.MetadataValue.md(inline_preview(frames[-1], "a song of the last step")),
        "film": dg.MetadataValue.md(film),
        "film_file": dg.MetadataValue.path(str(folder / FILM_FILE)),
    }
