"""A generator for a page, as plain values: its network, what one chooses, covers drawn before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpop_assets.models.errors import FieldError

Vector = Sequence[float] | NDArray[np.float32]
Value = str | float


@dataclass(frozen=True)
class Condition:
    """One of several choices, such as the set; each has its vector, all of one length.

    Raises FieldError without choices, with one name twice or vectors of several lengths.
    """

    name: str
    choices: Sequence[tuple[str, Vector]]

    def __post_init__(self) -> None:
        _check_lengths(self.name, [vector for _, vector in self.choices])
        names = [name for name, _ in self.choices]
        if len(set(names)) != len(names):
            raise FieldError(
                f"Expected choices of {self.name} with names of their own, got {names}"
            )

    @property
    def width(self) -> int:
        """Length of its vectors."""
        return len(self.choices[0][1])

    def vector(self, value: Value) -> NDArray[np.float32]:
        """Return the vector of a choice, float32 (width,); raises FieldError for another."""
        found = dict(self.choices).get(str(value))
        if found is None:
            names = ", ".join(name for name, _ in self.choices)
            raise FieldError(f"Expected {self.name} to be one of {names}, got {value!r}")
        return np.asarray(found, np.float32)

    def spread(self, count: int) -> list[Value]:
        """Return `count` choices, each about as often as the others."""
        return [self.choices[number % len(self.choices)][0] for number in range(count)]


@dataclass(frozen=True)
class Range:
    """A number from `low` to `high` in steps of `step`, such as the year.

    `vectors` are those of values evenly spaced from `low` to `high`; between two neighbours it is
    on the straight line. Raises FieldError without vectors, with vectors of several lengths, or
    unless low < high and step > 0.
    """

    name: str
    low: float
    high: float
    step: float
    vectors: Sequence[Vector]

    def __post_init__(self) -> None:
        _check_lengths(self.name, self.vectors)
        if not self.low < self.high or not self.step > 0:
            raise FieldError(
                f"Expected {self.name} to have low < high and a step above 0, got {self.low}, "
                f"{self.high} and {self.step}"
            )

    @property
    def width(self) -> int:
        """Length of its vectors."""
        return len(self.vectors[0])

    def vector(self, value: Value) -> NDArray[np.float32]:
        """Return the vector of a number, float32 (width,); raises FieldError outside the range."""
        number = float(value)
        if not self.low <= number <= self.high:
            raise FieldError(
                f"Expected {self.name} to be from {self.low} to {self.high}, got {value}"
            )
        places = np.linspace(self.low, self.high, len(self.vectors))
        columns = np.asarray(self.vectors, np.float64).T
        return np.array([np.interp(number, places, column) for column in columns], np.float32)

    def spread(self, count: int) -> list[Value]:
        """Return `count` numbers from low to high, evenly spaced and rounded to steps."""
        steps = np.linspace(0, (self.high - self.low) / self.step, count).round()
        return [min(self.low + self.step * float(taken), self.high) for taken in steps]


Field = Condition | Range


@dataclass(frozen=True)
class ExportedNetwork:
    """A network as data. `layers` are in the order in which they run, all that JSON can say.

    A layer has `kind`, `inputs` (pairs of a layer's place and one of its outputs), options, and
    under `weights` name and shape of each of its weights. These lie one behind the other in
    `weights`, float16. `output` is the pair of the picture, (1, S, S, 3) in [-1, 1].
    """

    layers: Sequence[Mapping[str, Any]]
    output: tuple[int, int]
    weights: NDArray[np.float16]


@dataclass(frozen=True)
class DrawnBefore:
    """A cover that Python drew: an address of data, its seed and what was chosen."""

    picture: str
    seed: int
    values: Sequence[Value] = ()

    @property
    def alt(self) -> str:
        """What it was drawn from, in the words that the page has for its own."""
        chosen = [value if isinstance(value, str) else f"{value:g}" for value in self.values]
        return ", ".join([f"number {self.seed}", *chosen])


@dataclass(frozen=True)
class LiveGenerator:
    """A generator that runs in a page.

    Its input is `noise_size` numbers of noise, then the vectors of `fields` in their order.
    `identity` is that of its weights. `drawn_before` is shown where it cannot run. `steps` are
    those that it was trained for, `full_steps` those of a full training; 0 where not known.
    """

    network: ExportedNetwork
    noise_size: int
    image_size: int
    identity: str
    fields: Sequence[Field] = ()
    drawn_before: Sequence[DrawnBefore] = ()
    steps: int = 0
    full_steps: int = 0


def _check_lengths(name: str, vectors: Sequence[Vector]) -> None:
    lengths = {len(vector) for vector in vectors}
    if len(lengths) != 1:
        raise FieldError(
            f"Expected {name} to have vectors of one length, got {sorted(lengths) or 'none'}"
        )
