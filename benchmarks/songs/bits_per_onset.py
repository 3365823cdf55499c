"""Bits an onset of songs left out: networks against n-grams, in five folds by song.

    python -m benchmarks.songs.bits_per_onset FOLDER
    python -m benchmarks.songs.bits_per_onset FOLDER --more FOLDER_OF_OTHERS --recipes lstm

Reads all .mid files of a folder, on a grid of sixteenths and without drums, and leaves out a fifth
of the songs at a time. Of the others some are held out while a network trains, to choose its best
step; n-grams count them too. `more` are additional songs to learn from.

A song costs the bits of all its tokens behind BEGIN, END among them; `all` is the bits of a fold by
its onsets, `songs` the mean of what its songs cost an onset, which short songs decide. Both are
told as mean and standard deviation over folds. Songs that cannot be read, or have no note, are
left out by name.
"""

import argparse
import pathlib
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from kpop_assets.models.songs.composer import Composer
from kpop_assets.models.songs.judge import SongJudge, onsets_of
from kpop_assets.models.songs.recipes import SONG_RECIPES
from kpop_assets.models.songs.settings import SongSettings
from kpop_assets.models.songs.to_beat import SongMemory
from kpop_assets.models.songs.training import train_songs
from kpop_assets.models.songs.windows import songs_with_more
from kpop_assets.songs.errors import SongError
from kpop_assets.songs.midi.reading import read_song
from kpop_assets.songs.midi.song_folder import SongFolder
from kpop_assets.songs.ngrams import NGrams
from kpop_assets.songs.tokens import BEGIN, VOCABULARY, Tokens, encoded
from kpop_assets.training.host import TrainingHost

FORETELLING = [name for name, recipe in SONG_RECIPES.items() if recipe.foretells]
Costs = list[float]
"""The bits of each of some songs."""
Scored = Callable[[Sequence[Tokens], Sequence[Tokens]], Costs]
"""From songs to learn from and songs left out to what these cost."""


@dataclass(frozen=True)
class Contest:
    """What every model gets."""

    songs: list[Tokens]
    more: list[Tokens]
    folds: int
    held_out: int
    steps: int | None
    keys: tuple[int, ...]


def songs_of(folder: pathlib.Path) -> list[Tokens]:
    """Return the songs of a folder, at any depth, as tokens, in the order of their names."""
    listed = SongFolder(folder)
    songs = []
    for file in listed.listing().files:
        try:
            songs.append(encoded(read_song(listed.content(file)).notes))
        except SongError as error:
            print(f"left out: {file.name}: {error.reason}")
    return songs


def uniform(_known: Sequence[Tokens], unknown: Sequence[Tokens]) -> Costs:
    """All tokens alike."""
    return [np.log2(VOCABULARY - BEGIN - 1) * (len(one) - 1) for one in unknown]


def ngrams(order: int, more: Sequence[Tokens]) -> Scored:
    """Counts; with more songs, those of these and those of the others half and half."""

    def scored(known: Sequence[Tokens], unknown: Sequence[Tokens]) -> Costs:
        models = [NGrams(songs, order) for songs in (known, more) if songs]
        shares = (
            np.mean([model.probabilities(one) for model in models], axis=0) for one in unknown
        )
        return [float(-np.log2(one).sum()) for one in shares]

    return scored


def ngrams_with_memory(order: int, more: Sequence[Tokens]) -> Scored:
    """Counts, and what followed where the song's last tokens stood before in it."""

    def scored(known: Sequence[Tokens], unknown: Sequence[Tokens]) -> Costs:
        models = [NGrams(songs, order) for songs in (known, more) if songs]
        memory = SongMemory(known)
        counted = (
            np.mean([model.probabilities(one) for model in models], axis=0) for one in unknown
        )
        return [
            float(-np.log2(memory.mixed(one, of_one)).sum())
            for one, of_one in zip(unknown, counted, strict=True)
        ]

    return scored


def network(recipe: str, contest: Contest) -> Scored:
    """A network of a recipe with its own settings."""

    def scored(known: Sequence[Tokens], unknown: Sequence[Tokens]) -> Costs:
        settings = SongSettings(recipe=recipe, steps=contest.steps)
        held_out, learnt = known[: contest.held_out], known[contest.held_out :]
        window = settings.filled().window
        with tempfile.TemporaryDirectory() as folder:
            trained = train_songs(
                songs_with_more(learnt, contest.more),
                settings,
                pathlib.Path(folder),
                TrainingHost(),
                lambda _network: np.zeros((2, 2, 3), np.uint8),
                SongJudge(held_out, window),
            )
        print(f"    {recipe}: best step {trained.best_step}, {trained.seconds:.0f} s", flush=True)
        return in_keys(trained.network, SongJudge(unknown, window), contest.keys)

    return scored


def in_keys(trained: Composer, judge: SongJudge, keys: Sequence[int]) -> Costs:
    """Return what songs cost a network that reads each in several keys, and takes the mean."""
    of_keys = [judge.bits(trained, key) for key in keys]
    shares = [
        np.mean([np.exp2(-one.astype(np.float64)) for one in of_song], axis=0)
        for of_song in zip(*of_keys, strict=True)
    ]
    return [float(-np.log2(one).sum()) for one in shares]


def measured(name: str, scored: Scored, contest: Contest) -> None:
    """Print what songs cost a model."""
    started = time.monotonic()
    order = np.random.default_rng(0).permutation(len(contest.songs))
    of_all, of_songs = [], []
    for fold in range(contest.folds):
        left_out = order[fold::5]
        known = [contest.songs[one] for one in order if one not in left_out]
        unknown = [contest.songs[one] for one in left_out]
        costs = np.array(scored(known, unknown))
        onsets = np.array([onsets_of(one) for one in unknown])
        of_all.append(costs.sum() / onsets.sum())
        of_songs.append((costs / onsets).mean())
    folds = " ".join(f"{one:.2f}" for one in of_all)
    print(
        f"{name:13} all {np.mean(of_all):6.2f} ± {np.std(of_all):.2f}   songs "
        f"{np.mean(of_songs):6.2f} ± {np.std(of_songs):.2f}   folds {folds}   "
        f"{time.monotonic() - started:.0f} s",
        flush=True,
    )


def main() -> None:
    """Print a line for each model."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--more", type=pathlib.Path, help="a folder of additional songs")
    parser.add_argument("--most-more", type=int, help="so many of them")
    parser.add_argument("--recipes", nargs="*", default=FORETELLING)
    parser.add_argument("--orders", nargs="*", type=int, default=[1, 2, 3, 4, 6])
    parser.add_argument("--folds", type=int, default=5, help="so many of the five")
    parser.add_argument("--held-out", type=int, default=8, help="songs that choose the best step")
    parser.add_argument("--steps", type=int)
    parser.add_argument("--keys", nargs="*", type=int, default=[0], help="semitones to read in")
    given = parser.parse_args()
    songs = songs_of(given.folder)
    more = songs_of(given.more)[: given.most_more] if given.more else []
    print(
        f"{len(songs)} songs of {sum(map(onsets_of, songs))} onsets and "
        f"{sum(map(len, songs))} tokens, {len(more)} more"
    )
    contest = Contest(songs, more, given.folds, given.held_out, given.steps, tuple(given.keys))
    measured("uniform", uniform, contest)
    for order in given.orders:
        measured(f"{order}-gram", ngrams(order, more), contest)
    for order in given.orders:
        measured(f"{order}-gram+memory", ngrams_with_memory(order, more), contest)
    for recipe in given.recipes:
        measured(recipe, network(recipe, contest), contest)


if __name__ == "__main__":
    main()
