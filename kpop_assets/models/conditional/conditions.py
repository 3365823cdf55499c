"""What a cover is to be, as numbers: choices such as its set, and ranges such as its year."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kpop_assets.models.errors import ConditionError

WAVES = 4
MOST_CHOICES = 12

Value = str | float | None
"""The value of a condition; None is not known, or left open."""


@dataclass(frozen=True)
class Choice:
    """One of some words; a word that is not among them is not known."""

    name: str
    values: tuple[str, ...]

    @property
    def width(self) -> int:
        """How many numbers say it to a generator."""
        return len(self.values)

    def place(self, value: Value) -> float:
        """Return the place of a value among the words, NaN when it is not known."""
        word = str(value)
        return float(self.values.index(word)) if word in self.values else math.nan

    def checked(self, value: str | float) -> str:
        """Return the value; raises ConditionError when it is none of the words."""
        if str(value) not in self.values:
            raise ConditionError(
                f"expected {self.name} to be one of {', '.join(self.values)}, got {value!r}; "
                "choose one of them, or leave it out"
            )
        return str(value)

    def described(self) -> dict[str, Any]:
        """Return it for a record."""
        return {"name": self.name, "values": list(self.values)}


@dataclass(frozen=True)
class Range:
    """A number from `low` to `high`, also between values that covers have, such as 2014.5."""

    name: str
    low: float
    high: float

    @property
    def width(self) -> int:
        """How many numbers say it to a generator."""
        return WAVES

    def place(self, value: Value) -> float:
        """Return where a value lies, 0 at `low` and 1 at `high`, NaN when it is not known."""
        number = _number(value)
        return (number - self.low) / (self.high - self.low)

    def value(self, place: float) -> float:
        """Return the value at a place."""
        return self.low + place * (self.high - self.low)

    def checked(self, value: str | float) -> float:
        """Return the value; raises ConditionError when it is no number within the range."""
        number = _number(value)
        if not self.low <= number <= self.high:
            raise ConditionError(
                f"expected {self.name} to be from {self.low:g} to {self.high:g}, got {value!r}; "
                "choose a number between, or leave it out"
            )
        return number

    def described(self) -> dict[str, Any]:
        """Return it for a record."""
        return {"name": self.name, "low": self.low, "high": self.high}


@dataclass(frozen=True)
class Conditions:
    """All that a generator can be told of a cover.

    Places are float64, a column for each condition: the place of a value, NaN where it is not
    known. A generator gets them as `width` numbers; see condition_tensors.py.
    """

    fields: tuple[Choice | Range, ...]

    @property
    def width(self) -> int:
        """How many numbers say them to a generator."""
        return sum(field.width for field in self.fields)

    def places(self, given: Mapping[str, Value]) -> NDArray[np.float64]:
        """Return the places of values by name, (conditions,); what is left out is not known.

        Raises ConditionError for a name or a value that is none of the conditions'.
        """
        names = [field.name for field in self.fields]
        if unknown := [name for name in given if name not in names]:
            raise ConditionError(
                f"expected conditions among {', '.join(names) or 'none'}, got {', '.join(unknown)};"
                " leave it out, or train with that column named in conditions"
            )
        values = [given.get(field.name) for field in self.fields]
        return np.array(
            [
                math.nan if value is None else field.place(field.checked(value))
                for field, value in zip(self.fields, values, strict=True)
            ]
        )

    def places_of(self, columns: Mapping[str, Sequence[Value]], count: int) -> NDArray[np.float64]:
        """Return the places of `count` covers by what they are, (count, conditions)."""
        return np.array(
            [[field.place(value) for value in columns[field.name]] for field in self.fields]
        ).T.reshape(count, len(self.fields))

    def shown(self) -> NDArray[np.float64]:
        """Return places to show covers of, (kinds, conditions), all but the first left open.

        They are the words of the first condition, or four places of its range.
        """
        if not self.fields:
            return np.empty((1, 0))
        first = self.fields[0]
        kinds = np.arange(first.width) if isinstance(first, Choice) else np.linspace(0, 1, 4)
        places = np.full((len(kinds), len(self.fields)), math.nan)
        places[:, 0] = kinds
        return places

    def described(self) -> list[dict[str, Any]]:
        """Return them for a record, which `conditions_of_record` reads."""
        return [field.described() for field in self.fields]


def conditions_of_record(described: Sequence[Mapping[str, Any]]) -> Conditions:
    """Return the conditions that a record describes; raises ConditionError."""
    try:
        return Conditions(
            tuple(
                Choice(one["name"], tuple(one["values"]))
                if "values" in one
                else Range(one["name"], float(one["low"]), float(one["high"]))
                for one in described
            )
        )
    except (KeyError, TypeError, ValueError) as error:
        raise ConditionError(
            f"expected conditions with name and values, or name, low and high, got {described!r}; "
            "materialize conditional_generator again"
        ) from error


def conditions_of_columns(columns: Mapping[str, Sequence[Value]]) -> Conditions:
    """Return the conditions that columns of a table make, in their order.

    A column of two numbers or more is a range, one of words a choice of those that are had most, up
    to 12, in alphabetical order. A column with one value, or none, makes no condition.
    """
    known = {name: [one for one in values if one is not None] for name, values in columns.items()}
    found = (_condition(name, values) for name, values in known.items())
    return Conditions(tuple(one for one in found if one is not None))


def _condition(name: str, known: list[str | float]) -> Choice | Range | None:
    if len(set(known)) < 2:
        return None
    numbers = [_number(one) for one in known]
    if not any(math.isnan(one) for one in numbers):
        return Range(name, min(numbers), max(numbers)) if min(numbers) < max(numbers) else None
    words = sorted({str(one) for one in known}, key=lambda word: (-known.count(word), word))
    return Choice(name, tuple(sorted(words[:MOST_CHOICES])))


def _number(value: Value) -> float:
    try:
        number = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return math.nan
    return number if math.isfinite(number) else math.nan
