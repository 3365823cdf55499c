"""What songs cost n-gram models, which a network has to beat."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kpop_assets.models.songs.judge import onsets_of
from kpop_assets.models.songs.past import MATCHES, facts_of
from kpop_assets.songs.ngrams import NGrams
from kpop_assets.songs.tokens import Tokens

MEMORY_ORDER = 2
"""Beside a memory of the song shorter n-grams do better than longer ones."""


class SongMemory:
    """What followed in a song where its last tokens stood before.

    It is trusted as often as it was right in songs that are known, by how long the match is.
    """

    def __init__(self, known: Sequence[Tokens]) -> None:
        right, all_of = np.ones(MATCHES), np.full(MATCHES, 2.0)
        for tokens in known:
            matches, came = _remembered(tokens)
            right += np.bincount(matches, came, MATCHES)
            all_of += np.bincount(matches, minlength=MATCHES)
        self._trust = np.where(np.arange(MATCHES) > 0, right / all_of, 0.0)

    def mixed(self, tokens: Tokens, counted: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the probability of each token but the first, given that without a memory."""
        matches, came = _remembered(tokens)
        trusted = self._trust[matches]
        return trusted * came + (1 - trusted) * counted


def ngram_bits(songs: Sequence[Tokens], held_out: Sequence[Tokens]) -> float:
    """Return the bits an onset of all songs held out, for n-grams counted in songs in all keys."""
    ngrams = NGrams(songs)
    bits = sum(float(ngrams.bits(tokens).sum()) for tokens in held_out)
    return bits / sum(map(onsets_of, held_out))


def memory_bits(songs: Sequence[Tokens], held_out: Sequence[Tokens]) -> float:
    """Return the bits an onset for n-grams of MEMORY_ORDER that have a SongMemory."""
    ngrams, memory = NGrams(songs, MEMORY_ORDER), SongMemory(songs)
    bits = sum(
        float(-np.log2(memory.mixed(tokens, ngrams.probabilities(tokens))).sum())
        for tokens in held_out
    )
    return bits / sum(map(onsets_of, held_out))


def _remembered(tokens: Tokens) -> tuple[NDArray[np.uint8], NDArray[np.bool_]]:
    """Return how long the match before each token but the first is, and whether it was right."""
    facts = facts_of(tokens)
    return facts.matches[:-1], facts.hints[:-1, -1] == tokens[1:]
