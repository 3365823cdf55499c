"""A network of songs that writes: one token at a time, in numpy.

A step of TensorFlow takes longer to start than one token takes to compute.
"""

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Protocol

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from kpop_assets.models.songs.past import KEYS, MAPS, Past
from kpop_assets.models.songs.windows import Behind, pitches_so_far
from kpop_assets.songs.song import LOWEST_PITCH
from kpop_assets.songs.tokens import FIRST_DURATION, FIRST_PITCH, PADDING

if TYPE_CHECKING:
    from kpop_assets.models.songs.network import SongNetwork

Numbers = NDArray[np.float32]
_CLASS_OF_KEY = (np.arange(KEYS) + LOWEST_PITCH) % 12


class Stepper(Protocol):
    """What says which token comes next, song after song."""

    def logits(self, past: Past) -> Numbers:
        """Return logits, float32 (VOCABULARY,); called behind each token of a song in turn."""
        ...


class CausalStepper(ABC):
    """The network's weights, and what it keeps of the tokens so far."""

    def __init__(self, network: "SongNetwork") -> None:
        """Take the weights of all but what goes over time."""
        self._network = network
        layers = ["token", "out"]
        if network.context:
            layers += ["hint", "place", "match", "keys", "harmony", "around"]
            layers += ["weigh_found", "weigh_hints"]
        self._weights = {
            name: [one.numpy() for one in getattr(network, name).weights] for name in layers
        }

    def logits(self, past: Past) -> Numbers:
        """Return logits, float32 (VOCABULARY,), and keep what the next ones need."""
        weights = self._weights
        seen = [weights["token"][0][past.tokens[-1]]]
        hints = past.hints()
        if self._network.context:
            keyboard = _keyboard(past)
            harmony = np.append(past.classes, np.arange(12) == past.bass).astype(np.float32)
            seen += [
                weights["place"][0][past.place],
                weights["match"][0][past.match],
                weights["hint"][0][hints].ravel(),
                np.maximum(self._dense("keys", keyboard[:, : MAPS + 1].ravel()), 0.0),
                self._dense("harmony", harmony),
            ]
        state = self.over_time(np.concatenate(seen))
        logits = self._dense("out", state)
        if self._network.context:
            np.add.at(logits, hints, self._dense("weigh_hints", state))
            kernel, bias = weights["around"]
            keys = len(kernel)
            padded = np.pad(keyboard, ((keys // 2, keys // 2), (0, 0)))
            around = np.lib.stride_tricks.sliding_window_view(padded, keys, axis=0)
            flat = around.transpose(0, 2, 1).reshape(KEYS, -1)
            found = np.maximum(flat @ kernel.reshape(-1, kernel.shape[-1]) + bias, 0.0)
            logits[FIRST_PITCH:FIRST_DURATION] += found @ self._dense("weigh_found", state)
        return logits

    @abstractmethod
    def over_time(self, numbers: Numbers) -> Numbers:
        """Return what the network's `over_time` says of the numbers of the next token, (D,)."""

    def _dense(self, name: str, numbers: Numbers) -> Numbers:
        kernel, bias = self._weights[name]
        found: Numbers = numbers @ kernel + bias
        return found


class LstmStepper(CausalStepper):
    """The network's weights, and the state of its LSTM behind the tokens so far."""

    def __init__(self, network: "SongNetwork") -> None:
        super().__init__(network)
        self._lstms = [[one.numpy() for one in lstm.weights] for lstm in network.lstms]
        self._states = [np.zeros((2, weights[1].shape[0]), np.float32) for weights in self._lstms]

    def over_time(self, numbers: Numbers) -> Numbers:
        """Return what the LSTMs say, and keep their states."""
        for place, lstm in enumerate(self._lstms):
            numbers = self._step(place, lstm, numbers)
        return numbers

    def _step(self, place: int, lstm: list[Numbers], numbers: Numbers) -> Numbers:
        """Return what a layer says, and keep its state; Keras orders gates so."""
        kernel, recurrent, bias = lstm
        hidden, cell = self._states[place]
        let_in, forget, new, out = np.split(numbers @ kernel + hidden @ recurrent + bias, 4)
        cell = _sigmoid(forget) * cell + _sigmoid(let_in) * np.tanh(new)
        hidden = _sigmoid(out) * np.tanh(cell)
        self._states[place] = np.stack([hidden, cell])
        return hidden


class WindowStepper:
    """A network that reads a window anew behind each token, and what it knows of each so far."""

    def __init__(self, network: "SongNetwork") -> None:
        self._graph = tf.function(network)
        self._window = network.window
        self._known: list[tuple[object, ...]] = []

    def logits(self, past: Past) -> Numbers:
        """Return logits, float32 (VOCABULARY,)."""
        known = (past.place, past.match, past.shortest, past.hints(), past.maps, past.classes)
        row = (past.tokens[-1], past.row, *known, past.bass)
        self._known.append(row)
        before = (PADDING, *self._known[0][1:])
        rows = [before] * (self._window - len(self._known)) + self._known[-self._window :]
        tokens, times, places, matches, shortest, hints, maps, classes, bass = (
            tf.constant(np.array(one))[None] for one in zip(*rows, strict=True)
        )
        tokens = tf.cast(tokens, tf.int32)
        behind = Behind(
            tokens,
            tf.cast(places, tf.int32),
            tf.cast(matches, tf.int32),
            tf.cast(shortest, tf.int32),
            tf.cast(hints, tf.int32),
            tf.cast(maps, tf.int32),
            tf.cast(classes, tf.float32),
            tf.cast(bass, tf.int32),
            pitches_so_far(tokens, times),
        )
        found: Numbers = self._graph(behind).numpy()[0, -1]
        return found


def _keyboard(past: Past) -> Numbers:
    """Return what the network sees of each key of the piano, float32 (KEYS, MAPS + 5)."""
    maps = past.maps[:, None] >> np.arange(MAPS) & 1
    last = np.arange(KEYS) == past.tokens[-1] - FIRST_PITCH
    bass = past.bass == _CLASS_OF_KEY
    classes = past.classes[_CLASS_OF_KEY] * 4.0
    height = np.linspace(-1.0, 1.0, KEYS)
    others = np.stack([past.onset, last, bass, classes, height], -1)
    return np.concatenate([maps, others], -1).astype(np.float32)


def _sigmoid(numbers: Numbers) -> Numbers:
    found: Numbers = 0.5 * (1.0 + np.tanh(0.5 * numbers))
    return found
