"""The judge of a network of songs: what songs that it has not learnt from cost it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.models.songs.learner import token_bits
from kpop_assets.models.songs.windows import Behind, SongWindows, songs_with_more
from kpop_assets.songs.tokens import FIRST_DURATION, FIRST_INTERVAL, FIRST_PITCH, Tokens

_WINDOWS, _SONGS = 256, 8
"""Windows and songs that are read at once."""


@dataclass(frozen=True)
class SongEvaluation:
    """What songs cost a network: bits an onset of all of them, and the mean and spread of each.

    `to_beat` is what they cost something simpler.
    """

    score: float
    of_songs: float
    spread: float
    to_beat: float | None = None

    def numbers(self) -> dict[str, float]:
        """Return the score and what it is made of, by name."""
        numbers = {"score": self.score, "of_songs": self.of_songs, "spread": self.spread}
        return numbers if self.to_beat is None else {**numbers, "to_beat": self.to_beat}

    def warning(self) -> str | None:
        """Return what a person should know of it, if anything."""
        if self.to_beat is None or self.score <= self.to_beat:
            return None
        return (
            f"songs held out cost {self.score:.2f} bits an onset, more than the {self.to_beat:.2f} "
            "of the n-gram model; train longer, or on more songs."
        )


class SongJudge:
    """Measures networks by bits an onset on songs held out."""

    def __init__(
        self, songs: Sequence[Tokens], window: int = 128, to_beat: float | None = None
    ) -> None:
        """Take songs from BEGIN to END, and how long the windows of a network both ways are."""
        self._windows = SongWindows(songs_with_more(songs), window)
        self._lengths = [len(row) for row in songs]
        self.onsets = np.array([onsets_of(row) for row in songs])
        self._to_beat = to_beat
        self._compiled: tuple[keras.Model, Callable[..., tf.Tensor]] | None = None

    def __call__(self, network: keras.Model) -> SongEvaluation:
        """Return what the songs cost a network."""
        bits = np.array([one.sum() for one in self.bits(network)])
        each = bits / self.onsets
        score = float(bits.sum() / self.onsets.sum())
        return SongEvaluation(score, float(each.mean()), float(each.std()), self._to_beat)

    def bits(self, network: keras.Model, key: int = 0) -> list[NDArray[np.float32]]:
        """Return what each token but BEGIN costs, float32 (T - 1,), of each song in some key."""
        found: dict[int, NDArray[np.float32]] = {}
        by_length = np.argsort(self._lengths, kind="stable").tolist()
        for first in range(0, len(by_length), _SONGS):
            songs = by_length[first : first + _SONGS]
            rows = (
                [self._of_windows(network, song, key) for song in songs]
                if network.both_ways
                else self._costs(network, *self._windows.whole(songs, key))
            )
            for song, row in zip(songs, rows, strict=True):
                found[song] = row[: self._lengths[song] - 1]
        return [found[song] for song in range(len(by_length))]

    def _of_windows(self, network: keras.Model, song: int, key: int) -> NDArray[np.float32]:
        parts = []
        for first in range(1, self._lengths[song], _WINDOWS):
            then = tf.range(first, min(first + _WINDOWS, self._lengths[song]))
            parts.append(self._costs(network, *self._windows.of_endings(song, then, key))[:, 0])
        return np.concatenate(parts)

    def _costs(self, network: keras.Model, behind: Behind, then: tf.Tensor) -> NDArray[np.float32]:
        """Return what tokens cost, float32 as `then`, by one graph for each network."""
        if self._compiled is None or self._compiled[0] is not network:
            graph = tf.function(
                lambda behind, then: token_bits(network(behind), then), reduce_retracing=True
            )
            self._compiled = (network, graph)
        costs: NDArray[np.float32] = self._compiled[1](behind, then).numpy()
        return costs


def onsets_of(tokens: Tokens) -> int:
    """Return how many onsets there are in the tokens of a song."""
    pitches = (tokens >= FIRST_PITCH) & (tokens < FIRST_DURATION)
    intervals = (tokens >= FIRST_INTERVAL) & (tokens < FIRST_PITCH)
    return int((intervals[:-1] & pitches[1:]).sum())
