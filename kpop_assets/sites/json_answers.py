"""Reading JSON that a site sent: whatever comes, the result is what was asked for, or an error."""

from __future__ import annotations

import json
from typing import Any

from kpop_assets.sites.errors import PageFormatError
from kpop_assets.sites.records import name_of, shown

MOST_DIGITS = 18
MOST_ADDRESS_LETTERS = 8 * 1024
EARLIEST_YEAR, LATEST_YEAR = 1900, 2100


def json_object(content: bytes, page: str) -> dict[str, Any]:
    """The JSON object of an answer; raises PageFormatError.

    Bytes that are no text, and numbers with thousands of digits, stay within the values that hold
    them: as U+FFFD, and as None.
    """
    text = content.decode(json.detect_encoding(content), "replace")
    answer = parsed_json(text, page)
    if not isinstance(answer, dict):
        raise PageFormatError(page, "a JSON object", shown(answer))
    return answer


def parsed_json(text: str, page: str) -> Any:
    """The value of a JSON text, with None for numbers that are none; raises PageFormatError."""
    try:
        return json.loads(text, parse_int=_whole_number, parse_constant=lambda _name: None)
    except (ValueError, RecursionError) as error:
        raise PageFormatError(page, "JSON", shown(text[:60])) from error


def list_at(record: Any, key: str, page: str) -> list[Any]:
    """The list at a key of an object; raises PageFormatError."""
    found = record.get(key) if isinstance(record, dict) else None
    if not isinstance(found, list):
        raise PageFormatError(page, f"a list at {key}", shown(record))
    return found


def text_at(record: Any, key: str, page: str) -> str:
    """The name at a key of an object, as `name_of` returns it.

    Raises PageFormatError where it is missing, no text, or no name.
    """
    value = record.get(key) if isinstance(record, dict) else None
    if not isinstance(value, str) or not value.strip():
        raise PageFormatError(page, f"text at {key} of every record", shown(record))
    return name_of(value, page, key)


def id_at(record: Any, key: str, page: str) -> str:
    """The text or whole number at a key of an object; raises as `text_at`."""
    value = record.get(key) if isinstance(record, dict) else None
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return str(value) if is_number else text_at(record, key, page)


def address_at(record: dict[str, Any], key: str, page: str) -> str:
    """The address at a key, "" where there is none; raises PageFormatError for what is no text."""
    value = record.get(key)
    if value is None:
        return ""
    if not isinstance(value, str) or not value.isprintable() or len(value) > MOST_ADDRESS_LETTERS:
        raise PageFormatError(page, f"an address at {key}", shown(value))
    return value.strip()


def optional_text_at(record: dict[str, Any], key: str) -> str:
    """The text at a key, "" where there is none."""
    value = record.get(key)
    return value.strip() if isinstance(value, str) else ""


def year_of(date: str) -> int | None:
    """The year of a date that starts with it ("2013-04-23", "2020.09.07", "2013").

    None of anything else, and of a year that no album is of.
    """
    year = date[:4]
    if len(year) != 4 or not year.isascii() or not year.isdigit() or date[4:5].isdigit():
        return None
    return int(year) if EARLIEST_YEAR <= int(year) <= LATEST_YEAR else None


def _whole_number(digits: str) -> int | None:
    return int(digits) if len(digits) <= MOST_DIGITS else None
