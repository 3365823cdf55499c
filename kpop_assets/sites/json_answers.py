"""Reading JSON that a site sent: whatever comes, the result is what was asked for, or an error."""

from __future__ import annotations

import json
from typing import Any

from kpop_assets.sites.errors import PageFormatError

SHOWN_LETTERS = 200


def json_object(content: bytes, page: str) -> dict[str, Any]:
    """The JSON object of an answer; raises PageFormatError."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise PageFormatError(page, "JSON", f"{content[:60]!r}") from error
    if not isinstance(answer, dict):
        raise PageFormatError(page, "a JSON object", shortened(answer))
    return answer


def records_at(answer: dict[str, Any], key: str, page: str) -> list[dict[str, Any]]:
    """The list of objects at a key; raises PageFormatError."""
    records = answer.get(key)
    if not isinstance(records, list) or not all(isinstance(each, dict) for each in records):
        raise PageFormatError(page, f"a list of objects at {key}", shortened(answer))
    return records


def text_at(record: dict[str, Any], key: str, page: str) -> str:
    """The text or number at a key as text without outer spaces, fit for UTF-8.

    Raises PageFormatError where it is missing, of another kind, or blank.
    """
    value = record.get(key)
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value) if abs(value) < 10**18 else None
    text = value.encode("utf-8", "replace").decode().strip() if isinstance(value, str) else ""
    if not text:
        raise PageFormatError(page, f"text at {key} of every record", shortened(record))
    return text


def optional_text_at(record: dict[str, Any], key: str) -> str:
    """The text at a key, "" where there is none."""
    value = record.get(key)
    return value.encode("utf-8", "replace").decode().strip() if isinstance(value, str) else ""


def year_of(date: str) -> int | None:
    """The year of a date that starts with it ("2013-04-23", "2013"), None of anything else."""
    year = date[:4]
    return int(year) if len(year) == 4 and year.isascii() and year.isdigit() else None


def shortened(value: Any) -> str:
    """The value as JSON for an error message."""
    text = json.dumps(value, ensure_ascii=True)
    return text if len(text) <= SHOWN_LETTERS else text[:SHOWN_LETTERS] + "..."
