"""Records of an answer, each for itself: one that is broken costs no other.

A record is an entry of a chart, an album of a shop's list, a row of a page.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import TypeVar

from kpop_assets.sites.errors import PageFormatError
from kpop_assets.text import one_line, printable, without_no_width

MOST_NAME_LETTERS = 300
"""Names of artists, albums and companies have some dozens."""

SHOWN_LETTERS = 200

LOST_LETTER = "\ufffd"
"""What stands for bytes that are no text."""

Record = TypeVar("Record")
Good = TypeVar("Good")
Note = Callable[[str], None]
"""Is called with a sentence: what of an answer was left out, and why."""


def ignored(_sentence: str) -> None:
    """A note that nobody reads."""


def good_records(
    records: Sequence[Record],
    read: Callable[[Record], Good],
    page: str,
    note: Note = ignored,
    *,
    most: int | None = None,
) -> list[Good]:
    """What `read` makes of the records, without those that it refuses; `most` at most, if given.

    How many were refused and why the first was, and that there were more than `most`, goes to
    `note`. Raises the first refusal when there are records and none is good.
    """
    good: list[Good] = []
    refused, first = 0, None
    for number, record in enumerate(records):
        if len(good) == most:
            note(
                f"{page}: {len(records) - number:,} records after the first {most} good ones were "
                "left out"
            )
            break
        try:
            good.append(read(record))
        except PageFormatError as error:
            refused, first = refused + 1, first or error
    if first is not None:
        if not good:
            raise first
        note(
            f"{page}: {refused:,} of {len(records):,} records were left out, the first because "
            f"{first.came} came for {first.expected}"
        )
    return good


def name_of(text: str, page: str, place: str) -> str:
    """A name in one line without control characters.

    Raises PageFormatError where nothing of it can be seen, letters are lost, or it has more than
    MOST_NAME_LETTERS.
    """
    text = " ".join(text.split())
    if len(text) > MOST_NAME_LETTERS:
        expected = f"a name of at most {MOST_NAME_LETTERS} letters at {place}"
        raise PageFormatError(page, expected, f"one of {len(text):,}")
    name = one_line(text)
    if LOST_LETTER in name or not without_no_width(name).strip():
        raise PageFormatError(page, f"a name at {place}", shown(text))
    return name


def shown(value: object) -> str:
    """A value from an answer for an error message: JSON of SHOWN_LETTERS at most, printable."""
    try:
        text = json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return f"a deeply nested {type(value).__name__}"
    return printable(text if len(text) <= SHOWN_LETTERS else text[:SHOWN_LETTERS] + "...")
