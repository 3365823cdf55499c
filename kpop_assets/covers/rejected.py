"""The table of pictures that a person rejected."""

import csv
import re
from pathlib import Path

from kpop_assets.errors import KpopAssetsError

COLUMNS = ["hash", "reason"]


class RejectedCoversError(KpopAssetsError):
    """The table of rejected pictures cannot be used; the message names file and line."""


def rejected_covers(table: Path) -> dict[str, str]:
    """Return the reasons by content hash that the table (CSV, UTF-8; columns hash, reason) lists.

    Raises `RejectedCoversError` when the table is missing or has other columns, or when a line has
    no SHA-256, no reason, or a hash that stood above.
    """
    try:
        with table.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restval="")
            columns = reader.fieldnames or []
            lines = [(reader.line_num, row) for row in reader]
    except (OSError, ValueError, csv.Error) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise RejectedCoversError(
            f"expected {table}, a table with the columns hash and reason, but {reason}; "
            "save it as CSV, UTF-8, separated by commas"
        ) from error
    if columns != COLUMNS:
        raise RejectedCoversError(
            f"expected the columns hash,reason in {table}, line 1, got "
            f"{','.join(columns) or 'none'}"
        )
    reasons: dict[str, str] = {}
    for line, row in lines:
        name, reason = row["hash"].strip(), row["reason"].strip()
        if None in row or not reason or not re.fullmatch("[0-9a-f]{64}", name):
            raise RejectedCoversError(
                f"expected a hash of 64 digits (0-9, a-f), a comma and a reason in {table}, "
                f"line {line}, got {','.join(map(str, row.values()))[:100]!r}; quote a reason that "
                "has a comma"
            )
        if name in reasons:
            raise RejectedCoversError(
                f"expected each hash once in {table}, but line {line} repeats {name}; remove one"
            )
        reasons[name] = reason
    return reasons
