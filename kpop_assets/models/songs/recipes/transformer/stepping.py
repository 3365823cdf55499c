"""The transformer that writes: one token at a time, in numpy, beside what it knows of those before.

The keys and values of the tokens of a window are kept: a new token looks at them, and none is
computed again.
"""

from typing import TYPE_CHECKING

import numpy as np

from kpop_assets.models.songs.stepping import CausalStepper, Numbers

if TYPE_CHECKING:
    from kpop_assets.models.songs.recipes.transformer.network import Block, TransformerNetwork

HEADS = 4
_LONGEST_TURN = 1000.0
"""Tokens in which the slowest pair of numbers turns by about one radian."""


def turning_speeds(size: int) -> Numbers:
    """Return the radians a token that each pair of a head of `size` numbers turns by."""
    pairs = size // 2
    return (_LONGEST_TURN ** -(np.arange(pairs) / pairs)).astype(np.float32)


class TransformerStepper(CausalStepper):
    """The network's weights, and the keys and values of the tokens of a window."""

    def __init__(self, network: "TransformerNetwork") -> None:
        super().__init__(network)
        self._into = [one.numpy() for one in network.into.weights]
        self._last = [one.numpy() for one in network.last.weights]
        self._epsilon = network.last.epsilon
        self._blocks = [_StepOfBlock(block) for block in network.blocks]

    def over_time(self, numbers: Numbers) -> Numbers:
        """Return what the blocks make of the numbers of the next token, (D,)."""
        kernel, bias = self._into
        state = numbers @ kernel + bias
        for block in self._blocks:
            state = block(state)
        return _normalized(state, self._last, self._epsilon)


class _StepOfBlock:
    """A block, and the keys and values, (HEADS, size) each, that its tokens have so far."""

    def __init__(self, block: "Block") -> None:
        self._window, self._size = block.window, block.size
        self._speeds = turning_speeds(block.size)
        self._epsilon = block.norms[0].epsilon
        self._norms = [[one.numpy() for one in norm.weights] for norm in block.norms]
        self._asked, self._found, self._wide, self._narrow = (
            [one.numpy() for one in layer.weights]
            for layer in (block.asked, block.found, block.wide, block.narrow)
        )
        self._time = 0
        self._keys = np.zeros((block.window, HEADS, block.size), np.float32)
        self._values = np.zeros_like(self._keys)

    def __call__(self, state: Numbers) -> Numbers:
        """Return the numbers of the next token with what was found."""
        state = state + self._attended(_normalized(state, self._norms[0], self._epsilon))
        kernel, bias = self._wide
        wide = _gelu(_normalized(state, self._norms[1], self._epsilon) @ kernel + bias)
        kernel, bias = self._narrow
        found: Numbers = state + wide @ kernel + bias
        return found

    def _attended(self, state: Numbers) -> Numbers:
        kernel, bias = self._asked
        query, key, value = (state @ kernel + bias).reshape(3, HEADS, self._size)
        place = self._time % self._window
        query, key = self._turned(query), self._turned(key)
        self._keys[place], self._values[place] = key, value
        self._time += 1
        known = min(self._time, self._window)
        near = np.einsum("khd,hd->hk", self._keys[:known], query)
        shares = np.exp((near - near.max(axis=1, keepdims=True)) * self._size**-0.5)
        shares /= shares.sum(axis=1, keepdims=True)
        found = np.einsum("hk,khd->hd", shares, self._values[:known]).ravel()
        kernel, bias = self._found
        attended: Numbers = found @ kernel + bias
        return attended

    def _turned(self, numbers: Numbers) -> Numbers:
        first, second = np.split(numbers, 2, axis=-1)
        angles = np.float32(self._time) * self._speeds
        cosine, sine = np.cos(angles), np.sin(angles)
        return np.concatenate([first * cosine - second * sine, first * sine + second * cosine], -1)


def _normalized(numbers: Numbers, weights: list[Numbers], epsilon: float) -> Numbers:
    scale, offset = weights
    found: Numbers = (numbers - numbers.mean()) / np.sqrt(numbers.var() + epsilon) * scale + offset
    return found


def _gelu(numbers: Numbers) -> Numbers:
    inner = np.sqrt(2 / np.pi) * (numbers + 0.044715 * numbers**3)
    found: Numbers = (0.5 * numbers * (1 + np.tanh(inner))).astype(np.float32)
    return found
