"""What holds of every name and address that is read from an answer, whatever came."""

import unicodedata

from kpop_assets.sites.json_answers import MOST_ADDRESS_LETTERS
from kpop_assets.sites.records import MOST_NAME_LETTERS
from kpop_assets.text import printable


def require_name(name: str) -> None:
    """One visible line without control characters, not longer than names are."""
    assert 0 < len(name) <= MOST_NAME_LETTERS
    assert name == " ".join(name.split())
    assert not {unicodedata.category(letter) for letter in name} & {"Cc", "Cs", "Zl", "Zp"}
    assert name.encode()


def require_address(address: str) -> None:
    """Printable, fit for UTF-8, not longer than addresses are."""
    assert len(address) <= MOST_ADDRESS_LETTERS + 100
    assert address.isprintable()
    address.encode()


def require_sentences(notes: list[str]) -> None:
    """Short, and fit for a log."""
    assert all(len(note) < 1_000 and note == printable(note) for note in notes)
