"""An n-gram model of tokens: what a network of songs has to beat.

Probabilities are interpolated by Witten and Bell: in a context that was seen n times with d
different tokens behind it, n parts of n + d go to what was counted and d parts to the model of the
context shorter by one token; below the shortest all tokens that can be written are alike.
"""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from kpop_assets.songs.tokens import BEGIN, VOCABULARY, Tokens
from kpop_assets.songs.transposition import ALL_KEYS, in_key

ORDER = 4
LONGEST_ORDER = 9
"""A context and the token behind it, as one number, must fit 63 bits."""

_Numbers = NDArray[np.int64]
_WRITABLE = VOCABULARY - BEGIN - 1


class NGrams:
    """Counts of tokens behind contexts of up to `order` - 1 tokens."""

    def __init__(
        self, songs: Sequence[Tokens], order: int = ORDER, keys: Iterable[int] = ALL_KEYS
    ) -> None:
        """Count the tokens of songs, each from BEGIN to END, in all `keys`, in semitones."""
        assert 1 <= order <= LONGEST_ORDER
        self.order = order
        rows = [in_key(tokens, key) for key in keys for tokens in songs]
        contexts = [np.concatenate([_contexts(row, size) for row in rows]) for size in range(order)]
        behind = np.concatenate([row[1:] for row in rows]).astype(np.int64)
        self._counts = [_Counts(context, behind) for context in contexts]

    def probabilities(self, tokens: Tokens) -> NDArray[np.float64]:
        """Return the probability of each token of a song but the first, float64 (T - 1,)."""
        behind = tokens[1:].astype(np.int64)
        found = np.full(len(behind), 1.0 / _WRITABLE)
        for size, counts in enumerate(self._counts):
            found = counts.mixed(_contexts(tokens, size), behind, found)
        return found

    def bits(self, tokens: Tokens) -> NDArray[np.float64]:
        """Return what each token of a song but the first costs, float64 (T - 1,)."""
        return -np.log2(self.probabilities(tokens))


class _Counts:
    """How often tokens stood behind contexts of one length."""

    def __init__(self, contexts: _Numbers, behind: _Numbers) -> None:
        self._pairs, self._times = np.unique(contexts * VOCABULARY + behind, return_counts=True)
        self._contexts, first = np.unique(self._pairs // VOCABULARY, return_index=True)
        self._totals = np.add.reduceat(self._times, first)
        self._kinds = np.diff(np.append(first, len(self._pairs)))

    def mixed(
        self, contexts: _Numbers, behind: _Numbers, shorter: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        """Return probabilities, given those of the contexts shorter by one token."""
        times = _looked_up(self._pairs, self._times, contexts * VOCABULARY + behind)
        total = _looked_up(self._contexts, self._totals, contexts)
        kinds = _looked_up(self._contexts, self._kinds, contexts)
        return np.where(
            total > 0, (times + kinds * shorter) / np.maximum(total + kinds, 1), shorter
        )


def _contexts(tokens: Tokens, size: int) -> _Numbers:
    """Return the `size` tokens up to each but the last as one number, BEGIN where none is."""
    padded = np.concatenate([np.full(size, BEGIN, np.int64), tokens.astype(np.int64)])
    contexts = np.zeros(len(tokens) - 1, np.int64)
    for back in range(size, 0, -1):
        begin = size - back + 1
        contexts = contexts * VOCABULARY + padded[begin : begin + len(contexts)]
    return contexts


def _looked_up(names: _Numbers, values: _Numbers, wanted: _Numbers) -> _Numbers:
    """Return the value of each wanted name, 0 for those that are not there."""
    places = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    return np.where(names[places] == wanted, values[places], 0)
