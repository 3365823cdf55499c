"""Names of artists as people and sites print them, and values found by them."""

from collections.abc import Mapping
from typing import Generic, TypeVar

from kpop_assets.errors import KpopAssetsError
from kpop_assets.text import comparable

BRACKETS = {
    ")": "(",
    "]": "[",
    "}": "{",
    "】": "【",
    "〕": "〔",
    "」": "「",
    "》": "《",
    "〉": "〈",
}

MOST_OTHER_NAMES = 4

ARTIST_TYPES = ("boy", "girl", "mixed")
"""What tables call a group of artists, or one artist."""

Value = TypeVar("Value")


class ContradictoryArtistError(KpopAssetsError):
    """A table says two things of one artist, in two spellings."""


def artist_key(name: str) -> str:
    """Return the form in which a printed artist is compared: `comparable`, without spaces."""
    return comparable(name).replace(" ", "")


def artist_names(printed: str) -> tuple[str, ...]:
    """Return the keys of every name that a printed one gives, the whole first.

    "TWICE (트와이스)" is "twice(트와이스)", "twice" and "트와이스". Another name is what stands in
    brackets at the end; the brackets of "(여자)아이들" are a part of the name.
    """
    name, others = comparable(printed), list[str]()
    names = [name]
    while len(others) < MOST_OTHER_NAMES and (start := _closing_bracket(name)) > 0:
        others.insert(0, name[start + 1 : -1])
        name = name[:start].rstrip()
    keys = map(artist_key, [*names, name, *others])
    return tuple(dict.fromkeys(key for key in keys if key))


class ByArtist(Generic[Value]):
    """Values of a table by artist, found however the artist is printed.

    The whole name comes first. A name in brackets, of the table or of what is looked for, counts
    unless it belongs to artists with different values.
    """

    def __init__(self, values: Mapping[str, Value]) -> None:
        """Raises `ContradictoryArtistError` where spellings of one name have different values."""
        self._whole: dict[str, Value] = {}
        spelled: dict[str, str] = {}
        for printed, value in values.items():
            key = artist_key(printed)
            if self._whole.setdefault(key, value) != value:
                raise ContradictoryArtistError(
                    f"expected one value for one artist, but {spelled[key]!r} has "
                    f"{self._whole[key]!r} and {printed!r} has {value!r}; correct one of them"
                )
            spelled.setdefault(key, printed)
        self._parts: dict[str, Value | None] = {}
        for printed, value in values.items():
            for key in artist_names(printed)[1:]:
                if self._parts.setdefault(key, value) != value:
                    self._parts[key] = None

    def get(self, printed: str) -> Value | None:
        """Return the value of the artist, None where there is none."""
        keys = artist_names(printed)
        for known in (self._whole, self._parts):
            for key in keys:
                if (value := known.get(key)) is not None:
                    return value
        return None


def _closing_bracket(name: str) -> int:
    """Return where the bracket opens that closes at the end; -1 without one."""
    if name[-1:] not in BRACKETS:
        return -1
    open_brackets: list[str] = []
    for place in range(len(name) - 1, -1, -1):
        letter = name[place]
        if letter in BRACKETS:
            open_brackets.append(BRACKETS[letter])
        elif open_brackets and letter == open_brackets[-1]:
            open_brackets.pop()
            if not open_brackets:
                return place
    return -1
