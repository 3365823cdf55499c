"""The songs that a network learns from, as windows of tokens and what is known behind each."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.models.songs.past import KEYS, Facts, facts_of
from kpop_assets.songs.tokens import BEGIN, FIRST_DURATION, FIRST_PITCH, PADDING, Tokens
from kpop_assets.songs.transposition import ALL_KEYS
from kpop_assets.training.step.randomness import StepRandomness

_SONGS, _KEYS, _PLACES = 9, 10, 11
"""Streams of random numbers that the covers' recipes leave free."""


class Behind(NamedTuple):
    """What a network sees: B rows of T tokens, and what is known behind each, as Facts says it.

    `tokens`, `places`, `matches`, `shortest` int32 (B, T), `hints` int32 (B, T, HINTS), `maps`
    int32 (B, T, KEYS), `classes` float32 (B, T, 12), `bass` int32 (B, T), `onset` float32
    (B, T, KEYS): the pitches there are already at this time.
    """

    tokens: tf.Tensor
    places: tf.Tensor
    matches: tf.Tensor
    shortest: tf.Tensor
    hints: tf.Tensor
    maps: tf.Tensor
    classes: tf.Tensor
    bass: tf.Tensor
    onset: tf.Tensor


def nothing_behind(count: int, length: int) -> Behind:
    """Return rows of BEGIN before which there was nothing."""
    one = facts_of(np.array([BEGIN], np.int32))
    tokens = tf.fill((count, length), BEGIN)
    zero = tf.zeros_like(tokens)
    return Behind(
        tokens,
        zero,
        zero,
        zero,
        tf.fill((count, length, one.hints.shape[1]), PADDING),
        tf.zeros((count, length, KEYS), tf.int32),
        tf.zeros((count, length, 12)),
        tf.fill((count, length), int(one.bass[0])),
        tf.zeros((count, length, KEYS)),
    )


@dataclass(frozen=True)
class Songs:
    """Songs in rows of tokens, each from BEGIN to END, and how often each is drawn from.

    `shares` float64 (N,), sum 1. `fingerprint` is a SHA-256 of both.
    """

    tokens: Sequence[Tokens]
    shares: NDArray[np.float64]

    @property
    def fingerprint(self) -> str:
        """Return a SHA-256 of the tokens and shares, in their order."""
        digest = hashlib.sha256(self.shares.astype("<f8").tobytes())
        for row in self.tokens:
            digest.update(len(row).to_bytes(8, "little") + row.astype("<i4").tobytes())
        return digest.hexdigest()


def songs_with_more(
    songs: Sequence[Tokens], more: Sequence[Tokens] = (), share_of_more: float = 0.5
) -> Songs:
    """Return songs, and more of them, for training: longer ones are drawn from more often.

    `share_of_more` is how much of what is drawn is from `more`, if there are any.
    """
    of_songs = np.array([len(row) for row in songs], np.float64)
    of_more = np.array([len(row) for row in more], np.float64)
    share = share_of_more if more and len(songs) else float(not songs)
    shares = [of_songs / max(of_songs.sum(), 1) * (1 - share)]
    shares.append(of_more / max(of_more.sum(), 1) * share)
    return Songs([*songs, *more], np.concatenate(shares))


class SongWindows:
    """Windows of songs in TensorFlow's memory."""

    def __init__(self, songs: Songs, length: int) -> None:
        """Hold songs to draw windows of `length` tokens from, and one more that follows."""
        self._length = length
        facts = [facts_of(row) for row in songs.tokens]
        lengths = np.array([len(row) for row in songs.tokens])
        self._cumulated = tf.constant(np.cumsum(songs.shares), tf.float32)
        self._lengths = tf.constant(lengths, tf.int32)
        self._starts = tf.constant(np.cumsum(lengths) - lengths, tf.int32)
        spans = np.array([_span(row) for row in songs.tokens], np.int32)
        self._lowest, self._highest = tf.constant(spans[:, 0]), tf.constant(spans[:, 1])
        self._tokens = tf.constant(np.concatenate(songs.tokens), tf.uint8)
        self._facts = Facts(*map(tf.constant, vars(_joined(facts)).values()))

    def draw(self, count: int, randomness: StepRandomness) -> tuple[Behind, tf.Tensor]:
        """Return windows, and the token behind each, int32 (own rows, length).

        Each is inside of one song; behind its END is PADDING. It is in a key of its own, one of
        all twelve that keeps all its pitches on the piano.
        """
        songs, keys, place = self._drawn(count, randomness)
        length = tf.gather(self._lengths, songs)
        start = tf.cast(place * tf.cast(length, tf.float32), tf.int32) - self._length // 2
        start = tf.clip_by_value(start, 0, tf.maximum(length - self._length, 0))
        return self._windows(songs, start, keys, self._length)

    def draw_endings(self, count: int, randomness: StepRandomness) -> tuple[Behind, tf.Tensor]:
        """Return windows that may begin before their song, in PADDING, and the one token behind.

        That is int32 (own rows, 1), any of a song's but BEGIN, alike often.
        """
        songs, keys, place = self._drawn(count, randomness)
        tokens = tf.cast(tf.gather(self._lengths, songs) - 1, tf.float32)
        then = 1 + tf.cast(place * tokens, tf.int32)
        return self._endings(songs, then, keys)

    def of_endings(self, song: int, then: tf.Tensor, key: int) -> tuple[Behind, tf.Tensor]:
        """Return the windows of a song behind the tokens numbered `then`, and these, (rows, 1)."""
        songs = tf.fill(tf.shape(then), song)
        return self._endings(songs, then, self._possible(songs, key))

    def _endings(
        self, songs: tf.Tensor, then: tf.Tensor, keys: tf.Tensor
    ) -> tuple[Behind, tf.Tensor]:
        behind, tokens = self._windows(songs, then - self._length, keys, self._length)
        return behind, tokens[:, -1:]

    def _drawn(
        self, count: int, randomness: StepRandomness
    ) -> tuple[tf.Tensor, tf.Tensor, tf.Tensor]:
        """Return songs, keys for them, int32, and places in them, from 0 to below 1."""
        where = randomness.uniform(count, 0.0, 1.0, _SONGS)[:, 0]
        songs = tf.searchsorted(self._cumulated, where * self._cumulated[-1], side="right")
        songs = tf.minimum(songs, len(self._lengths) - 1)
        keys = ALL_KEYS.start + randomness.rows(count, len(ALL_KEYS), _KEYS)
        keys = self._possible(songs, keys)
        return songs, keys, randomness.uniform(count, 0.0, 1.0, _PLACES)[:, 0]

    def whole(self, songs: Sequence[int], key: int = 0) -> tuple[Behind, tf.Tensor]:
        """Return whole songs, each padded to the longest, and the token behind each."""
        chosen = tf.constant(songs, tf.int32)
        keys = self._possible(chosen, key)
        longest = int(tf.reduce_max(tf.gather(self._lengths, chosen))) - 1
        return self._windows(chosen, tf.zeros_like(chosen), keys, longest)

    def _possible(self, songs: tf.Tensor, keys: tf.Tensor | int) -> tf.Tensor:
        """Return the keys nearest to some in which each of songs stays on the piano."""
        return tf.clip_by_value(
            tf.broadcast_to(keys, tf.shape(songs)),
            tf.gather(self._lowest, songs),
            tf.gather(self._highest, songs),
        )

    def _windows(
        self, songs: tf.Tensor, start: tf.Tensor, keys: tf.Tensor, length: int
    ) -> tuple[Behind, tf.Tensor]:
        inside = start[:, None] + tf.range(length + 1)
        last = tf.gather(self._lengths, songs)[:, None] - 1
        there = (inside >= 0) & (inside <= last)
        places = tf.gather(self._starts, songs)[:, None] + tf.clip_by_value(inside, 0, last)
        keys = keys[:, None]
        tokens = _in_key(tf.cast(tf.gather(self._tokens, places), tf.int32), keys)
        tokens = tf.where(there, tokens, PADDING)
        places = places[:, :-1]
        facts = self._facts
        rows = tf.gather(facts.rows, places)
        moved = tf.range(KEYS) - keys
        maps = tf.gather(
            tf.cast(tf.gather(facts.maps, rows), tf.int32),
            tf.clip_by_value(moved, 0, KEYS - 1),
            axis=2,
            batch_dims=1,
        )
        maps = tf.where(((moved >= 0) & (moved < KEYS))[:, None], maps, 0)
        classes = tf.gather(
            tf.gather(facts.classes, rows), (tf.range(12) - keys) % 12, axis=2, batch_dims=1
        )
        bass = tf.cast(tf.gather(facts.bass, rows), tf.int32)
        behind = Behind(
            tokens[:, :-1],
            tf.cast(tf.gather(facts.places, places), tf.int32),
            tf.cast(tf.gather(facts.matches, places), tf.int32),
            tf.cast(tf.gather(facts.shortest, places), tf.int32),
            _in_key(tf.cast(tf.gather(facts.hints, places), tf.int32), keys[:, :, None]),
            maps,
            classes,
            tf.where(bass < 12, (bass + keys) % 12, bass),
            pitches_so_far(tokens[:, :-1], rows),
        )
        return behind, tokens[:, 1:]


def pitches_so_far(tokens: tf.Tensor, rows: tf.Tensor) -> tf.Tensor:
    """Return the pitches at the time of each token up to it, float32 (B, T, KEYS)."""
    pitches = tf.one_hot(tokens - FIRST_PITCH, KEYS)
    counted = tf.cumsum(pitches, axis=1)
    first = tf.searchsorted(rows, rows)
    before = tf.gather(counted - pitches, first, axis=1, batch_dims=1)
    return tf.minimum(counted - before, 1.0)


def _in_key(tokens: tf.Tensor, keys: tf.Tensor) -> tf.Tensor:
    pitches = (tokens >= FIRST_PITCH) & (tokens < FIRST_DURATION)
    return tf.where(pitches, tokens + keys, tokens)


def _span(tokens: Tokens) -> tuple[int, int]:
    """Return by how many semitones a song can go down, at most 0, and up."""
    pitches = tokens[(tokens >= FIRST_PITCH) & (tokens < FIRST_DURATION)]
    if not len(pitches):
        return 0, 0
    return int(FIRST_PITCH - pitches.min()), int(FIRST_DURATION - 1 - pitches.max())


def _joined(facts: Sequence[Facts]) -> Facts:
    """Return the facts of songs in one, rows counted on."""
    before = np.cumsum([0, *(len(one.maps) for one in facts[:-1])])
    parts = {name: np.concatenate([getattr(one, name) for one in facts]) for name in vars(facts[0])}
    rows = [one.rows + first for one, first in zip(facts, before, strict=True)]
    parts["rows"] = np.concatenate(rows).astype(np.int32)
    return Facts(**parts)
